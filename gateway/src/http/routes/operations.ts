// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import type { Language } from 'yuanliu-chaincode/messages';
import { z } from 'zod';
import type { TokenSubject } from '../../identity/issuer.js';
import type { LedgerIndex } from '../../index/ledger-index.js';
import { LedgerError } from '../../ledger/error.js';
import type { Ledger } from '../../ledger/port.js';
import { absent } from '../../errors/problem.js';
import { minBlock } from './query.js';
import { route, type Answer, type Asked, type Route } from '../route.js';
import { within } from '../middleware/within.js';
import { say } from '../../messages/index.js';

export const operationShape = z.strictObject({
  operation: z.string(),
  state: z.enum(['pending', 'done', 'failed']),
  result: z
    .unknown()
    .optional()
    .meta({ description: 'The answer of the request once done; its problem if it failed.' }),
});

/** Writes that take longer than a request should wait. */
export interface Operations {
  /**
   * The answer of `work` if it comes in time, else 202 with an operation to poll. `prefer` is the Prefer header:
   * `respond-async` waits only until the transaction is sent (RFC 7240). The operation's id is the transaction's, so that
   * its outcome is found after a restart too; only where none was sent in time it is an id of its own.
   *
   * @throws what `work` throws in time; later failures are told by the operation.
   */
  answer(
    work: (sent: (txId: string) => void) => Promise<Answer>,
    owner: TokenSubject,
    prefer?: string,
  ): Promise<Answer>;
  readonly routes: readonly Route[];
}

/** An operation, as told to its owner: the answer of its request once there is one. */
interface Operation {
  readonly organization: string;
  state: 'pending' | 'done' | 'failed';
  result?: unknown;
  failure?: Described;
}

/** A problem document, in the language of the request that asks for it. */
type Described = (language: Language) => object;

const TRANSACTION_ID = /^[0-9a-f]{64}$/;

/** How many to remember: the oldest is forgotten first. A forgotten one is answered again by its idempotency key. */
const KEPT = 10_000;

/**
 * Keeps track of slow writes, in memory; those of an earlier process are looked up on the ledger, by their transaction.
 * `describe` tells an operation's failure as a problem document, and logs it.
 */
export function newOperations(
  { ledger, index }: { readonly ledger: Ledger; readonly index: LedgerIndex },
  waitMs: number,
  describe: (error: unknown, operation: string) => Described,
): Operations {
  const operations = new Map<string, Operation>();

  const follow = (work: Promise<Answer>, { organization }: TokenSubject, id: string): Answer => {
    const operation: Operation = { organization, state: 'pending' };
    operations.set(id, operation);
    for (const oldest of operations.keys()) if (operations.size > KEPT) operations.delete(oldest);
    work.then(
      ({ body }) => Object.assign(operation, { state: 'done', result: body }),
      (error: unknown) => Object.assign(operation, { state: 'failed', failure: describe(error, id) }),
    );
    const headers = { Location: `/api/v1/operations/${id}`, 'Retry-After': '1' };
    return { status: 202, headers, body: { operation: id, state: operation.state } };
  };

  /** An operation from before a restart, by its transaction's id, with what the caller may see of its changes. */
  const lookedUp = async (id: string, { subject, language }: Pick<Asked, 'subject' | 'language'>): Promise<object> => {
    if (!TRANSACTION_ID.test(id) || !subject) throw absent(say('no-operation', { id }));
    if (ledger.isPending(id) || index.height() < (await ledger.height())) return { operation: id, state: 'pending' };
    const found = index.transaction(id, index.viewer(subject.organization));
    if (!found) {
      throw absent(say('not-on-ledger', { id, block: index.height() - 1 }));
    }
    const { block: blockNumber, validationCode, time: ledgerTime, changed } = found;
    if (validationCode !== 'VALID') {
      const message = `transaction ${id} is in block ${blockNumber} as ${validationCode}: it changed nothing`;
      const failure = describe(new LedgerError('MVCC_READ_CONFLICT', message), id);
      return { operation: id, state: 'failed', result: failure(language) };
    }
    const { channel, chaincode } = ledger;
    const receipt = { txId: id, blockNumber, ledgerTime, channel, chaincode, validationCode };
    return { operation: id, state: 'done', result: { receipt, changed: changed.map(({ ref }) => ref) } };
  };

  return {
    answer: async (work, owner, prefer = '') => {
      let txId: string | undefined;
      let wasSent: () => void = () => undefined;
      const sent = new Promise<undefined>((resolve) => {
        wasSent = () => {
          resolve(undefined);
        };
      });
      const done = work((id) => {
        txId = id;
        wasSent();
      });
      if (/\brespond-async\b/.test(prefer)) {
        const settled = done.then(wasSent, wasSent); // the operation reports how it ended
        await within(Promise.race([sent, settled]), waitMs);
        return follow(done, owner, txId ?? randomUUID());
      }
      return (await within(done, waitMs)) ?? follow(done, owner, txId ?? randomUUID());
    },
    routes: [
      route({
        method: 'get',
        path: '/api/v1/operations/{id}',
        operationId: 'getOperation',
        tag: 'operations',
        summary: 'What became of a write that was answered with 202',
        description:
          'For the organisation that made the request. After a restart of the gateway the outcome is looked up on the ledger, and the result is the receipt and what changed.',
        access: 'user',
        query: z.strictObject({ minBlock }),
        answers: {
          200: { description: 'pending, done with the result, or failed with the problem', schema: 'Operation' },
        },
        handle: async ({ params: { id = '' }, subject, language }) => {
          const operation = operations.get(id);
          if (!operation) return { body: await lookedUp(id, { subject, language }) };
          if (operation.organization !== subject?.organization) throw absent(say('no-operation', { id }));
          const { state, failure, result = failure?.(language) } = operation;
          return { body: { operation: id, state, ...(result === undefined ? {} : { result }) } };
        },
      }),
    ],
  };
}
