// SPDX-License-Identifier: Apache-2.0
import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import type { ErrorDetails } from 'yuanliu-chaincode/vocabulary/error';
import { creditCode } from 'yuanliu-chaincode/vocabulary/vocabulary';
import type { OidcProvider } from '../config/config.js';
import { say } from '../messages/index.js';
import type { Issuer, TokenSubject } from './issuer.js';
import { userName } from './person.js';
import { subjectIdentifier } from './user-of-subject.js';

/** Checks a bearer token and says who speaks. Throws {@link TokenError} for any token that does not hold. */
export type VerifyToken = (token: string) => Promise<Speaker>;

/** Who speaks, and how long the token says so. */
export interface Speaker extends TokenSubject {
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** A token was not taken; the message says why and what to do, and repeats nothing of the token. */
export class TokenError extends Error {
  constructor(
    /** `INVALID`: the token does not hold. `NO_KEYS`: whether it holds is not known, its issuer cannot be reached. */
    readonly reason: 'INVALID' | 'NO_KEYS',
    readonly details: ErrorDetails,
    options?: ErrorOptions,
  ) {
    super(details.message, options);
    this.name = 'TokenError';
  }
}

/** Verifies tokens of the built-in issuer. */
export function builtinTokens({ jwks, issuer, audience }: Issuer): VerifyToken {
  return tokens(createLocalJWKSet({ keys: [...jwks.keys] }), { issuer, audience }, claimsOf(userName));
}

/**
 * Verifies tokens of an OpenID provider by its published keys, fetched when needed and kept for ten minutes. A `sub` that is no
 * user name is mapped to one: see `user-of-subject.ts`.
 */
export function oidcTokens({ issuer, jwksUrl, audience }: OidcProvider): VerifyToken {
  return tokens(createRemoteJWKSet(new URL(jwksUrl)), { issuer, audience }, claimsOf(subjectIdentifier));
}

interface Trusted {
  readonly issuer: string;
  readonly audience: string;
}

function tokens(keys: JWTVerifyGetKey, trusted: Trusted, subject: z.ZodType<Claims>): VerifyToken {
  return remembering(async (token) => {
    const payload = await verified(token, keys, trusted).catch((error: unknown) => {
      throw refusal(error, trusted);
    });
    const claims = subject.safeParse(payload);
    if (!claims.success) {
      const names = claims.error.issues.map(({ path }) => path.join('.'));
      throw new TokenError('INVALID', say('token-claims', { claims: names }));
    }
    return { user: claims.data.sub, organization: claims.data.org, until: claims.data.exp * 1000 };
  });
}

/**
 * The claims of a token that one of the published keys signed. Providers publish several keys without `kid`, or name a key
 * that they publish without one: then each key of the right kind and use is tried.
 */
async function verified(token: string, keys: JWTVerifyGetKey, { issuer, audience }: Trusted): Promise<JWTPayload> {
  const options = { issuer, audience, algorithms: ALGORITHMS, requiredClaims: ['exp', 'sub'], clockTolerance: 5 };
  const anyKey: JWTVerifyGetKey = ({ kid: _named, ...header }, jws) => keys(header, jws);
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey)) return tryEach(error);
    return jwtVerify(token, anyKey, options).then(({ payload }) => payload, tryEach);
  }

  async function tryEach(error: unknown): Promise<JWTPayload> {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    let tried = 0;
    for await (const key of error) {
      if (++tried > MOST_KEYS) break;
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (refused) {
        if (!(refused instanceof errors.JWSSignatureVerificationFailed)) throw refused;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

/** Keys tried for one token: a provider has a few, and each costs a check of a signature. */
const MOST_KEYS = 16;

/**
 * Takes a token that held as holding for a minute more, or until it expires: checking its signature costs as much as
 * making one. What does not hold is looked at each time.
 */
function remembering(verify: VerifyToken): VerifyToken {
  const known = new Map<string, { readonly speaker: Speaker; readonly until: number }>();
  return async (token) => {
    const found = known.get(token);
    if (found && Date.now() < found.until) return found.speaker;
    const speaker = await verify(token);
    if (known.size >= REMEMBERED) known.clear();
    known.set(token, { speaker, until: Math.min(speaker.until, Date.now() + REMEMBERED_MS) });
    return speaker;
  };
}

const REMEMBERED = 10_000;
const REMEMBERED_MS = 60_000;

/** Signatures by public key only: a token that could be signed with what is published would be worth nothing. */
const ALGORITHMS = ['ES256', 'ES384', 'PS256', 'PS384', 'RS256', 'RS384', 'EdDSA'];

const claimsOf = (sub: z.ZodType<string>): z.ZodType<Claims> => z.object({ sub, org: creditCode, exp: z.number() });

interface Claims {
  readonly sub: string;
  readonly org: string;
  readonly exp: number;
}

function refusal(error: unknown, { issuer, audience }: { issuer: string; audience: string }): TokenError {
  if (error instanceof errors.JWTExpired) return new TokenError('INVALID', say('token-expired'));
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return new TokenError('INVALID', say('token-audience', { audience }));
    if (error.claim === 'iss') return new TokenError('INVALID', say('token-issuer', { issuer }));
    return new TokenError('INVALID', say('token-claim', { claim: error.claim }));
  }
  const ofToken = error instanceof errors.JOSEError && !FETCHING.includes(error.code);
  return ofToken
    ? new TokenError('INVALID', say('token-not-trusted'))
    : new TokenError('NO_KEYS', say('issuer-keys-missing', { issuer }), { cause: error });
}

/** What jose throws when the published keys do not arrive, beside what `fetch` throws. */
const FETCHING = [errors.JOSEError.code, errors.JWKSTimeout.code, errors.JWKSInvalid.code];
