// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { TokenSubject } from '../identity/issuer.js';
import { notFound } from './problem.js';
import { minBlock } from './query.js';
import { route, type Answer, type Route } from './route.js';
import { within } from './within.js';

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
   * `respond-async` does not wait at all (RFC 7240).
   *
   * @throws what `work` throws in time; later failures are told by the operation.
   */
  answer(work: Promise<Answer>, owner: TokenSubject, prefer?: string): Promise<Answer>;
  readonly routes: readonly Route[];
}

/** An operation, as told to its owner: the answer of its request once there is one. */
interface Operation {
  readonly organization: string;
  state: 'pending' | 'done' | 'failed';
  result?: unknown;
}

/** How many to remember: the oldest is forgotten first. A forgotten one is answered again by its idempotency key. */
const KEPT = 10_000;

/** Keeps track of slow writes, in memory. `describe` tells an operation's failure as a problem document, and logs it. */
export function newOperations(waitMs: number, describe: (error: unknown, operation: string) => object): Operations {
  const operations = new Map<string, Operation>();

  const follow = (work: Promise<Answer>, { organization }: TokenSubject): Answer => {
    const id = randomUUID();
    const operation: Operation = { organization, state: 'pending' };
    operations.set(id, operation);
    for (const oldest of operations.keys()) if (operations.size > KEPT) operations.delete(oldest);
    work.then(
      ({ body }) => Object.assign(operation, { state: 'done', result: body }),
      (error: unknown) => Object.assign(operation, { state: 'failed', result: describe(error, id) }),
    );
    const headers = { Location: `/api/v1/operations/${id}`, 'Retry-After': '1' };
    return { status: 202, headers, body: { operation: id, state: operation.state } };
  };

  return {
    answer: async (work, owner, prefer = '') => {
      if (/\brespond-async\b/.test(prefer)) return follow(work, owner);
      return (await within(work, waitMs)) ?? follow(work, owner);
    },
    routes: [
      route({
        method: 'get',
        path: '/api/v1/operations/{id}',
        operationId: 'getOperation',
        tag: 'operations',
        summary: 'What became of a write that was answered with 202',
        description:
          'For the organisation that made the request. Forgotten when the gateway restarts: then repeat the request with the same Idempotency-Key.',
        access: 'user',
        query: z.strictObject({ minBlock }),
        answers: {
          200: { description: 'pending, done with the result, or failed with the problem', schema: 'Operation' },
        },
        handle: ({ params: { id = '' }, subject }) => {
          const operation = operations.get(id);
          if (!operation || operation.organization !== subject?.organization) throw notFound(`operation ${id}`);
          const { state, result } = operation;
          return { body: { operation: id, state, ...(result === undefined ? {} : { result }) } };
        },
      }),
    ],
  };
}
