// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { anyHolder } from '../../kind/act.js';
import { actionsSuffice } from '../../chain/chain.js';
import { concerned } from '../../chain/concern.js';
import { byAnotherThan } from '../../chain/decided-by-another.js';
import { kind } from '../../kind/kind.js';
import { requiredParts } from '../../chain/parts.js';
import { breachIf, defineRule } from '../../kind/rule.js';
import { shareOf } from '../../kind/share.js';
import { statedTerms, terms } from '../../kind/terms.js';
import { creditCode, document, instant, name, parts, refTo, region, term, text } from '../../vocabulary/vocabulary.js';
import { catalogue } from '../catalogue/catalogue.js';
import { shareable } from '../../chain/shareable.js';

const planBody = z.strictObject({
  title: name,
  agency: creditCode,
  region,
  terms,
  /** That it is about; all of its catalogue without. */
  domains: z.array(term).optional(),
  parts,
  /** The government's approval, by number and digest: the government itself does not log in. */
  approval: z
    .strictObject({
      document,
      leadingGroup: document.optional(),
      /** Which version of the draft the government approved. */
      version: z.int().positive().optional(),
      by: creditCode,
      at: instant,
    })
    .optional(),
  /** 指导意见 on the draft. */
  guidance: z
    .array(z.strictObject({ opinion: text, document: document.optional(), by: creditCode, at: instant }))
    .optional(),
  /** The approved plan that took its place, and until when what was agreed under this one goes on. */
  supersession: z
    .strictObject({ by: refTo('plan'), until: instant.optional(), document: document.optional(), at: instant })
    .optional(),
});

type PlanBody = z.infer<typeof planBody>;

/** 实施方案 — what may be operated, on which conditions, for how long (Art. 9). */
export const plan = kind('plan', {
  title: '实施方案',
  plural: 'plans',
  schema: 1,
  body: planBody,
  states: ['drafted', 'approved', 'superseded'],
  inForce: ['approved', 'superseded'], // what was agreed under it goes on; nothing new is agreed: `plan-current`
  terms: ({ terms: own, supersession }) => ({ ...own, to: supersession?.until ?? own.to }),
  parties: (body) => [body.agency],
});

/** 编制 — again, too, until it is approved. */
export const draft = plan.creation('draft', {
  title: '编制',
  waits: false,
  by: { 'implementing-agency': (body) => body.agency },
  from: ['drafted'],
  to: 'drafted',
  input: planBody.pick({ title: true, region: true, parts: true }).extend({ terms: statedTerms }),
  rules: [shareable, actionsSuffice],
  effect: async ({ body, input, caller, find }) => ({
    body: {
      ...input,
      ...(await concerned(input.terms, {}, { find })),
      agency: caller.organization,
      ...(body?.guidance ? { guidance: body.guidance } : {}),
    },
  }),
});

const ownGuidance = shareOf<PlanBody>('guidance', 50, ({ guidance = [] }) => guidance.map(({ by }) => by));

/** 指导 — the data-authority guides the agency in drawing it up. */
export const guide = plan.act('guide', {
  title: '指导',
  waits: false,
  by: { 'data-authority': anyHolder },
  from: ['drafted'],
  input: z.strictObject({ opinion: text, document: document.optional() }),
  rules: [ownGuidance],
  effect: ({ body, input, caller, time }) => ({
    body: { ...body, guidance: [...(body.guidance ?? []), { ...input, by: caller.organization, at: time }] },
  }),
});

/** 确有需要的区，报请市数据发展管理工作领导小组同意 (Art. 8). */
export const leadingGroup = plan.rule(
  'district-consent',
  ({ body }) =>
    breachIf(!body.region.endsWith('0000') && body.approval?.leadingGroup === undefined, 'district-without-consent', {
      region: body.region,
    }),
  { optional: true },
);

/** What is approved is what was laid before the government, not what the agency has drawn up since. */
export const approvedAsLaid = plan.rule<{ readonly version: number }>('approved-as-laid', ({ ref, record, input }) =>
  breachIf(record?.version !== input.version, 'plan-moved-on', {
    ref,
    version: record?.version ?? 0,
    asked: input.version,
  }),
);

/** What may be operated is in a catalogue that the agency has compiled itself (Art. 14). */
export const catalogueOwn = plan.rule('catalogue-own', async ({ body, find }) => {
  const { catalogue: id } = body.terms;
  const named = (await find(catalogue, id))?.body;
  return [
    ...breachIf(named?.agency !== body.agency, 'not-a-catalogue-of', { catalogue: id, agency: body.agency }),
    ...breachIf(named?.partOf !== undefined, 'catalogue-is-section', { catalogue: id, whole: named?.partOf ?? '' }),
  ];
});

/** 批复 — the data-authority records the government's approval of one version of the draft. */
export const approve = plan.act('approve', {
  title: '批复',
  waits: ({ agency }, { by }) => by !== agency,
  by: { 'data-authority': anyHolder },
  from: ['drafted'],
  to: 'approved',
  input: z.strictObject({ document, leadingGroup: document.optional(), version: z.int().positive() }),
  rules: [
    approvedAsLaid,
    requiredParts,
    leadingGroup,
    catalogueOwn,
    shareable,
    actionsSuffice,
    byAnotherThan(({ body }) => [body.agency]),
  ],
  effect: ({ body, input, caller, time }) => ({
    body: { ...body, approval: { ...input, by: caller.organization, at: time } },
  }),
});

/** What takes a plan's place is another approved plan of the same agency and region; what goes on ends within its term. */
export const supersededByApproved = plan.rule('superseded-by-approved', async ({ body, find, moment, ref, time }) => {
  const { by = '', until } = body.supersession ?? {};
  const next = await find(plan, by);
  const fits =
    next &&
    by !== ref &&
    next.body.agency === body.agency &&
    next.body.region === body.region &&
    moment(next)?.state === 'approved';
  return [
    ...breachIf(!fits, 'no-other-plan', { by }),
    ...breachIf(until !== undefined && (until < time || until > body.terms.to), 'goes-on-too-long', {
      until: until ?? '',
      to: body.terms.to,
    }),
  ];
});

/** 被取代 — another approved plan takes its place: agreements under it go on in its term, or until a date stated; none is made. */
export const supersede = plan.act('supersede', {
  title: '被取代',
  waits: false,
  by: { 'data-authority': anyHolder },
  from: ['approved'],
  to: 'superseded',
  input: planBody.shape.supersession.unwrap().omit({ at: true }),
  rules: [supersededByApproved, byAnotherThan(({ body }) => [body.agency])],
  effect: ({ body, input, time }) => ({ body: { ...body, supersession: { ...input, at: time } } }),
});

/** An agreement is made, or amended, under its agency's own plan for the region, which no other has taken the place of. */
export const planCurrent = defineRule<{ readonly plan: string; readonly agency: string; readonly region: string }>(
  'plan-current',
  async ({ body, find, moment }) => {
    const record = await find(plan, body.plan);
    if (!record) return []; // told by `parents-stand`
    const own = record.body.agency === body.agency && record.body.region === body.region;
    return [
      ...breachIf(!own, 'plan-of-another', { plan: body.plan }),
      ...breachIf(moment(record)?.state === 'superseded', 'plan-superseded', {
        plan: body.plan,
        by: record.body.supersession?.by ?? '',
      }),
    ];
  },
);
