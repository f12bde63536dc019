// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { ActContext } from '../../kind/act.js';
import { chainStands, withinChain } from '../../chain/chain.js';
import { kind } from '../../kind/kind.js';
import { counted, take, unmetered, withinQuota } from '../../chain/quota.js';
import { breach, breachIf } from '../../kind/rule.js';
import { batchThroughout } from './throughout.js';
import {
  creditCode,
  digest,
  document,
  instant,
  recordId,
  refTo,
  region,
  term,
  text,
  versionTo,
} from '../../vocabulary/vocabulary.js';
import { filed } from '../agreement/agreement.js';
import { usedMarks } from '../delivery/delivered.js';
import { productReleased } from '../delivery/delivery.js';
import { authorityOf, placeOf } from '../grant/grant.js';
import { judgedByUse } from '../product/judged-by-use.js';
import { inputsExact, obtained, productKnownTo } from '../product/product.js';
import { sourceInUse } from '../product/body.js';
import { resource } from '../resource/resource.js';
import { shareable } from '../../chain/shareable.js';

/** 批次 — uses whose traces are kept off the ledger, under a Merkle root (RFC 6962), in a log that leaves none out. */
const batch = z.strictObject({
  /** Which of the user's logs. */
  log: recordId,
  /** Place of its first trace in the log, counted from 1; `quantity` says how many there are. */
  first: z.int().positive(),
  root: digest,
  /** Root of the batch before it; absent for the first. */
  previous: digest.optional(),
  /** When the first of the uses was; the last one was when it occurred. */
  since: instant,
});
type Batch = z.infer<typeof batch>;

const correction = z.strictObject({
  quantity: z.int().nonnegative(),
  reason: text,
  document,
  counted: z.array(counted),
  by: creditCode,
  at: instant,
});

const usageBody = z.strictObject({
  user: creditCode,
  /** Exactly what is used. */
  subject: versionTo('product', 'resource'),
  authority: refTo('grant', 'agreement'),
  /** Of the authority; absent if that is none of theirs, or does not exist. */
  agreement: refTo('agreement').optional(),
  /** Of that agreement: it corrects what a false report counts. */
  agency: creditCode.optional(),
  region: region.optional(),
  domains: z.array(term),
  purpose: term,
  action: term,
  /** How many uses this is. */
  quantity: z.int().positive().max(1_000_000_000),
  /** For whom or in which system, in words that name no person. */
  note: text.optional(),
  batch: batch.optional(),
  /** What it took from the quotas of its chain. */
  counted: z.array(counted).optional(),
  /** What it leaves to be counted: see `usage:meter`. */
  unmetered: unmetered.optional(),
  /** 更正计量 — how many uses it counts as since, and what those take from quotas; the last one holds. */
  corrections: z.array(correction).max(100).optional(),
});
export type UsageBody = z.infer<typeof usageBody>;

/** 使用记录 — one use, or a stated number of them, of a product or resource (Art. 22, 24, 25). */
export const usage = kind('usage', {
  title: '使用记录',
  plural: 'usages',
  schema: 1,
  body: usageBody,
  states: ['permitted', 'recorded'],
  inForce: ['permitted', 'recorded'],
  parents: (body) => [body.authority, ...(body.subject.startsWith('product/') ? [body.subject] : [])],
  edges: (body) => [{ relation: 'used', to: body.subject }],
  parties: (body) => [body.user],
  digests: (body) => (body.batch ? [body.batch.root] : []),
  exercise: async (body, reader, at) => {
    const made = await productKnownTo(body.user, body.subject, reader);
    const raw = made ? undefined : await reader.find(resource, body.subject);
    const resources = made?.body.sources.map(sourceInUse) ?? (raw ? [{ id: raw.id, domain: raw.body.domain }] : []);
    const { authority, user, purpose, action, quantity } = body;
    return { authority, actors: [user], use: { resources, purpose, action, at }, product: made?.id, quantity };
  },
});

const input = usageBody
  .pick({ subject: true, authority: true, purpose: true, action: true, note: true })
  .extend({ quantity: usageBody.shape.quantity.default(1) });

/** What a report of uses says besides: how it is counted is not part of what it states. */
const reported = input.extend({
  metering: z
    .literal('later')
    .optional()
    .meta({
      description:
        '计量方式 — `later` leaves its uses to be counted by usage:meter, so that many reports conflict with none',
      examples: ['later'],
    }),
});

const user = (body: UsageBody): string => body.user;
const by = { developer: user, operator: user, department: user, supplier: user, platform: user };

/** 使用申请 — asks to use; what passes is a permit. */
export const request = usage.creation('request', {
  title: '使用申请',
  by,
  to: 'permitted',
  input,
  rules: [chainStands, withinChain, shareable, withinQuota, inputsExact, productReleased, obtained, filed],
  effect: async (context) => counting(await bodyOf(context), context),
});

/** A use under a permit is the use that was permitted, and after it was. */
export const insidePermit = usage.rule('inside-permit', ({ body, record, occurredAt, time }) => {
  const permit = record?.body;
  if (!permit) return [];
  const since = record.timeline[0]?.at ?? '';
  if (occurredAt < time && occurredAt < since) {
    return [breach('used-before-permit', { at: occurredAt, since })];
  }
  const differs = (['subject', 'authority', 'purpose', 'action'] as const).filter(
    (field) => body[field] !== permit[field],
  );
  if (body.quantity > permit.quantity) {
    return [breach('more-than-permitted', { quantity: body.quantity, permitted: permit.quantity })];
  }
  return breachIf(differs.length > 0, 'not-as-permitted', { fields: differs });
});

/** 使用 — states that it was used; with or without a permit, inside or outside what is allowed. */
export const record = usage.creation('record', {
  title: '使用',
  waits: true,
  report: true,
  by,
  anywhere: true,
  from: ['permitted'],
  to: 'recorded',
  input: reported,
  manner: ['metering'],
  rules: [
    chainStands,
    withinChain,
    shareable,
    withinQuota,
    insidePermit,
    inputsExact,
    productReleased,
    obtained,
    filed,
  ],
  effect: async (context) => using(await bodyOf(context), context),
});

/** Mark on a log of uses, `USER/LOG`: where it goes on, and after which root. */
const LOG = 'usage-log';
type LogEnd = Pick<Batch, 'root'> & { readonly next: number };

const logOf = (user: string, { log }: Batch): string => `${user}/${log}`;

/** Each batch of a log goes on where the one before it ended: none is left out, none comes twice. */
export const batchContinues = usage.rule('batch-continues', async ({ body, marked, occurredAt }) => {
  const { batch: one } = body;
  if (!one) return [];
  const end = (await marked(LOG, logOf(body.user, one))) as LogEnd | undefined;
  const expected = end?.next ?? 1;
  return [
    ...breachIf(one.first !== expected, 'log-gap', { log: one.log, expected, first: one.first }),
    ...(one.previous === end?.root ? [] : [end ? breach('log-root', { root: end.root }) : breach('log-first')]),
    ...breachIf(one.since > occurredAt, 'batch-inverted', { since: one.since }),
  ];
});

/** 批量存证 — states uses by the Merkle root of their traces: one subject, one authority, one purpose. */
export const anchor = usage.creation('anchor', {
  title: '批量存证',
  report: true,
  by,
  anywhere: true,
  to: 'recorded',
  input: reported.extend({ quantity: usageBody.shape.quantity, batch }),
  manner: ['metering'],
  rules: [
    chainStands,
    withinChain,
    shareable,
    withinQuota,
    inputsExact,
    productReleased,
    obtained,
    filed,
    batchContinues,
    batchThroughout,
  ],
  effect: async (context) => {
    const body = await bodyOf(context);
    const { first, root } = context.input.batch;
    const key = logOf(body.user, context.input.batch);
    const end = (await context.marked(LOG, key)) as LogEnd | undefined;
    const goesOn = first >= (end?.next ?? 1); // one that comes again moves nothing back
    const value: LogEnd = { root, next: first + body.quantity };
    const { marks, ...rest } = await using(body, context);
    return { ...rest, marks: goesOn ? [...marks, { name: LOG, key, value }] : marks };
  },
});

/** The body with what it takes from quotas, and the marks that count that. */
async function counting(body: UsageBody, context: ActContext<unknown, unknown>, later = false) {
  const { counts, marks } = await take({ ...context, body }, later);
  return { body: { ...body, ...counts }, marks };
}

/** As {@link counting}, and the mark that its user has used the product, if it may know that. */
async function using(body: UsageBody, context: ActContext<unknown, z.infer<typeof reported>>) {
  const { marks, ...rest } = await counting(body, context, context.input.metering === 'later');
  const made = await productKnownTo(body.user, body.subject, context);
  if (!made) return { ...rest, marks };
  const used = await usedMarks([body.subject], body.user, context);
  return { ...rest, marks: [...marks, ...used, ...(await judgedByUse(made, { ...context, body }))] };
}

async function bodyOf(context: ActContext<unknown, z.infer<typeof reported>>): Promise<UsageBody> {
  const { caller, find } = context;
  const { metering: _, ...asked } = context.input;
  const authority = await authorityOf(asked.authority, { find });
  const { organization } = caller;
  const made = await productKnownTo(organization, asked.subject, { find });
  const raw = made ? undefined : await find(resource, asked.subject);
  const domains = made?.body.domains ?? (raw ? [raw.body.domain] : []);
  const place = await placeOf(authority, [organization], context);
  return { ...asked, ...place, user: organization, domains };
}
