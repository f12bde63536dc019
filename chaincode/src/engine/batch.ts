// SPDX-License-Identifier: Apache-2.0
import 'reflect-metadata';
import { Contract, type Context } from 'fabric-contract-api';
import { canonicalize } from 'json-canonicalize';
import { z } from 'zod';
import type { Act } from '../kind/act.js';
import { performIn, type ActResult } from './perform.js';
import { changeOf, payload, transactionOf } from './transaction.js';
import { ContractError, saying, type ErrorDetails } from '../vocabulary/error.js';
import { jsonSchema, readCall } from '../kind/input.js';
import { kindNamed } from '../kind/kind.js';
import type { LedgerRecord } from '../kind/record.js';

/** Acts that one transaction may hold, and bytes of arguments. */
export const MOST_ACTS = 500;
export const MOST_BYTES = 524_288;

/** What a batch is asked as: JSON text, the one argument of `batch:perform`. */
export const batchInput = z.strictObject({
  acts: z
    .array(
      z.strictObject({
        /** `kind:act` */
        act: z.string(),
        id: z.string(),
        /** As the act's own transaction takes it. */
        input: z.unknown().optional(),
      }),
    )
    .min(1)
    .max(MOST_ACTS),
  /** All of the acts, or none. */
  atomic: z.boolean().optional(),
});

/** What became of one act of a batch. Absent: nothing besides, not a repeat, no rule broken. */
export type BatchAnswer = BatchDone | BatchRefusal;

export interface BatchDone {
  /** `kind/id` */
  readonly ref: string;
  readonly version: number;
  readonly state: string;
  readonly also?: readonly string[];
  /** The transaction that did the same before; perhaps this one. */
  readonly repeated?: string;
  /** Rules that a report broke, or that a decision must yet meet. */
  readonly violations?: LedgerRecord['act']['violations'];
}

export interface BatchRefusal {
  readonly code: ContractError['code'];
  readonly rule?: string;
  readonly details: ErrorDetails;
}

/** The event of a batch. With the writes of its transaction it tells every act that was done. */
export interface BatchEvent {
  /** The records that it left, in the order of the acts; {@link MOST_ACTS} at most. */
  readonly changed: readonly ReturnType<typeof changeOf>[];
  /** How many more. */
  readonly more?: number;
  /** What acts left and later ones of the batch replaced, where no write holds it. */
  readonly superseded?: readonly LedgerRecord[];
}

/** Name of the contract of batches, and of a batch's event. */
export const BATCH = 'batch';
export const BATCH_PERFORM = `${BATCH}:perform`;
export const BATCH_EVENT = `${BATCH}.perform`;

/**
 * Many acts of one caller in one transaction, `batch:perform`: judged in order, each on what those before it left. An act
 * that is refused leaves nothing, and the answer says why; of an atomic batch it refuses the whole.
 */
export class BatchContract extends Contract {
  constructor() {
    super(BATCH);
  }

  /** Answers a list of {@link BatchAnswer}, one for each act. */
  async perform(ctx: Context, json: string): Promise<string> {
    return canonicalize(await performAll(ctx, json));
  }
}

const perform = {
  name: 'perform',
  tag: ['SUBMIT', 'submitTx'],
  description: `up to ${MOST_ACTS} acts of one caller, judged in order; atomic: all of them or none`,
  parameters: [{ name: 'acts', schema: { type: 'string' } }],
  returns: { type: 'string' },
  input: jsonSchema(batchInput),
};
Reflect.defineMetadata('fabric:transactions', [perform], BatchContract.prototype);

async function performAll(ctx: Context, json: string): Promise<BatchAnswer[]> {
  const { acts, atomic = false } = parseBatch(json);
  const transaction = transactionOf(ctx);
  const answers: BatchAnswer[] = [];
  let full: ContractError | undefined; // from then on every act waits for another batch: those after it may need it
  for (const [seq, { act: name, id, input = {} }] of acts.entries()) {
    try {
      if (full) throw full;
      const act = actNamed(name);
      answers.push(answerOf(await performIn(transaction, act, readCall(act, id, input), seq)));
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      if (error.code === 'BATCH_FULL') full = error;
      if (atomic) throw new ContractError(error.code, { ...error.details, seq }, error.rule);
      answers.push(refusalOf(error));
    }
  }
  const { changed, store } = transaction;
  await store.flush();
  if (changed.length === 0) return answers;
  const event: BatchEvent = {
    changed: changed.slice(0, MOST_ACTS).map(changeOf),
    ...(changed.length > MOST_ACTS ? { more: changed.length - MOST_ACTS } : {}),
    ...(store.superseded.length > 0 ? { superseded: store.superseded } : {}),
  };
  ctx.stub.setEvent(BATCH_EVENT, payload(event));
  return answers;
}

/** Reads what a batch asks for: its acts are checked one by one, in their turn. Throws INPUT_INVALID. */
export function parseBatch(json: string): z.infer<typeof batchInput> {
  if (Buffer.byteLength(json) > MOST_BYTES) {
    throw new ContractError('INPUT_INVALID', saying('batch-too-long', { bytes: MOST_BYTES }));
  }
  const parsed = batchInput.safeParse(plain(json));
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 50).map(({ path, message }) => ({ path: path.join('.'), message }));
  const bounds = { acts: MOST_ACTS, bytes: MOST_BYTES };
  throw new ContractError('INPUT_INVALID', { ...saying('batch-unfit', bounds), issues });
}

/** Undefined for what is not JSON. */
function plain(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The act of `kind:act`. Throws INPUT_INVALID for one that is not known. */
export function actNamed(name: string): Act {
  const [kind = '', act = '', ...rest] = name.split(':');
  const found = rest.length === 0 ? kindNamed(kind)?.acts.get(act) : undefined;
  if (found) return found;
  throw new ContractError('INPUT_INVALID', saying('no-such-act', { act: name.slice(0, 80) }));
}

function answerOf({ record: { kind, id, version, state, act }, also, repeated }: ActResult): BatchDone {
  return {
    ref: `${kind}/${id}`,
    version,
    state,
    ...(also.length > 0 ? { also } : {}),
    ...(repeated === undefined ? {} : { repeated }),
    ...(act.violations.length > 0 && repeated === undefined ? { violations: act.violations } : {}),
  };
}

/** Long details are left out: the answers of all acts stay within what a transaction can carry. */
function refusalOf({ code, rule, details }: ContractError): BatchRefusal {
  const { issues: _, violations: __, ...short } = details;
  const told = canonicalize(details).length > MOST_DETAILS ? short : details;
  return { code, ...(rule === undefined ? {} : { rule }), details: told };
}

const MOST_DETAILS = 4096;
