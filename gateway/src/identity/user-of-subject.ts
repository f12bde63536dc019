// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { userName } from './person.js';

/**
 * The user name of a provider's `sub`. One that is a user name stays as it is. Any other (`auth0|64f0c1`, `f:3b1c:zhang`,
 * base64, 80 letters) becomes what is readable of it and a digest of all of it, `auth0-64f0c1.sub-…`: two subjects never get
 * the same name, so a subject that already looks like such a name is mapped too.
 */
export function userOfSubject(sub: string): string {
  if (userName.safeParse(sub).success && !MAPPED.test(sub)) return sub;
  const readable = Array.from(
    sub
      .slice(0, 256)
      .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
      .replaceAll(/^-|-$/g, ''),
  );
  const start = readable.slice(0, READABLE).join('').replace(/-$/, '') || 'user';
  return `${start}.sub-${createHash('sha256').update(sub).digest('hex').slice(0, DIGITS)}`;
}

/** A `sub` as a claim, turned into a user name. OpenID Connect allows 255 characters; some providers use more. */
export const subjectIdentifier = z.string().min(1).max(1024).transform(userOfSubject);

/** Together with the mark between them these fill the 64 characters that a common name may have. */
const READABLE = 19;
const DIGITS = 40;
const MAPPED = new RegExp(`\\.sub-[0-9a-f]{${DIGITS}}$`);
