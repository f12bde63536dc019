// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, exportPKCS8, generateKeyPair, importPKCS8, type JWK, SignJWT } from 'jose';
import { readOrMakePrivate } from '../storage/private-files.js';

/** Who a token speaks for. */
export interface TokenSubject {
  /** The user's name, any script. */
  readonly user: string;
  /** Credit code of the organisation. */
  readonly organization: string;
}

/** The gateway's own issuer of tokens: whoever holds its process holds every account. */
export interface Issuer {
  readonly issuer: string;
  readonly audience: string;
  /** Its public key, as a JSON Web Key Set. */
  readonly jwks: { readonly keys: readonly JWK[] };
  /** A signed token; `lifetime` as in `30d` or `-1m`. */
  issue(subject: TokenSubject, lifetime?: string): Promise<string>;
}

/** Where the key of the built-in issuer is. */
export function issuerFile(directory: string): string {
  return join(directory, 'issuer.pem');
}

/**
 * Opens the built-in issuer, for demonstration and development. Its key is kept in `directory` with mode 0600, so tokens
 * outlive a restart.
 *
 * @throws Error in production, where tokens come from the organisations' own OpenID provider.
 */
export async function openIssuer(
  directory: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Issuer> {
  if (environment['NODE_ENV'] === 'production') {
    throw new Error(
      'the built-in issuer of tokens is for demonstration only and does not start with NODE_ENV=production: set YUANLIU_AUTH=oidc',
    );
  }
  const file = issuerFile(directory);
  const pem = await readOrMakePrivate(file, makeKey);
  const key = await importPKCS8(pem, ALGORITHM, { extractable: true }).catch((cause: unknown) => {
    const message = `${file} does not hold the issuer's key any more: put it back from a backup, or delete it, which ends the tokens issued with it`;
    throw new Error(message, { cause });
  });
  const { d: _secret, ...publicKey } = await exportJWK(key);
  const kid = await calculateJwkThumbprint(publicKey);
  return {
    issuer: ISSUER,
    audience: AUDIENCE,
    jwks: { keys: [{ ...publicKey, kid, alg: ALGORITHM, use: 'sig' }] },
    issue: ({ user, organization }, lifetime = '30d') =>
      new SignJWT({ org: organization })
        .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
        .setSubject(user)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt()
        .setExpirationTime(lifetime)
        .sign(key),
  };
}

const ALGORITHM = 'ES256';
const ISSUER = 'urn:yuanliu:builtin';
const AUDIENCE = 'yuanliu';

async function makeKey(): Promise<string> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  return exportPKCS8(privateKey);
}
