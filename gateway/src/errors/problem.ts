// SPDX-License-Identifier: Apache-2.0
import type { Language } from 'yuanliu-chaincode/messages';
import { ContractError, saying, type ContractErrorCode, type ErrorDetails } from 'yuanliu-chaincode/vocabulary/error';
import { IdentityError, type IdentityErrorCode } from '../identity/error.js';
import { TokenError } from '../identity/tokens.js';
import { IndexError } from '../index/error.js';
import { LedgerError, type LedgerErrorCode } from '../ledger/error.js';
import { say, titles } from '../messages/index.js';
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

/** The one table from codes to HTTP; titles are words. */
export const statuses: Readonly<Record<ProblemCode, number>> = {
  INPUT_INVALID: 400,
  UNKNOWN_PARAMETER: 400,
  NOT_JSON: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  TOO_SLOW: 408,
  BATCH_FULL: 413,
  EXISTS: 409,
  WRONG_STATE: 409,
  CONFLICT: 409,
  GONE: 410,
  VERSION_CONFLICT: 412,
  TOO_LARGE: 413,
  UNSUPPORTED_MEDIA: 415,
  KEY_REUSED: 422,
  REFUSED: 422,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  OVERLOADED: 503,
  UNAVAILABLE: 503,
  DEADLINE: 504,
  COMMIT_UNKNOWN: 504,
  NO_SPACE: 507,
};

export function titleOf(code: ProblemCode, language: Language): string {
  return titles[language][code];
}

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
    return error.reason === 'INVALID'
      ? unauthenticated(error.details)
      : new Problem('UNAVAILABLE', error.details, { 'Retry-After': '2' });
  }
  if (error instanceof EncodingError) {
    return new Problem('INPUT_INVALID', say('body-unreadable', { why: error.why }));
  }
  if (error instanceof OffLoopFull) {
    return new Problem('RATE_LIMITED', say('large-bodies-wait', { most: error.most }), { 'Retry-After': '3' });
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
  return new Problem('NO_SPACE', say('disk-full'), { 'Retry-After': '60' }, { cause });
}

export function unauthenticated(details: ErrorDetails = say('token-needed')): Problem {
  return new Problem('UNAUTHENTICATED', details, { 'WWW-Authenticate': 'Bearer realm="yuanliu"' });
}

/** The same for what does not exist and for what the caller may not see, so that nobody learns which. */
export function notFound(ref: string): Problem {
  return absent(saying('no-record', { ref }));
}

/** What is no record. */
export function absent(details: ErrorDetails): Problem {
  return new Problem('NOT_FOUND', details);
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
      return new Problem(code, say('kept-changing'));
    case 'COMMIT_UNKNOWN':
      return new Problem(code, say('commit-unknown', { txId: error.txId ?? '' }), {}, { cause: error });
    case 'FORBIDDEN':
      return new Problem(code, say('identity-not-taken'));
    case 'NO_SPACE':
      return noSpace(error);
    case 'DEADLINE':
      return new Problem(code, say('ledger-too-slow'), {}, { cause: error });
    case 'UNAVAILABLE': {
      const details = say(error.code === 'DISAGREEMENT' ? 'peers-disagree' : 'ledger-unreachable');
      return new Problem(code, details, { 'Retry-After': '2' }, { cause: error });
    }
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

function identityProblem({ code, details, cause }: IdentityError): Problem {
  return new Problem(identityProblems[code], details, {}, { cause });
}

function indexProblem({ code, details, parameter, cause }: IndexError): Problem {
  switch (code) {
    case 'BAD_REQUEST': {
      const { remedy: _remedy, ...issue } = details ?? say('request-malformed');
      const issues = parameter === undefined ? {} : { issues: [{ path: parameter, ...issue }] };
      return new Problem('INPUT_INVALID', { ...(details ?? say('request-malformed')), ...issues });
    }
    case 'NOT_FOUND':
      return absent(details ?? say('request-malformed'));
    default:
      return new Problem('UNAVAILABLE', details ?? say('index-unavailable'), { 'Retry-After': '2' }, { cause });
  }
}

/** What reading a request can throw, by Express's and body-parser's own marks rather than their wording. */
function bodyProblem(error: unknown): Problem | undefined {
  if (!(error instanceof Error) || !('status' in error)) return undefined;
  switch (error.status) {
    case 413: {
      const limit = 'limit' in error && typeof error.limit === 'number' ? error.limit : undefined;
      return new Problem('TOO_LARGE', limit === undefined ? say('body-too-large') : say('body-over-limit', { limit }));
    }
    case 415:
      return new Problem('UNSUPPORTED_MEDIA', say('content-encoding-unknown'));
    case 400:
      return new Problem('INPUT_INVALID', say('request-malformed'));
    default:
      return undefined;
  }
}

function internal(cause: unknown): Problem {
  return new Problem('INTERNAL', say('unforeseen-failure'), {}, { cause });
}
