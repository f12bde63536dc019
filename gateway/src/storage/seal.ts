// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Seals what is stored, so that a copy of the store alone tells nothing. */
export interface Seal {
  /** AES-256-GCM of `text`, bound to `label`: an entry moved under another label does not open. */
  close(label: string, text: string): Buffer;
  /** @throws Error when the key is another, or the bytes or the label were changed. */
  open(label: string, sealed: Uint8Array): string;
  /** A key of 32 bytes for one purpose, derived from the seal's (RFC 5869): it tells nothing of that, or of another's. */
  keyFor(purpose: string): Buffer;
}

const NONCE = 12;
const TAG = 16;
const KEY = 32;

/** The seal of a key: 64 hexadecimal digits. */
export function sealOf(key: string): Seal {
  const bytes = Buffer.from(key, 'hex');
  return {
    close(label, text) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', bytes, nonce).setAAD(Buffer.from(label));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(label, sealed) {
      const decipher = createDecipheriv('aes-256-gcm', bytes, sealed.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAAD(Buffer.from(label)).setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new Error(`identity ${label} does not open: it was changed, or sealed with another key`, { cause });
      }
    },
    keyFor: (purpose) => Buffer.from(hkdfSync('sha256', bytes, '', purpose, KEY)),
  };
}
