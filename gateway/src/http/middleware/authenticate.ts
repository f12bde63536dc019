// SPDX-License-Identifier: Apache-2.0
import type { RequestHandler, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { Speaker, VerifyToken } from '../../identity/tokens.js';
import type { AddressOf } from '../../config/client-address.js';
import { Problem, problemOf, unauthenticated } from '../../errors/problem.js';
import { requestCounts } from './request-counts.js';
import { say } from '../../messages/index.js';

/**
 * Finds out who speaks, and bounds how often: by organisation and user, or by address where no valid token came. A token
 * that does not hold is an error even where none is needed: better no answer than silently the public's.
 */
export function authentication(
  verify: VerifyToken,
  { requestsPerMinute, addressOf }: { readonly requestsPerMinute: number; readonly addressOf: AddressOf },
): RequestHandler[] {
  return [identify(verify), bounded(requestsPerMinute, addressOf), refuseInvalid];
}

/** Who speaks, once {@link authentication} has run; undefined without a token. */
export function speaker(response: Response): Speaker | undefined {
  const { speech } = response.locals as Locals;
  return speech && 'subject' in speech ? speech.subject : undefined;
}

interface Locals {
  speech?: { readonly subject: Speaker } | { readonly problem: Problem };
}

function identify(verify: VerifyToken): RequestHandler {
  return async (request, response, next) => {
    const header = request.get('Authorization');
    if (header !== undefined) (response.locals as Locals).speech = await speechOf(header, verify);
    next();
  };
}

async function speechOf(header: string, verify: VerifyToken): Promise<NonNullable<Locals['speech']>> {
  const token = /^Bearer +([\w~+/.=-]+) *$/i.exec(header)?.[1];
  if (token === undefined) return { problem: unauthenticated(say('not-bearer')) };
  return verify(token).then(
    (subject) => ({ subject }),
    (error: unknown) => ({ problem: problemOf(error) }), // told after the rate limit has counted it
  );
}

function bounded(limit: number, addressOf: AddressOf): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    store: requestCounts(MINUTE_MS),
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: { xForwardedForHeader: false }, // anybody may send one: of strangers it is not looked at, and no reason to complain
    keyGenerator: (request, response) => {
      const subject = speaker(response);
      return subject ? `${subject.organization}/${subject.user}` : addressOf(request);
    },
    handler: () => {
      throw new Problem('RATE_LIMITED', say('too-many-requests', { limit }));
    },
  });
}

const MINUTE_MS = 60_000;

const refuseInvalid: RequestHandler = (_request, response, next) => {
  const { speech } = response.locals as Locals;
  if (speech && 'problem' in speech) throw speech.problem;
  next();
};
