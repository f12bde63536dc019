// SPDX-License-Identifier: Apache-2.0
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import type { TokenSubject } from '../identity/issuer.js';
import type { LedgerIndex } from '../index/ledger-index.js';
import type { Identity, Ledger } from '../ledger/port.js';
import type { ActAnswer, ActRequest, ManyOptions, ManyRequest } from './perform.js';
import type { QuotaLanes } from './quota-lanes.js';
import type { ReadCall } from './read-call.js';
import type { Refusals } from './refusals.js';
import type { Signers } from './signers.js';
import {
  type Answered,
  type Answers,
  type Done,
  type Failed,
  type Outcome,
  performTogether,
  type Wanted,
} from './together.js';

/** What performing many acts takes of performing one. */
interface Many {
  readonly ledger: Ledger;
  readonly index: LedgerIndex;
  readonly signers: Signers;
  readonly waitMs: number;
  readonly refusals: Refusals;
  readonly lanes: Pick<QuotaLanes, 'sendAll'>;
  /** Reads a request. @throws ContractError or Problem for one that is not well-formed */
  readonly read: (request: ActRequest) => Promise<Wanted>;
  /** The answer that a request had before under its key. */
  readonly firstAnswer: (call: ReadCall, subject: TokenSubject) => Promise<ActAnswer | undefined>;
}

/** As `Acts.performAll`. */
export async function performAll(
  requests: readonly ManyRequest[],
  { subject, atomic = false }: ManyOptions,
  many: Many,
): Promise<readonly Outcome[]> {
  const { ledger, index, signers, waitMs, refusals, lanes, read, firstAnswer } = many;
  const outcomes: Outcome[] = [];
  const wanted: (Wanted & { readonly place: number })[] = [];
  for (const [place, request] of requests.entries()) {
    try {
      const one = await read({ ...request, subject });
      const first = atomic ? undefined : await firstAnswer(one.call, subject);
      if (first) outcomes[place] = inShort(first);
      else wanted.push({ ...one, place });
    } catch (error) {
      if (atomic) throw numbered(error, place);
      outcomes[place] = { error };
    }
  }
  if (wanted.length === 0) return outcomes;
  const identity = await signers.signerFor(subject);
  const send = async (): Promise<Answers> => {
    const answers = await performTogether(wanted, { ledger, identity, atomic });
    const last = Math.max(...Array.from(answers.values(), (one) => ('receipt' in one ? one.receipt.blockNumber : 0)));
    await index.waitFor(last, waitMs).catch(() => undefined); // committed all the same
    return answers;
  };
  const answers = await lanes.sendAll(wanted, subject, send).catch(async (error: unknown) => {
    const at = error instanceof ContractError ? wanted[error.details.seq ?? -1] : undefined;
    throw at
      ? numbered(await refusals.shown(error, { ...at, subject }, at.call, { identity, id: at.id }), at.place)
      : error;
  });
  for (const one of wanted) {
    outcomes[one.place] = await outcomeOf(one, answers.get(one), { identity, subject }, many);
  }
  return outcomes;
}

/** What one of many acts came to, as its caller may know it. */
async function outcomeOf(
  { act, id, call }: Wanted,
  answered: Answered | Failed | undefined,
  { identity, subject }: { readonly identity: Identity; readonly subject: TokenSubject },
  { index, refusals, firstAnswer }: Many,
): Promise<Outcome> {
  if (!answered) return { error: new Error(`${call.ref} was not answered`) };
  if ('error' in answered) return answered;
  if ('refusal' in answered) {
    const { code, details, rule } = answered.refusal;
    const refusal = new ContractError(code, details, rule);
    return { error: await refusals.shown(refusal, { act, subject }, call, { identity, id }) };
  }
  const { answer, seq, receipt } = answered;
  const { repeated, also = [], ...left } = answer;
  const first = repeated === undefined ? undefined : await firstAnswer(call, subject);
  if (first) return inShort(first);
  const viewer = index.viewer(subject.organization);
  const seen = also.filter((ref) => index.record(ref, viewer));
  return { ...left, also: seen, receipt, seq, replayed: repeated !== undefined };
}

function inShort({ record, also, violations, receipt, replayed }: ActAnswer): Done {
  const { kind, id, version, state, act } = record;
  const number = act.seq === undefined ? {} : { seq: act.seq };
  return { ref: `${kind}/${id}`, version, state, also, violations, receipt, ...number, replayed };
}

/** Says which act of an atomic batch it is about. */
function numbered(error: unknown, seq: number): unknown {
  return error instanceof ContractError ? new ContractError(error.code, { ...error.details, seq }, error.rule) : error;
}
