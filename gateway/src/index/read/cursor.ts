// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { badRequest } from '../error.js';

/** Where a page ended. */
export interface Cursor {
  /** The block that all pages are as of. */
  readonly asOf: number;
  /** The last thing looked at, in the order of the pages: maybe a record that the viewer may not see. */
  readonly after: string;
}

/**
 * A cursor is good only for the request that it continues, while the gateway that gave it runs: `request` says all that
 * must not change between pages, who asks included. It is sealed (AES-256-GCM), because where a page ended may be a
 * record that the viewer may not see, and because one that could be made up would find such records.
 */
export function encodeCursor(request: unknown, { asOf, after }: Cursor): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', KEY, nonce).setAAD(bind(request));
  const sealed = [cipher.update(JSON.stringify([asOf, after]), 'utf8'), cipher.final(), cipher.getAuthTag()];
  return Buffer.concat([nonce, ...sealed]).toString('base64url');
}

/** @throws IndexError `BAD_REQUEST` for text that is no cursor of this request. */
export function decodeCursor(request: unknown, cursor: string): Cursor {
  try {
    const bytes = Buffer.from(cursor, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', KEY, bytes.subarray(0, NONCE), { authTagLength: TAG })
      .setAAD(bind(request))
      .setAuthTag(bytes.subarray(-TAG));
    const opened = Buffer.concat([decipher.update(bytes.subarray(NONCE, -TAG)), decipher.final()]);
    const [asOf, after] = JSON.parse(opened.toString('utf8')) as [number, string]; // authentic: written above
    return { asOf, after };
  } catch {
    throw badRequest('cursor', 'not-our-cursor');
  }
}

const KEY = randomBytes(32);
const NONCE = 12;
const TAG = 16;

function bind(request: unknown): Buffer {
  return Buffer.from(JSON.stringify(request));
}
