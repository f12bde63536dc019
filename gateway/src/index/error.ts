// SPDX-License-Identifier: Apache-2.0
import type { Given } from 'yuanliu-chaincode/messages';
import type { ErrorDetails } from 'yuanliu-chaincode/vocabulary/error';
import { say, type GatewayCode, type GatewayEntries } from '../messages/index.js';

/** Why the index does not answer. A closed set. */
export type IndexErrorCode =
  | 'BAD_REQUEST' // a reference, filter, cursor, limit or time that makes no sense: `parameter` names it
  | 'NOT_FOUND' // there is no such record, or the caller may not see it: the two are never told apart
  | 'NOT_INDEXED' // the index has not come to the block asked for
  | 'UNAVAILABLE' // the index cannot be opened, or belongs to another ledger
  | 'OTHER_FORMAT' // another version of this program made the index
  | 'DAMAGED' // the index is not as it was written
  | 'CLOSED'; // this index was closed

export class IndexError extends Error {
  /** What callers are told; absent of what only those who run the gateway understand. */
  readonly details: ErrorDetails | undefined;
  /** The parameter that is wrong, of a `BAD_REQUEST`. */
  readonly parameter: string | undefined;

  constructor(
    readonly code: IndexErrorCode,
    what: string | ErrorDetails,
    { parameter, ...options }: ErrorOptions & { readonly parameter?: string } = {},
  ) {
    super(typeof what === 'string' ? what : what.message, options);
    this.name = 'IndexError';
    this.details = typeof what === 'string' ? undefined : what;
    this.parameter = parameter;
  }
}

export function badRequest<Code extends GatewayCode>(
  parameter: string,
  code: Code,
  ...given: Given<GatewayEntries[Code]>
): IndexError {
  return new IndexError('BAD_REQUEST', say(code, ...given), { parameter });
}

export function notFound(ref: string): IndexError {
  return new IndexError('NOT_FOUND', say('reference-unknown', { ref }));
}
