// SPDX-License-Identifier: Apache-2.0
import { ContractError, type ContractErrorCode, type ErrorDetails } from 'yuanliu-chaincode/vocabulary/error';
import { IdentityError, type IdentityErrorCode } from '../identity/error.js';
import { TokenError } from '../identity/tokens.js';
import { IndexError } from '../index/error.js';
import { LedgerError, type LedgerErrorCode } from '../ledger/error.js';
import { OffLoopFull } from '../runtime/off-loop.js';
import { EncodingError } from '../text/encoding.js';

/** Why the gateway says no, in what the contract does not decide. */
export type GatewayErrorCode =
  | 'UNAUTHENTICATED'
  | 'UNKNOWN_PARAMETER'
  | 'NOT_JSON'
  | 'METHOD_NOT_ALLOWED'
  | 'CONFLICT'
  | 'GONE'
  | 'TOO_SLOW'
  | 'TOO_LARGE'
  | 'UNSUPPORTED_MEDIA'
  | 'RATE_LIMITED'
  | 'OVERLOADED'
  | 'UNAVAILABLE'
  | 'DEADLINE'
  | 'COMMIT_UNKNOWN'
  | 'NO_SPACE'
  | 'INTERNAL';

export type ProblemCode = ContractErrorCode | GatewayErrorCode;

/** The one table from codes to HTTP: status and title of each. */
export const problemTypes: Readonly<Record<ProblemCode, { readonly status: number; readonly title: string }>> = {
  INPUT_INVALID: { status: 400, title: 'The input is not well-formed' },
  UNKNOWN_PARAMETER: { status: 400, title: 'A query parameter is not known' },
  NOT_JSON: { status: 400, title: 'The body is not JSON' },
  UNAUTHENTICATED: { status: 401, title: 'A valid token is needed' },
  FORBIDDEN: { status: 403, title: 'The caller may not do this' },
  NOT_FOUND: { status: 404, title: 'There is no such thing, or not for this caller' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The method is not open here' },
  TOO_SLOW: { status: 408, title: 'The request did not come in time' },
  BATCH_FULL: { status: 413, title: 'The acts of one batch write too much' },
  EXISTS: { status: 409, title: 'The id is taken' },
  WRONG_STATE: { status: 409, title: 'The act is not open in this state' },
  CONFLICT: { status: 409, title: 'The record changed concurrently' },
  GONE: { status: 410, title: 'The position is of another chain' },
  VERSION_CONFLICT: { status: 412, title: 'The record has another version by now' },
  TOO_LARGE: { status: 413, title: 'The body is too large' },
  UNSUPPORTED_MEDIA: { status: 415, title: 'The body is of another media type' },
  KEY_REUSED: { status: 422, title: 'The idempotency key belongs to another request' },
  REFUSED: { status: 422, title: 'A rule of the rulebook refuses it' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  INTERNAL: { status: 500, title: 'The gateway failed' },
  OVERLOADED: { status: 503, title: 'Too many requests in progress' },
  UNAVAILABLE: { status: 503, title: 'The ledger or the index is not there yet' },
  DEADLINE: { status: 504, title: 'The ledger did not finish this in time; nothing was done' },
  COMMIT_UNKNOWN: { status: 504, title: 'What became of the transaction is not known' },
  NO_SPACE: { status: 507, title: 'The gateway cannot write to its disk' },
};

/** An answer that is not what was asked for: becomes `application/problem+json` (RFC 9457). */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly details: ErrorDetails & { readonly rule?: string; readonly line?: number },
    readonly headers: Readonly<Record<string, string>> = {},
    options?: ErrorOptions,
  ) {
    super(details.message, options);
    this.name = 'Problem';
  }
}

/** Reads any error as a problem; whatever is not foreseen is `INTERNAL` and says nothing of itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ContractError) {
    return new Problem(error.code, { ...error.details, ...(error.rule === undefined ? {} : { rule: error.rule }) });
  }
  if (error instanceof LedgerError) return ledgerProblem(error);
  if (error instanceof IndexError) return indexProblem(error);
  if (error instanceof IdentityError) return identityProblem(error);
  if (error instanceof TokenError) {
    const { message } = error;
    if (error.reason === 'INVALID') return unauthenticated(message);
    const remedy =
      'try again shortly; if it lasts, tell the administrator of this gateway that its OIDC issuer is out of reach';
    return new Problem('UNAVAILABLE', { message, remedy }, { 'Retry-After': '2' });
  }
  if (error instanceof EncodingError) {
    return new Problem('INPUT_INVALID', { message: `the body cannot be read: ${error.message}`, remedy: error.remedy });
  }
  if (error instanceof OffLoopFull) {
    const remedy = 'send them one after the other';
    return new Problem('RATE_LIMITED', { message: error.message, remedy }, { 'Retry-After': '3' });
  }
  if (isOfDisk(error)) return noSpace(error);
  return bodyProblem(error) ?? internal(error);
}

/** What a system that has no room, and LevelDB that could not write, throw; or what that caused. */
function isOfDisk(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return ['ENOSPC', 'EDQUOT', 'LEVEL_IO_ERROR'].includes(code) || isOfDisk(error.cause);
}

function noSpace(cause: unknown): Problem {
  const message = 'the gateway cannot write to its disk, which may be full; nothing was done';
  const remedy = 'tell the administrator of this gateway to make room on the disk of its data; then repeat the request';
  return new Problem('NO_SPACE', { message, remedy }, { 'Retry-After': '60' }, { cause });
}

export function unauthenticated(message: string): Problem {
  const remedy = 'send the header Authorization: Bearer TOKEN with a token of your organisation';
  return new Problem('UNAUTHENTICATED', { message, remedy }, { 'WWW-Authenticate': 'Bearer realm="yuanliu"' });
}

/** The same for what does not exist and for what the caller may not see, so that nobody learns which. */
export function notFound(ref: string): Problem {
  return new Problem('NOT_FOUND', { message: `${ref} does not exist`, remedy: 'check the id' });
}

const ledgerProblems: Readonly<Record<LedgerErrorCode, ProblemCode>> = {
  MVCC_READ_CONFLICT: 'CONFLICT',
  PHANTOM_READ_CONFLICT: 'CONFLICT',
  DUPLICATE_TXID: 'INTERNAL',
  ENDORSEMENT_POLICY_FAILURE: 'INTERNAL',
  DISAGREEMENT: 'UNAVAILABLE',
  DEADLINE: 'DEADLINE',
  INVALIDATED: 'INTERNAL',
  TIME_WINDOW: 'INTERNAL',
  CONTRACT_FAILURE: 'INTERNAL',
  ACCESS_DENIED: 'FORBIDDEN',
  COMMIT_UNKNOWN: 'COMMIT_UNKNOWN',
  UNAVAILABLE: 'UNAVAILABLE',
  NO_SPACE: 'NO_SPACE',
  OTHER_FORMAT: 'INTERNAL',
  DAMAGED: 'INTERNAL',
  CLOSED: 'UNAVAILABLE',
};

function ledgerProblem(error: LedgerError): Problem {
  const code = ledgerProblems[error.code];
  switch (code) {
    case 'CONFLICT':
      return new Problem(code, {
        message: 'other transactions kept changing the same records',
        remedy: 'read them again; if it still holds, repeat the request',
      });
    case 'COMMIT_UNKNOWN':
      return new Problem(
        code,
        {
          message: `transaction ${error.txId ?? ''} was sent for ordering; whether it is on the ledger is not known`,
          remedy: `look at /api/v1/transactions/${error.txId ?? ''}, or repeat the request with the same Idempotency-Key`,
        },
        {},
        { cause: error },
      );
    case 'FORBIDDEN':
      return new Problem(code, {
        message: 'the ledger does not take transactions of this identity',
        remedy: 'have your organisation enrol you again',
      });
    case 'NO_SPACE':
      return noSpace(error);
    case 'DEADLINE':
      return new Problem(
        code,
        {
          message: 'the ledger did not finish this in time; nothing was done',
          remedy:
            'ask for less at once: fewer entries or sources in one act. If a small request takes as long, tell the administrator of this gateway',
        },
        {},
        { cause: error },
      );
    case 'UNAVAILABLE':
      return new Problem(
        code,
        {
          message:
            error.code === 'DISAGREEMENT'
              ? 'the peers came to different results; nothing was done'
              : 'the ledger cannot be reached; nothing was done',
          remedy: 'try again shortly; if it lasts, tell the administrator of this gateway',
        },
        { 'Retry-After': '2' },
        { cause: error },
      );
    default:
      return internal(error);
  }
}

const identityProblems: Readonly<Record<IdentityErrorCode, ProblemCode>> = {
  REVOKED: 'FORBIDDEN',
  NOT_REGISTERED: 'NOT_FOUND',
  NOT_OURS: 'FORBIDDEN',
  NO_REGISTRAR: 'FORBIDDEN',
  AUTHORITY_FAILED: 'UNAVAILABLE',
};

function identityProblem({ code, message, remedy, cause }: IdentityError): Problem {
  return new Problem(identityProblems[code], { message, remedy }, {}, { cause });
}

function indexProblem({ code, message, parameter }: IndexError): Problem {
  switch (code) {
    case 'BAD_REQUEST': {
      const issues = parameter === undefined ? {} : { issues: [{ path: parameter, message }] };
      return new Problem('INPUT_INVALID', { message, ...issues, remedy: 'mend the parameters named in issues' });
    }
    case 'NOT_FOUND':
      return new Problem('NOT_FOUND', { message, remedy: 'check the reference' });
    default:
      return new Problem('UNAVAILABLE', { message, remedy: 'try again shortly' }, { 'Retry-After': '2' });
  }
}

/** What reading a request can throw, by Express's and body-parser's own marks rather than their wording. */
function bodyProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  const remedy = 'check the request';
  switch (error.status) {
    case 413: {
      const limit = 'limit' in error && typeof error.limit === 'number' ? error.limit : undefined;
      const message = `the body is larger than ${limit === undefined ? 'the limit' : `${limit} bytes`}`;
      return new Problem('TOO_LARGE', { message, remedy: 'send less, or in several requests' });
    }
    case 415:
      return new Problem('UNSUPPORTED_MEDIA', { message: 'the body has an encoding that is not taken here', remedy });
    case 400:
      return new Problem('INPUT_INVALID', {
        message: 'the request could not be read: an escape or length is wrong',
        remedy,
      });
    default:
      return undefined;
  }
}

function internal(cause: unknown): Problem {
  return new Problem(
    'INTERNAL',
    {
      message: 'an unforeseen failure; it is in the log under this request id',
      remedy: 'report it with the request id',
    },
    {},
    { cause },
  );
}
