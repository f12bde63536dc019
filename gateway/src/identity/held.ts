// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { type Credentials, SigningIdentity } from './signing-identity.js';

/** A certificate that is in use. */
export interface Held {
  readonly identity: SigningIdentity;
  readonly serial: string;
  /** Until when it is good, in milliseconds. */
  readonly to: number;
  /** When to renew it, or to try that again, in milliseconds: at first with a third of its life left. */
  renewal: number;
}

export function heldOf(credentials: Credentials): Held {
  const { serialNumber: serial, validFrom, validTo } = new X509Certificate(credentials.certificate);
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  return { identity: new SigningIdentity(credentials), serial, to, renewal: to - (to - from) / 3 };
}

/** How long after a renewal that failed another is tried, in milliseconds. */
export const RETRY_MS = 60_000;
