// SPDX-License-Identifier: Apache-2.0

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
  /** The parameter that is wrong, of a `BAD_REQUEST`. */
  readonly parameter: string | undefined;

  constructor(
    readonly code: IndexErrorCode,
    message: string,
    { parameter, ...options }: ErrorOptions & { readonly parameter?: string } = {},
  ) {
    super(message, options);
    this.name = 'IndexError';
    this.parameter = parameter;
  }
}

export function badRequest(parameter: string, message: string): IndexError {
  return new IndexError('BAD_REQUEST', message, { parameter });
}

export function notFound(ref: string): IndexError {
  return new IndexError('NOT_FOUND', `${ref} does not exist, or you may not see it: check the reference`);
}
