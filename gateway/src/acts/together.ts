// SPDX-License-Identifier: Apache-2.0
import type { Act } from 'yuanliu-chaincode/kind/act';
import {
  BATCH_PERFORM,
  MOST_ACTS,
  MOST_BYTES,
  type BatchAnswer,
  type BatchDone,
  type BatchRefusal,
} from 'yuanliu-chaincode/engine/batch';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import { LedgerError } from '../ledger/error.js';
import type { Identity, Ledger, Receipt } from '../ledger/port.js';
import type { ReadCall } from './read-call.js';

/** One of many acts, as it goes to the contract. */
export interface Wanted {
  readonly act: Act;
  readonly id: string;
  readonly call: ReadCall;
  /** Its input with its idempotency key: a JSON object, as text. */
  readonly json: string;
}

/** What became of one of many acts. */
export type Outcome = Done | Failed;

export interface Done extends Omit<BatchDone, 'repeated'> {
  readonly receipt: Receipt;
  /** Number of the act in its transaction, where that did several. */
  readonly seq?: number;
  /** The request was made before under its idempotency key: this is the first answer, nothing was written now. */
  readonly replayed: boolean;
}

export interface Failed {
  readonly error: unknown;
}

/** What one transaction says of one of its acts: what it left, or why it was refused. */
export type Answered =
  { readonly answer: BatchDone; readonly seq: number; readonly receipt: Receipt } | { readonly refusal: BatchRefusal };

/** Each wanted act with its answer, or with why there is none. */
export type Answers = Map<Wanted, Answered | Failed>;

/** The endorsers refuse every act: there is nothing to order. */
class AllRefused extends Error {
  constructor(readonly answers: readonly BatchRefusal[]) {
    super('every act of the batch is refused');
  }
}

export interface TogetherOptions {
  readonly ledger: Pick<Ledger, 'submit'>;
  readonly identity: Identity;
  /** All of them in one transaction, or none. */
  readonly atomic: boolean;
  readonly sent?: ((txId: string) => void) | undefined;
}

/**
 * Performs acts of one caller in as few transactions as take them, in order. What other transactions changed meanwhile is
 * tried again whole, then in halves, so that one busy record does not hold up the others. An atomic batch is tried whole only.
 * Nothing is ordered where every act is refused.
 *
 * @throws ContractError when the whole is refused, or LedgerError: only an atomic batch throws.
 */
export async function performTogether(wanted: readonly Wanted[], options: TogetherOptions): Promise<Answers> {
  const answers: Answers = new Map();
  if (options.atomic) {
    await once(wanted, options, answers, ATTEMPTS_ALONE);
    return answers;
  }
  for (const part of inTransactions(wanted)) await tryPart(part, options, answers);
  return answers;
}

/** Acts in lists that one transaction takes. */
function* inTransactions(wanted: readonly Wanted[]): Generator<readonly Wanted[]> {
  let part: Wanted[] = [];
  let size = 0;
  for (const one of wanted) {
    const more = sizeOf(one);
    if (part.length > 0 && (part.length === MOST_ACTS || size + more > MOST_ARGUMENTS)) {
      yield part;
      part = [];
      size = 0;
    }
    part.push(one);
    size += more;
  }
  if (part.length > 0) yield part;
}

async function tryPart(part: readonly Wanted[], options: TogetherOptions, answers: Answers): Promise<void> {
  const attempts = part.length === 1 ? ATTEMPTS_ALONE : ATTEMPTS;
  try {
    await once(part, options, answers, attempts);
  } catch (error) {
    if (part.length === 1 || !isWorthHalving(error)) {
      for (const one of part) answers.set(one, { error });
      return;
    }
    const half = Math.ceil(part.length / 2);
    await tryPart(part.slice(0, half), options, answers);
    await tryPart(part.slice(half), options, answers);
    return;
  }
  const rest = part.filter((one) => isFull(answers.get(one)));
  if (rest.length > 0 && rest.length < part.length) await tryPart(rest, options, answers);
}

/** Others changed what it read; it was too much at once; or one act makes the contract fail for all. */
function isWorthHalving(error: unknown): boolean {
  if (error instanceof ContractError) return true;
  const codes = ['MVCC_READ_CONFLICT', 'PHANTOM_READ_CONFLICT', 'DEADLINE', 'CONTRACT_FAILURE'];
  return error instanceof LedgerError && codes.includes(error.code);
}

function isFull(answered: Answered | Failed | undefined): boolean {
  return answered !== undefined && 'refusal' in answered && answered.refusal.code === 'BATCH_FULL';
}

/** One transaction, tried again while others change what it reads. */
async function once(
  part: readonly Wanted[],
  { ledger, identity, atomic, sent }: TogetherOptions,
  answers: Answers,
  attempts: number,
): Promise<void> {
  const acts = part.map(({ act, id, json }) => {
    return `{"act":"${act.kind.name}:${act.name}","id":${JSON.stringify(id)},"input":${json}}`;
  });
  const call = {
    identity,
    transaction: BATCH_PERFORM,
    args: [`{"acts":[${acts.join(',')}]${atomic ? ',"atomic":true' : ''}}`],
    ...(sent ? { sent } : {}),
    endorsed: (result: string) => {
      const refusals = answersOf(result, part.length).filter(isRefusal);
      if (refusals.length === part.length) throw new AllRefused(refusals);
    },
  };
  try {
    const { result, receipt } = await submitUpTo(attempts, () => ledger.submit(call));
    const told = answersOf(result, part.length);
    for (const [seq, one] of part.entries()) {
      const answer = told[seq];
      if (answer) answers.set(one, isRefusal(answer) ? { refusal: answer } : { answer, seq, receipt });
    }
  } catch (error) {
    if (!(error instanceof AllRefused)) throw error;
    for (const [seq, refusal] of error.answers.entries()) {
      const one = part[seq];
      if (one) answers.set(one, { refusal });
    }
  }
}

/** @throws Error unless there is an answer for each act */
function answersOf(result: string, acts: number): readonly BatchAnswer[] {
  const answers = JSON.parse(result) as readonly BatchAnswer[];
  if (answers.length !== acts) throw new Error(`the contract answered ${answers.length} of ${acts} acts`);
  return answers;
}

function isRefusal(answer: BatchAnswer): answer is BatchRefusal {
  return 'code' in answer;
}

async function submitUpTo<T>(attempts: number, submit: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await submit();
    } catch (error) {
      const conflict = error instanceof LedgerError && error.code.endsWith('_READ_CONFLICT');
      if (!conflict || attempt === attempts) throw error;
    }
  }
}

/** About what an act takes of the arguments. */
function sizeOf({ act, id, json }: Wanted): number {
  return Buffer.byteLength(json) + act.kind.name.length + act.name.length + id.length + FRAME;
}

const FRAME = 40;
/** Beside the acts there is little else in the arguments. */
const MOST_ARGUMENTS = MOST_BYTES - 100;
/** Tries of a transaction whole before it is halved, and of one that is not. */
const ATTEMPTS = 2;
const ATTEMPTS_ALONE = 5;
