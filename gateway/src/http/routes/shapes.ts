// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { ErrorDetails, Violation } from 'yuanliu-chaincode/vocabulary/error';
import type { Message, Params, Worded } from 'yuanliu-chaincode/messages';
import type { Kind } from 'yuanliu-chaincode/kind/kind';
import type { ActEntry, LedgerRecord, Moment } from 'yuanliu-chaincode/kind/record';
import type { DigestMatch, HistoryEntry, Page, Place, RecordView, TransactionView } from '../../index/ledger-index.js';
import type { Receipt } from '../../ledger/port.js';
import type { ActAnswer, Rehearsal } from '../../acts/perform.js';
import type { Made } from '../../index/read/rows.js';
import type { TraceAnswer, TraceNode } from '../../queries/trace/answer.js';
import type { ProblemCode } from '../../errors/problem.js';
import { statuses } from '../../errors/problem.js';

/**
 * What the API answers, as schemas for OpenAPI. Each is checked against the type that the code answers with, so the two
 * cannot drift apart, and the tests hold real answers against them.
 */

export const count = z.int().nonnegative();
const scalars = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** A message in words, beside its code. */
export const inWords = {
  code: z.string().meta({ description: 'Code of the message; programs read this and `params`.' }),
  params: z.record(z.string(), z.unknown()).meta({ description: 'What the message names.' }) as z.ZodType<Params>,
  message: z.string().meta({ description: 'What is wrong, in the language asked for.' }),
  remedy: z.string().optional().meta({ description: 'What to do about it, in the language asked for.' }),
};

export const violation: z.ZodType<Worded<Violation>> = z.strictObject({
  rule: z.string().meta({ description: 'Stable id of the rule.' }),
  article: z.string().meta({ description: 'The article that the rulebook gives it.' }),
  ...inWords,
  due: z.string().optional().meta({ description: 'Until when it must be met, where the rulebook gives a date.' }),
});

const seq = count.meta({ description: 'Number of the act in its transaction, where that did several.' });

const moment: z.ZodType<Moment> = z.strictObject({ at: z.string(), state: z.string(), version: count });

const late = z.strictObject({ reason: z.string(), documents: z.array(z.string()) });

export const actEntry: z.ZodType<Worded<ActEntry>> = z.strictObject({
  name: z.string(),
  nature: z.enum(['decision', 'report', 'consequence']),
  organization: z.string().meta({ description: 'Credit code of who acted.' }),
  user: z.string(),
  role: z.string(),
  txId: z.string(),
  seq: seq.optional(),
  time: z.string().meta({ description: 'Ledger time.' }),
  occurredAt: z.string().optional(),
  late: late.optional(),
  rulebook: count.meta({ description: 'Version of the rulebook that judged it; 0 before there was one.' }),
  violations: z.array(violation),
  backfilled: z.literal(true).optional().meta({ description: 'It happened before the ledger went live (补录).' }),
  unjudged: z
    .array(z.strictObject({ rule: z.string(), article: z.string(), ...inWords }))
    .optional()
    .meta({ description: 'Rules that could not be judged, and why: not to be read as held.' }),
});

export const place: z.ZodType<Place> = z.strictObject({
  txId: z.string(),
  block: count,
  index: count,
  seq: seq.optional(),
});

export const receipt: z.ZodType<Receipt> = z.strictObject({
  txId: z.string(),
  blockNumber: count,
  ledgerTime: z.string(),
  channel: z.string(),
  chaincode: z.string(),
  validationCode: z.literal('VALID'),
});

export const historyEntry: z.ZodType<HistoryEntry> = z.strictObject({
  act: actEntry,
  version: count,
  state: z.string(),
  transaction: place,
  input: z.unknown().optional().meta({ description: 'What was asked for, without its idempotency key.' }),
  causedBy: z.string().optional().meta({ description: 'The record whose act brought this about.' }),
});

/** A record of one kind, as it stands on the ledger. */
export function recordShape(kind: Kind): z.ZodType<LedgerRecord> {
  return z.strictObject({
    kind: z.literal(kind.name),
    id: z.string(),
    version: count.meta({ description: 'Counts bodies, from 1; what a version says never changes.' }),
    state: z.enum(kind.states),
    body: kind.body,
    schema: count,
    history: count.meta({ description: 'Counts acts, from 1.' }),
    timeline: z.array(moment),
    act: actEntry,
  });
}

export function viewShape(record: z.ZodType<LedgerRecord>): z.ZodType<RecordView> {
  return z.strictObject({ record, transaction: place, counted: counted.optional() });
}

const counted = z.strictObject({ count, refs: z.array(z.string()) }).meta({
  description:
    'Of a finding: the later reports that break the same, how many and the first 50. They open no finding of their own.',
});

export function pageShape<Item>(item: z.ZodType<Item>) {
  return z.strictObject({
    items: z.array(item),
    cursor: z.string().optional().meta({ description: 'Gives the next page; absent on the last.' }),
    asOf: count.meta({ description: 'The block that all pages are as of.' }),
  }) satisfies z.ZodType<Page<Item>>;
}

export function dryRunShape(record: z.ZodType<LedgerRecord>): z.ZodType<Rehearsal & { readonly dryRun: true }> {
  const repeated = z.string().optional().meta({ description: 'The transaction that did the same before.' });
  return z.strictObject({ dryRun: z.literal(true), ...outcome(record), repeated });
}

export function answerShape(record: z.ZodType<LedgerRecord>): z.ZodType<Omit<ActAnswer, 'replayed'>> {
  return z.strictObject({ ...outcome(record), receipt });
}

function outcome(record: z.ZodType<LedgerRecord>) {
  return {
    record,
    also: z.array(z.string()).meta({ description: 'Refs of the records that it created or ended besides.' }),
    violations: z.array(violation),
  };
}

const made: z.ZodType<Worded<Made>> = z.strictObject({
  txId: z.string(),
  seq: seq.optional(),
  block: count,
  time: z.string(),
  occurredAt: z.string().optional(),
  act: z.string(),
  nature: z.enum(['decision', 'report', 'consequence']),
  organization: z.string(),
  user: z.string(),
  role: z.string(),
  violations: z.array(violation),
});

const broken = z.strictObject({ ref: z.string().optional(), ...inWords });

export const basis = z.strictObject({
  stood: z.boolean().meta({ description: 'Whether the chain stood when the act occurred.' }),
  broken: broken.optional(),
  stands: z.boolean().meta({ description: 'Whether it stands as of the walk.' }),
  brokenNow: broken.optional(),
  links: z.array(
    z.strictObject({
      ref: z.string(),
      version: count,
      state: z.string(),
      from: z.string().optional(),
      to: z.string().optional(),
    }),
  ),
  hidden: z.literal(true).optional(),
});

const evidence = z.strictObject({
  ref: z.string(),
  kind: z.string(),
  title: z.string().optional(),
  state: z.string(),
  about: scalars,
});

export const traceNode: z.ZodType<Worded<TraceNode>> = z.strictObject({
  ref: z.string(),
  kind: z.string(),
  title: z.string().optional(),
  state: z.string(),
  about: scalars,
  transaction: made,
  basis: basis.optional().meta({ description: 'The lawful basis: the authority chain above the record.' }),
  evidence: z.array(evidence).optional(),
});

export const traceAnswer: z.ZodType<Worded<TraceAnswer>> = z.strictObject({
  root: z.string(),
  asOf: z.strictObject({ block: count, time: z.string() }),
  roots: z.array(traceNode),
  hops: z.array(
    z.strictObject({
      relation: z.enum(['wasDerivedFrom', 'used', 'restsOn', 'names']),
      from: z.string(),
      to: z.string(),
      depth: count,
      node: traceNode.optional().meta({ description: 'What the step leads to, unless shown before.' }),
      missing: z.literal(true).optional(),
    }),
  ),
  truncated: z.boolean().meta({ description: 'There is more: a next page, or depth or a bound cut it off.' }),
  hidden: z.boolean().meta({ description: 'It met what the caller may not see, and did not go on through it.' }),
  cursor: z.string().optional(),
});

export const transactionView: z.ZodType<TransactionView> = z.strictObject({
  txId: z.string(),
  block: count,
  index: count,
  type: z.enum(['CONFIG', 'ENDORSER_TRANSACTION', 'UNKNOWN']),
  validationCode: z
    .custom<TransactionView['validationCode']>((code) => typeof code === 'string')
    .meta({ type: 'string' }),
  time: z.string().optional(),
  changed: z.array(z.strictObject({ ref: z.string(), history: count })),
  hidden: z.literal(true).optional().meta({ description: 'It changed records that the caller may not see.' }),
  remark: z
    .string()
    .optional()
    .meta({ description: 'What is odd about it, though the channel’s peers found it valid.' }),
  setAside: z
    .literal(true)
    .optional()
    .meta({ description: 'Nothing of what it wrote is in the index, for the reason in `remark`.' }),
});

const digestMatch: z.ZodType<DigestMatch> = z.strictObject({
  ref: z.string(),
  kind: z.string(),
  title: z.string().optional(),
  state: z.string(),
});

export const lookupAnswer = z.strictObject({ items: z.array(digestMatch) });

/** What a problem says, beside the fields of RFC 9457. */
export interface ProblemDocument extends Omit<ErrorDetails, 'message' | 'code' | 'params' | 'violations'> {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  /** The message that `detail` and `remedy` put into words. */
  readonly reason?: Message;
  readonly rule?: string;
  readonly requirement?: string;
  readonly violations?: readonly Worded<Violation>[];
  /** Of an atomic batch: the line that it is about. */
  readonly line?: number;
  readonly requestId?: string;
}

export const problemDocument: z.ZodType<ProblemDocument> = z.strictObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.enum(Object.keys(statuses) as [ProblemCode, ...ProblemCode[]]),
  rule: z.string().optional().meta({ description: 'The rule that refuses it.' }),
  article: z.string().optional().meta({ description: 'The article that the rulebook gives the rule.' }),
  requirement: z.string().optional().meta({ description: 'What the rule demands, in the words of the rulebook.' }),
  remedy: z.string().optional().meta({ description: 'What to do next.' }),
  reason: z
    .strictObject({ code: inWords.code, params: inWords.params })
    .optional()
    .meta({ description: 'The message that `detail` and `remedy` put into words.' }),
  violations: z.array(violation).optional(),
  issues: z
    .array(
      z.strictObject({
        path: z.string(),
        code: inWords.code.optional(),
        params: inWords.params.optional(),
        message: z.string(),
        remedy: inWords.remedy,
      }),
    )
    .optional(),
  line: z.int().optional().meta({ description: 'Of an atomic batch: the line that it is about.' }),
  requestId: z.string().optional(),
});
