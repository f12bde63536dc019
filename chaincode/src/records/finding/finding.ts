// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { says } from '../../vocabulary/issue.js';
import { anyHolder, type ActContext } from '../../kind/act.js';
import { kind } from '../../kind/kind.js';
import { breachIf } from '../../kind/rule.js';
import { shareOf } from '../../kind/share.js';
import { concernedIn, placeInOffice } from './about.js';
import { forAnotherOverseer, forOverseer, ordered } from './waiting.js';
import { creditCode, document, instant, refTo, region, term, text } from '../../vocabulary/vocabulary.js';

/** Any record, at a version or not. */
const aboutRef = z
  .string()
  .regex(/^[a-z][a-z-]{0,30}\/[0-9A-Za-z._-]{1,64}(?:@[1-9][0-9]{0,8})?$/, says('not-any-ref'))
  .meta({ description: 'Reference to any record, at a version or not', examples: ['usage/U-1'] });

const verdict = z.enum(['pass', 'fail']);

/** What is said of it; a report that breaks rules concerns as many domains as it does. */
export const findingBody = z.strictObject({
  about: aboutRef,
  /** Who answers for it. */
  against: creditCode.optional(),
  region: region.optional(),
  domains: z.array(term).max(200).optional(),
  /** Rules broken, where a report showed it. */
  rules: z.array(z.string()).max(100),
  summary: text,
  evidence: document.optional(),
  /** Who raised it; nobody did if a report opened it. */
  raisedBy: creditCode.optional(),
  /** 应急措施 — a link that is halted at once, and until when unless the agency confirms it. */
  measure: z.strictObject({ halts: refTo('grant', 'agreement'), reason: text, until: instant }).optional(),
  /** Who reads it while it is sealed: the agency of the link that a measure was for; the other party of a claim. */
  told: z.union([creditCode, z.array(creditCode).max(50)]).optional(),
  /** 整改 — what is to be mended and until when; what was done; whether that does. */
  order: z.strictObject({ measures: text, due: instant, by: creditCode, at: instant }).optional(),
  rectification: z.strictObject({ summary: text, evidence: document.optional(), at: instant }).optional(),
  verifications: z.array(z.strictObject({ result: verdict, opinion: text, by: creditCode, at: instant })).optional(),
  /** 申诉 — from which state, so that it goes on from there if dismissed. */
  appeals: z
    .array(
      z.strictObject({
        from: z.enum(['served', 'ordered']),
        grounds: text,
        evidence: document.optional(),
        at: instant,
      }),
    )
    .optional(),
  rulings: z
    .array(z.strictObject({ result: z.enum(['upheld', 'dismissed']), reason: text, by: creditCode, at: instant }))
    .optional(),
  outcome: text.optional(),
  closedAt: instant.optional(),
});

type FindingBody = z.infer<typeof findingBody>;

const told = (body: { told?: string | string[] | undefined }): string[] => [body.told ?? []].flat();

/** 监管发现问题 — opened by a report that breaks rules, or raised by those who oversee (Art. 25, 26). */
export const finding = kind('finding', {
  title: '监管发现问题',
  plural: 'findings',
  schema: 1,
  body: findingBody.extend({ domains: z.array(term).optional() }),
  states: ['open', 'alerted', 'incident', 'served', 'ordered', 'rectified', 'verified', 'appealed', 'closed'],
  sealed: ['open', 'alerted', 'incident'],
  unsealed: ['served'],
  told,
  parties: (body) => [...(body.against === undefined ? [] : [body.against]), ...told(body)],
});

/** States in which the one concerned has not been told. */
const UNSERVED = ['open', 'alerted', 'incident'] as const;

export const opened = finding.consequence('open', { title: '立案', to: 'open' });

/** 线索 — what one organisation states of another: sealed, for those that it tells and those who oversee. */
export const clue = finding.consequence('clue', { title: '线索', to: 'alerted' });

export const overseers = { supervisor: anyHolder, 'data-authority': anyHolder };

/** What is said of a finding by the one that raises it. Where it is, and so who oversees it, is derived. */
export const stated = findingBody.pick({ about: true, against: true, summary: true, evidence: true });

/** A finding as an office raises it. */
export async function raised(context: ActContext<unknown, z.infer<typeof stated>>) {
  const { input, caller } = context;
  const place = await placeInOffice(input.about, context);
  return { body: { ...input, ...place, rules: [], raisedBy: caller.organization } };
}

/** 提出 */
export const raise = finding.creation('raise', {
  title: '提出',
  by: { ...overseers, 'implementing-agency': anyHolder },
  to: 'open',
  input: stated,
  effect: raised,
});

/** Those who oversee, and an agency what it raised itself: an open finding is sealed from it otherwise. */
const answerable = { ...overseers, 'implementing-agency': (body: { raisedBy?: string }) => body.raisedBy ?? [] };

/**
 * An organisation handles no finding that concerns itself, by name or by the record it is about, and no incident that it
 * reported, whatever else it oversees.
 */
export const handledByAnother = finding.rule('finding-handled-by-another', async ({ body, record, caller, find }) => {
  const own = caller.organization;
  const isConcerned = own === body.against || own === (await concernedIn(body.about, { find }));
  const isReporter = own === body.raisedBy && record?.timeline[0]?.state === 'incident';
  return [
    ...breachIf(isConcerned, 'is-concerned', { organization: own }),
    ...breachIf(isReporter && !isConcerned, 'is-reporter', { organization: own }),
  ];
});

/** 送达 — the one concerned learns of it and may answer. */
export const serve = finding.act('serve', {
  title: '送达',
  waits: forOverseer,
  by: answerable,
  from: UNSERVED,
  to: 'served',
  rules: [handledByAnother],
});

/** The one it is against, in whatever role; nobody if it is against nobody. */
const concerned = (body: { against?: string }): string | readonly string[] => body.against ?? [];
const byConcerned = {
  operator: concerned,
  developer: concerned,
  department: concerned,
  supplier: concerned,
  'implementing-agency': concerned,
  platform: concerned,
};

/** 责令整改 — what is to be mended, and until when. */
export const orderRectification = finding.act('order-rectification', {
  title: '责令整改',
  waits: forOverseer,
  by: answerable,
  from: ['served'],
  to: 'ordered',
  input: z.strictObject({ measures: text, due: instant }),
  rules: [handledByAnother],
  effect: ({ body, input, caller, time }) => ({
    body: { ...body, order: { ...input, by: caller.organization, at: time } },
  }),
});

/** 整改在期限内完成: after it was ordered, and by its due date. */
export const rectifiedInTime = finding.rule(
  'rectified-in-time',
  ({ body: { order }, occurredAt, time }) =>
    order === undefined
      ? []
      : [
          ...breachIf(occurredAt > order.due, 'rectified-late', { due: order.due }),
          ...breachIf(occurredAt < time && occurredAt < order.at, 'rectified-before-order', { at: order.at }),
        ],
  { timely: true },
);

/** 整改 — the one concerned states what it has done. */
export const rectified = finding.act('rectified', {
  title: '整改',
  waits: true,
  due: ordered,
  report: true,
  by: byConcerned,
  anywhere: true,
  from: ['ordered'],
  to: 'rectified',
  input: z.strictObject({ summary: text, evidence: document.optional() }),
  rules: [rectifiedInTime],
  effect: ({ body, input, occurredAt }) => ({ body: { ...body, rectification: { ...input, at: occurredAt } } }),
});

const ownVerifications = shareOf<FindingBody>('verifications', 20, ({ verifications = [] }) =>
  verifications.map(({ by }) => by),
);

/** 复核 — whether that does; if not, the order stands. */
export const verify = finding.act('verify', {
  title: '复核',
  waits: forOverseer,
  by: answerable,
  from: ['rectified'],
  input: z.strictObject({ result: verdict, opinion: text }),
  rules: [handledByAnother, ownVerifications],
  effect: ({ body, input, caller, time }) => ({
    body: {
      ...body,
      verifications: [...(body.verifications ?? []), { ...input, by: caller.organization, at: time }],
    },
    to: input.result === 'pass' ? 'verified' : 'ordered',
  }),
});

/** Each appeal holds the finding up until it is ruled on, so there are few. */
const ownAppeals = shareOf<FindingBody>('appeals', 3, ({ against, appeals = [] }) => appeals.map(() => against));

/** 申诉 — the one concerned contests the finding, or the order. */
export const appeal = finding.act('appeal', {
  title: '申诉',
  waits: false,
  by: byConcerned,
  anywhere: true,
  from: ['served', 'ordered'],
  to: 'appealed',
  whileSuspended: true,
  input: z.strictObject({ grounds: text, evidence: document.optional() }),
  rules: [ownAppeals],
  effect: ({ body, input, record, time }) => ({
    body: {
      ...body,
      appeals: [
        ...(body.appeals ?? []),
        { ...input, from: record?.state === 'ordered' ? 'ordered' : 'served', at: time },
      ],
    },
  }),
});

/** Nobody rules on an appeal against what it raised or ordered itself. */
export const ruledByAnother = finding.rule('appeal-ruled-by-another', ({ body, caller }) =>
  breachIf([body.raisedBy, body.order?.by].includes(caller.organization), 'ruled-by-itself', {
    organization: caller.organization,
  }),
);

/** 申诉裁定 — upheld closes the finding; dismissed, it goes on from where it was. */
export const decideAppeal = finding.act('decide-appeal', {
  title: '申诉裁定',
  waits: forAnotherOverseer,
  by: overseers,
  from: ['appealed'],
  input: z.strictObject({ result: z.enum(['upheld', 'dismissed']), reason: text }),
  rules: [handledByAnother, ruledByAnother],
  effect: ({ body, input, caller, time }) => {
    const ruled = {
      ...body,
      rulings: [...(body.rulings ?? []), { ...input, by: caller.organization, at: time }],
    };
    return input.result === 'upheld'
      ? { body: { ...ruled, outcome: input.reason, closedAt: time }, to: 'closed' }
      : { body: ruled, to: body.appeals?.at(-1)?.from ?? 'served' };
  },
});

/** 办结 */
export const close = finding.act('close', {
  title: '办结',
  waits: forOverseer,
  by: answerable,
  from: [...UNSERVED, 'served', 'verified'],
  to: 'closed',
  input: z.strictObject({ outcome: text }),
  rules: [handledByAnother],
  effect: ({ body, input, time }) => ({ body: { ...body, outcome: input.outcome, closedAt: time } }),
});
