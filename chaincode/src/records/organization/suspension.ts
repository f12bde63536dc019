// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { anyHolder } from '../../kind/act.js';
import { refusal } from '../../vocabulary/error.js';
import { breach } from '../../kind/rule.js';
import { document, refTo, text } from '../../vocabulary/vocabulary.js';
import { answersFor } from './agency.js';
import { organization, type OrganizationBody } from './organization.js';

/** An agency answers for operators and developers; other organisations are the data-authority's to suspend. */
const selectedByAgency = (body: OrganizationBody): undefined | [] =>
  body.roles.every(({ role }) => role === 'operator' || role === 'developer') ? undefined : [];

/**
 * An agency suspends an operator or developer that has an agreement with it, or has acted on its qualification; any other,
 * the data-authority.
 */
export const suspendedByItsAgency = organization.rule<{ readonly under?: string }>(
  'suspended-by-its-agency',
  async (context) => {
    const { id, body, input, caller } = context;
    const { organization: by, role } = caller;
    if (role !== 'implementing-agency' || (await answersFor(by, { id, body }, context, input.under))) return [];
    return [breach('not-its-agency', { organization: id, agency: by })];
  },
);

/** 暂停 — cuts every authority that rests on this organisation, from this transaction on. */
export const suspend = organization.act('suspend', {
  title: '暂停',
  waits: false,
  by: { 'data-authority': anyHolder, 'implementing-agency': selectedByAgency },
  from: ['admitted'],
  to: 'suspended',
  input: z.strictObject({
    reason: text,
    document: document.optional(),
    /** By which the agency answers for it, where that is from before marks of it were kept. */
    under: refTo('agreement', 'scenario').optional(),
  }),
  rules: [suspendedByItsAgency],
  effect: ({ body, id, input: { under: _, ...input }, caller, time }) => {
    if (id === caller.organization) {
      throw refusal('INPUT_INVALID', 'suspends-itself');
    }
    return { body: { ...body, suspension: { ...input, by: caller.organization, at: time } } };
  },
});

/** 恢复 — by the data-authority, or the agency that suspended it. */
export const reinstate = organization.act('reinstate', {
  title: '恢复',
  waits: false,
  by: { 'data-authority': anyHolder, 'implementing-agency': (body) => body.suspension?.by ?? [] },
  from: ['suspended'],
  to: 'admitted',
  input: z.strictObject({ reason: text, document: document.optional() }),
  effect: ({ body: { suspension: _, ...body } }) => ({ body }),
});
