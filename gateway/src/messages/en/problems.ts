// SPDX-License-Identifier: Apache-2.0

/** Titles of the problem types. */
export const titles = {
  INPUT_INVALID: 'The input is not well-formed',
  UNKNOWN_PARAMETER: 'A query parameter is not known',
  NOT_JSON: 'The body is not JSON',
  UNAUTHENTICATED: 'A valid token is needed',
  FORBIDDEN: 'The caller may not do this',
  NOT_FOUND: 'There is no such thing, or not for this caller',
  METHOD_NOT_ALLOWED: 'The method is not open here',
  TOO_SLOW: 'The request did not come in time',
  BATCH_FULL: 'The acts of one batch write too much',
  EXISTS: 'The id is taken',
  WRONG_STATE: 'The act is not open in this state',
  CONFLICT: 'The record changed concurrently',
  GONE: 'The position is of another chain',
  VERSION_CONFLICT: 'The record has another version by now',
  TOO_LARGE: 'The body is too large',
  UNSUPPORTED_MEDIA: 'The body is of another media type',
  KEY_REUSED: 'The idempotency key belongs to another request',
  REFUSED: 'A rule of the rulebook refuses it',
  RATE_LIMITED: 'Too many requests',
  INTERNAL: 'The gateway failed',
  OVERLOADED: 'Too many requests in progress',
  UNAVAILABLE: 'The ledger or the index is not there yet',
  DEADLINE: 'The ledger did not finish this in time; nothing was done',
  COMMIT_UNKNOWN: 'What became of the transaction is not known',
  NO_SPACE: 'The gateway cannot write to its disk',
} as const;

/** What the gateway says of failures, of the ledger and of its own. */
export const problems = {
  'unforeseen-failure': [
    'an unforeseen failure; it is in the log under this request id',
    'report it with the request id',
  ],
  'disk-full': [
    'the gateway cannot write to its disk, which may be full; nothing was done',
    'tell the administrator of this gateway to make room on the disk of its data; then repeat the request',
  ],
  'kept-changing': [
    'other transactions kept changing the same records',
    'read them again; if it still holds, repeat the request',
  ],
  'commit-unknown': [
    'transaction {txId} was sent for ordering; whether it is on the ledger is not known',
    'look at /api/v1/transactions/{txId}, or repeat the request with the same Idempotency-Key',
  ],
  'identity-not-taken': [
    'the ledger does not take transactions of this identity',
    'have your organisation enrol you again',
  ],
  'ledger-too-slow': [
    'the ledger did not finish this in time; nothing was done',
    'ask for less at once: fewer entries or sources in one act. If a small request takes as long, tell the administrator of this gateway',
  ],
  'peers-disagree': [
    'the peers came to different results; nothing was done',
    'try again shortly; if it lasts, tell the administrator of this gateway',
  ],
  'ledger-unreachable': [
    'the ledger cannot be reached; nothing was done',
    'try again shortly; if it lasts, tell the administrator of this gateway',
  ],
  'body-over-limit': ['the body is larger than {limit} bytes', 'send less, or in several requests'],
  'body-too-large': ['the body is larger than the limit', 'send less, or in several requests'],
  'content-encoding-unknown': ['the body has an encoding that is not taken here', 'check the request'],
  'request-malformed': ['the request could not be read: an escape or length is wrong', 'check the request'],
  'body-unreadable': ['the body cannot be read: {why:message}', '{why:remedy}'],
  'large-bodies-wait': ['{most} large bodies of your organisation wait to be read', 'send them one after the other'],
} as const;
