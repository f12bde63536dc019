// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import type { Act } from 'yuanliu-chaincode/kind/act';
import type { ActResult, Performed } from 'yuanliu-chaincode/engine/perform';
import { ContractError, type Violation } from 'yuanliu-chaincode/vocabulary/error';
import { DRY_RUN } from 'yuanliu-chaincode/kind/input';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { admit } from 'yuanliu-chaincode/records/organization/organization';
import { meter } from 'yuanliu-chaincode/records/usage/metering';
import type { TokenSubject } from '../identity/issuer.js';
import type { Signers } from './signers.js';
import type { LedgerIndex } from '../index/ledger-index.js';
import type { Call, Identity, Ledger, Receipt } from '../ledger/port.js';
import { isConflict, submitWithRetry } from '../ledger/retry.js';
import { leftRecord } from './left-record.js';
import { type ReadCall, readCall } from './read-call.js';
import { newQuotaLanes } from './quota-lanes.js';
import { newRefusals, unread } from './refusals.js';
import { performAll } from './perform-all.js';
import type { Outcome, Wanted } from './together.js';
import { say, sayOf } from '../messages/index.js';

/** One act, asked for by one user. */
export interface ActRequest {
  readonly act: Act;
  readonly id: string;
  /** Its input: a JSON object, as text. */
  readonly json: string;
  /** As in the input's field of that name; not both, unless they agree. */
  readonly idempotencyKey?: string;
  readonly subject: TokenSubject;
}

/** One of many acts of one user. */
export type ManyRequest = Omit<ActRequest, 'subject'>;

export interface ManyOptions {
  readonly subject: TokenSubject;
  /** All of them in one transaction, or none. */
  readonly atomic?: boolean;
}

/** What an act left. */
export interface ActOutcome {
  readonly record: LedgerRecord;
  /** Refs of the records that it created besides, those that the caller may see. */
  readonly also: readonly string[];
  /** The rules that it broke, for a report, or must yet meet. */
  readonly violations: readonly Violation[];
}

export interface ActAnswer extends ActOutcome {
  readonly receipt: Receipt;
  /** The request was made before under its idempotency key: this is the first answer, nothing was written now. */
  readonly replayed: boolean;
}

export interface Rehearsal extends ActOutcome {
  /** The transaction that did the same before, under the same idempotency key. */
  readonly repeated?: string;
}

/** Performs acts for users, signing with their certificates. */
export interface Acts {
  /**
   * Performs an act; resolves once it is committed and, within bounds, in the index, so that its caller reads what it
   * wrote. A repeat under an idempotency key gives the first answer.
   *
   * @throws ContractError when it is refused. What the caller may not see is `NOT_FOUND`, as what does not exist.
   * @param sent Called with the id of each transaction before it is ordered. The last one decides the outcome.
   * @throws LedgerError as {@link Ledger.submit}.
   */
  perform(request: ActRequest, sent?: (txId: string) => void): Promise<ActAnswer>;
  /**
   * Performs many acts of one user in few transactions, in order: each sees what those before it left. Resolves once all are
   * committed and, within bounds, in the index. What became of an act is told for each; none keeps another from being done.
   *
   * @throws where `atomic` is set, and one act is refused: what it is refused for. Its details name the act by `seq`.
   */
  performAll(requests: readonly ManyRequest[], options: ManyOptions): Promise<readonly Outcome[]>;
  /** Tells what the act would leave; writes nothing. Throws as `perform`. */
  rehearse(request: ActRequest): Promise<Rehearsal>;
}

/** Acts of a gateway that is to be stopped some time. */
export interface OpenActs extends Acts {
  /** Resolves once nothing that follows from answered acts is under way. */
  settled(): Promise<void>;
}

export interface ActsOptions {
  readonly ledger: Ledger;
  readonly index: LedgerIndex;
  readonly signers: Signers;
  /** How long a committed act waits for the index, in milliseconds. */
  readonly waitMs: number;
  /** Told when reports could not be metered: that is tried again with the next one. */
  readonly failed?: (error: unknown) => void;
}

export function newActs({ ledger, index, signers, waitMs, failed }: ActsOptions): OpenActs {
  const lanes = newQuotaLanes({
    index,
    meter: async (id, reports, subject) => {
      const request = { act: meter as Act, id, json: JSON.stringify({ reports }), subject };
      return submitted(request, await readOnce(request));
    },
    ...(failed ? { failed } : {}),
  });
  const refusals = newRefusals({ ledger, index });
  return {
    settled: () => lanes.idle(),
    perform: async (request, sent) => {
      const { subject } = request;
      const call = await readOnce(request);
      const first = await firstAnswer(call, subject);
      if (first) return first;
      demandMember(request, call);

      const { result, receipt } = await lanes.send(
        { act: request.act, call, subject },
        {
          now: (attempts) => submitted(request, call, { sent, attempts }),
          later: () => submitted({ ...request, json: withField(request.json, 'metering', 'later') }, call, { sent }),
          isConflict,
        },
      );
      const { ref, also, repeated } = JSON.parse(result) as Performed;
      if (repeated === undefined) {
        const record = index.left(receipt.txId, ref) ?? (await leftRecord(ledger, receipt, ref));
        return { ...told({ record, also }, subject), receipt, replayed: false };
      }
      const meanwhile = await firstAnswer(call, subject);
      if (meanwhile) return meanwhile;
      throw new Error(`${call.ref} was acted on by ${repeated}, which the index has not come to`);
    },
    performAll: (requests, options) =>
      performAll(requests, options, { ledger, index, signers, waitMs, refusals, lanes, read, firstAnswer }),
    rehearse: async (request) => {
      const call = await readOnce(request);
      demandMember(request, call);
      const unknown = refusals.unknownTo(index.viewer(request.subject.organization), call);
      if (unknown !== undefined) throw unread(unknown); // not even how long it is judged tells whether it is there
      const result = await rehearsed(request, call);
      const { repeated, ...outcome } = JSON.parse(result) as ActResult;
      return { ...told(outcome, request.subject), ...(repeated === undefined ? {} : { repeated }) };
    },
  };

  /** Submits one act, and waits for the index: committed all the same is what it does not have in time. */
  async function submitted(
    request: ActRequest,
    call: ReadCall,
    {
      sent,
      attempts,
    }: { readonly sent?: ((txId: string) => void) | undefined; readonly attempts?: number | undefined } = {},
  ) {
    const asked = { ...(await prepare(request)), ...(sent ? { sent } : {}) };
    const done = await guarded(request, call, { ...asked, id: request.id }, () =>
      submitWithRetry(ledger, asked, attempts),
    );
    await index.waitFor(done.receipt.blockNumber, waitMs).catch(() => undefined);
    return done;
  }

  async function read(request: ActRequest): Promise<Wanted> {
    const call = await readOnce(request);
    demandMember(request, call);
    const { act, id, json: text, idempotencyKey } = request;
    const json = text === '' ? '{}' : text;
    return {
      act,
      id,
      call,
      json: idempotencyKey === undefined ? json : withField(json, 'idempotencyKey', idempotencyKey),
    };
  }

  /**
   * What a request would come to. The id of a new record of a kind that can be sealed is not tried, but another in its
   * place: whether it is taken would tell that a sealed record has it, and so would how long that takes.
   */
  async function rehearsed(request: ActRequest, call: ReadCall): Promise<string> {
    const { act, id } = request;
    const tried = act.creates && act.kind.sealed ? randomBytes(16).toString('hex') : id;
    const { identity, args } = await prepare({ ...request, id: tried });
    const asked = { identity, transaction: `${act.kind.name}:${DRY_RUN}`, args: [act.name, ...args] };
    try {
      return (await guarded(request, call, { identity, id: tried }, () => ledger.evaluate(asked))).replaceAll(
        tried,
        id,
      );
    } catch (error) {
      if (tried === id || !(error instanceof ContractError)) throw error;
      const details = JSON.parse(JSON.stringify(error.details).replaceAll(tried, id)) as typeof error.details;
      throw new ContractError(error.code, details, error.rule);
    }
  }

  /** An organisation under an MSP that the channel does not know could never act, and nothing changes its MSP. */
  function demandMember({ act }: ActRequest, { msp }: ReadCall): void {
    if (act !== admit || msp === undefined) return;
    const members = ledger.members();
    if (members.includes(msp)) return;
    const said = { msp, members };
    const issues = [sayOf('msp', 'not-a-member', said)];
    throw new ContractError('INPUT_INVALID', { ...say('not-a-member', said), issues });
  }

  async function prepare({ act, id, json, idempotencyKey, subject }: ActRequest): Promise<Call> {
    const input = idempotencyKey === undefined ? json : withField(json, 'idempotencyKey', idempotencyKey);
    const identity = await signers.signerFor(subject);
    return { identity, transaction: `${act.kind.name}:${act.name}`, args: [id, input] };
  }

  /** The first answer to an idempotency key, from the index; undefined for a new key or another request. */
  async function firstAnswer(call: ReadCall, { organization }: TokenSubject): Promise<ActAnswer | undefined> {
    const mark = call.idempotencyKey === undefined ? undefined : index.once(organization, call.idempotencyKey);
    if (!mark || mark.fingerprint !== call.fingerprint) return undefined; // of another request: the contract refuses it
    const viewer = index.viewer(organization);
    const transaction = index.transaction(mark.txId, viewer);
    if (transaction) await index.waitFor(transaction.block, waitMs); // its block may be just now coming in
    const found = transaction && index.record(mark.ref, viewer, { asOf: transaction.block });
    if (!found) return undefined;
    const record = index.left(mark.txId, mark.ref, mark.seq) ?? found.record; // later acts of its block may follow it
    const { channel, chaincode } = ledger;
    return {
      ...told({ record, also: mark.also }, { organization }),
      receipt: {
        txId: mark.txId,
        blockNumber: transaction.block,
        ledgerTime: transaction.time ?? record.act.time,
        channel,
        chaincode,
        validationCode: 'VALID',
      },
      replayed: true,
    };
  }

  function told({ record, also }: ActResult, { organization }: Pick<TokenSubject, 'organization'>): ActOutcome {
    const viewer = index.viewer(organization);
    const { violations } = record.act;
    return { record, also: also.filter((ref) => index.record(ref, viewer)), violations };
  }

  async function guarded<T>(
    request: ActRequest,
    call: ReadCall,
    tried: { readonly identity: Identity; readonly id: string },
    run: () => Promise<T>,
  ): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw await refusals.shown(error, request, call, tried);
    }
  }
}

/** Reads a request with the idempotency key that it may come with in a header. */
async function readOnce({ act, id, json, idempotencyKey, subject }: ActRequest): Promise<ReadCall> {
  const call = await readCall(subject.organization, act, id, json);
  if (idempotencyKey === undefined || call.idempotencyKey === idempotencyKey) return call;
  if (call.idempotencyKey === undefined) return { ...call, idempotencyKey };
  throw new ContractError('INPUT_INVALID', say('two-keys'));
}

/** `json` has been read before: it is an object, whose own field of the name is the same if it has one. */
function withField(json: string, name: string, value: string): string {
  const field = `${JSON.stringify(name)}:${JSON.stringify(value)}`;
  const rest = json.slice(json.indexOf('{') + 1).trimStart();
  return rest === '' || rest.startsWith('}') ? `{${field}}` : `{${field},${rest}`;
}
