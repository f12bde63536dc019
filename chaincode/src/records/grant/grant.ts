// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { ActContext, Reader } from '../../kind/act.js';
import { actionsSuffice, domainsOf, notWider, parentsStand } from '../../chain/chain.js';
import { concerned } from '../../chain/concern.js';
import { cut, cutInput, windDownInside } from '../../kind/wind-down.js';
import { byAnotherThan } from '../../chain/decided-by-another.js';
import { halt, haltAnswered, haltLapses, haltUnanswered } from '../../chain/halt.js';
import { kind } from '../../kind/kind.js';
import { statedTerms, terms, widerThan, type Terms } from '../../kind/terms.js';
import { creditCode, document, refTo, region, term, text } from '../../vocabulary/vocabulary.js';
import { agreement } from '../agreement/agreement.js';
import { organization } from '../organization/organization.js';
import { placeOfRoles } from '../organization/reach.js';
import { scenario, type ScenarioBody } from '../scenario/kind.js';
import { shareable } from '../../chain/shareable.js';

const grantBody = z.strictObject({
  scenario: refTo('scenario'),
  agreement: refTo('agreement'),
  developer: creditCode,
  operator: creditCode,
  agency: creditCode,
  region,
  terms,
  /** That it is about; all of its catalogue without. */
  domains: z.array(term).optional(),
  suspension: cut.optional(),
  revocation: cut.optional(),
  halt: halt.optional(),
  /** The incident for which the operator halted it last. */
  operatorHalt: refTo('finding').optional(),
});

/** 用数授权 — what one developer may do with the data, for one approved scenario (Art. 21, 22). */
export const grant = kind('grant', {
  title: '用数授权',
  plural: 'grants',
  schema: 1,
  body: grantBody,
  states: ['in-force', 'halted', 'suspended', 'revoked'],
  inForce: ['in-force'],
  windDown: (body, state) => {
    if (state === 'suspended') return body.suspension?.windDown;
    return state === 'revoked' ? body.revocation?.windDown : undefined;
  },
  lapse: haltLapses,
  terms: (body) => body.terms,
  exclusive: true,
  holder: (body) => body.developer,
  parents: (body) => [body.agreement, `organization/${body.developer}`],
  parties: (body) => [body.developer, body.operator, body.agency],
});

/** What was assessed: the purpose of a scenario, and its domains where it names some. */
type Assessed = Pick<ScenarioBody, 'purpose' | 'domains'>;

/** A grant is for the scenario that was assessed, its purpose and its domains, and for no other (Art. 21, 23). */
export const withinScenario = grant.rule('within-scenario', async ({ body, find }) => {
  const assessed = (await find(scenario, body.scenario))?.body;
  if (!assessed) return [];
  const { purpose, domains } = assessed;
  const domainOf = await domainsOf({ find }, body.terms.resources ?? []);
  const whole: Terms = { ...body.terms, purposes: [purpose], ...(domains ? { domains } : {}) };
  return widerThan(body.terms, whole, { parent: body.scenario, domainOf: (id) => domainOf.get(id) });
});

/** The terms of a scenario's grant: where they are silent on purposes, or on what data, the scenario says it. */
export function forScenario(asked: Terms, { purpose, domains }: Assessed): Terms {
  return { ...(domains && !asked.resources ? { domains } : {}), purposes: [purpose], ...asked };
}

/** 授权 — created by the assessment that approves the scenario. */
export const issueGrant = grant.consequence('issue', {
  title: '授权',
  to: 'in-force',
  rules: [notWider, withinScenario, shareable, actionsSuffice],
});

/** 应急暂停 — by an incident's emergency measure. */
export const haltGrant = grant.consequence('halt', { title: '应急暂停', from: ['in-force', 'halted'], to: 'halted' });

const agency = (body: { agency: string }): string => body.agency;

/** 变更 — other terms, as the next version; never wider than the agreement, or than the scenario. */
export const amend = grant.act('amend', {
  title: '变更',
  waits: false,
  by: { 'implementing-agency': agency },
  from: ['in-force'],
  input: z.strictObject({ terms: statedTerms, reason: text, document: document.optional() }),
  rules: [
    parentsStand,
    notWider,
    withinScenario,
    shareable,
    actionsSuffice,
    byAnotherThan(({ body }) => [body.developer]),
  ],
  effect: async ({ body: { domains: _, ...body }, input, read, find }) => {
    const amended = forScenario(input.terms, (await read(scenario, body.scenario)).body);
    const domains = await concerned(amended, (await read(agreement, body.agreement)).body, { find });
    return { body: { ...body, terms: amended, ...domains } };
  },
});

/** 暂停 — and so the confirmation of an emergency measure. */
export const suspend = grant.act('suspend', {
  title: '暂停',
  waits: haltUnanswered,
  due: haltAnswered,
  by: { 'implementing-agency': agency },
  from: ['in-force', 'halted'],
  to: 'suspended',
  input: cutInput,
  rules: [windDownInside],
  effect: ({ body, input, time }) => ({ body: { ...body, suspension: { ...input, at: time } } }),
});

/** 恢复 */
export const resume = grant.act('resume', {
  title: '恢复',
  waits: haltUnanswered,
  due: haltAnswered,
  by: { 'implementing-agency': agency },
  from: ['suspended', 'halted'],
  to: 'in-force',
  input: z.strictObject({ reason: text }),
  rules: [byAnotherThan(({ body }) => [body.developer])],
});

/** 撤销 — for good. */
export const revoke = grant.act('revoke', {
  title: '撤销',
  waits: false,
  by: { 'implementing-agency': agency },
  from: ['in-force', 'halted', 'suspended'],
  to: 'revoked',
  input: cutInput,
  rules: [windDownInside],
  effect: ({ body, input, time }) => ({ body: { ...body, revocation: { ...input, at: time } } }),
});

/** What a record takes from the grant or agreement it is under: whose it is, and where. */
export interface Authority {
  /** Who may exercise it. */
  readonly holder: string;
  readonly agreement: string;
  readonly operator: string;
  readonly agency: string;
  readonly region: string;
}

/** The authority at a ref; undefined if there is none: a report may name what does not exist, and is recorded all the same. */
export async function authorityOf(ref: string, { find }: Pick<Reader, 'find'>): Promise<Authority | undefined> {
  const held = await find(grant, ref);
  const under = held?.body.agreement ?? ref;
  const body = held?.body ?? (await find(agreement, under))?.body;
  const holder = held?.body.developer ?? body?.operator;
  return body && holder !== undefined
    ? { holder, agreement: under, operator: body.operator, agency: body.agency, region: body.region }
    : undefined;
}

/**
 * Under which agreement, and where: what a delivery or use keeps of its authority, if that is of those who exercise it; else
 * only where its reporter is, whichever role it reports in.
 */
export async function placeOf(
  authority: Authority | undefined,
  actors: readonly string[],
  { caller, find }: Pick<ActContext<unknown, unknown>, 'caller' | 'find'>,
): Promise<Partial<Pick<Authority, 'agreement' | 'agency' | 'region'>>> {
  if (authority && actors.includes(authority.holder)) {
    return { agreement: authority.agreement, agency: authority.agency, region: authority.region };
  }
  const own = await find(organization, caller.organization);
  const { region: place } = placeOfRoles(own?.body.roles ?? []);
  return place === undefined ? {} : { region: place };
}
