// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { anyHolder } from '../../kind/act.js';
import { ContractError } from '../../vocabulary/error.js';
import { breach } from '../../kind/rule.js';
import { document, text } from '../../vocabulary/vocabulary.js';
import { AGREED, agreement } from '../agreement/agreement.js';
import { organization, type OrganizationBody } from './organization.js';

/** An agency answers for operators and developers; other organisations are the data-authority's to suspend. */
const selectedByAgency = (body: OrganizationBody): undefined | [] =>
  body.roles.every(({ role }) => role === 'operator' || role === 'developer') ? undefined : [];

/** States of an agreement that has not ended. */
const UNENDED = ['signed', 'halted', 'suspended'];

/** An agency suspends an operator or developer that it has qualified, or has an agreement with; any other, the data-authority. */
export const suspendedByItsAgency = organization.rule(
  'suspended-by-its-agency',
  async ({ id, body, caller, time, find, marked }) => {
    const { organization: by, role } = caller;
    if (role !== 'implementing-agency') return [];
    const lasts = (until: string | undefined): boolean => until === undefined || time < until;
    if (body.qualifications.some((one) => one.by === by && lasts(one.until))) return [];
    for (const ref of ((await marked(AGREED, `${id}/${by}`)) ?? []) as readonly string[]) {
      const agreed = await find(agreement, ref);
      if (agreed && UNENDED.includes(agreed.state) && lasts(agreed.body.terms.to)) return [];
    }
    return [breach(`${by} has not qualified ${id} and has no agreement with it`, 'ask the data-authority')];
  },
);

/** 暂停 — cuts every authority that rests on this organisation, from this transaction on. */
export const suspend = organization.act('suspend', {
  title: '暂停',
  by: { 'data-authority': anyHolder, 'implementing-agency': selectedByAgency },
  from: ['admitted'],
  to: 'suspended',
  input: z.strictObject({ reason: text, document: document.optional() }),
  rules: [suspendedByItsAgency],
  effect: ({ body, id, input, caller, time }) => {
    if (id === caller.organization) {
      throw new ContractError('INPUT_INVALID', {
        message: 'an organisation does not suspend itself: it could not reinstate itself',
        remedy: 'let another data-authority suspend it',
      });
    }
    return { body: { ...body, suspension: { ...input, by: caller.organization, at: time } } };
  },
});

/** 恢复 — by the data-authority, or the agency that suspended it. */
export const reinstate = organization.act('reinstate', {
  title: '恢复',
  by: { 'data-authority': anyHolder, 'implementing-agency': (body) => body.suspension?.by ?? [] },
  from: ['suspended'],
  to: 'admitted',
  input: z.strictObject({ reason: text, document: document.optional() }),
  effect: ({ body: { suspension: _, ...body } }) => ({ body }),
});
