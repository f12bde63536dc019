// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { badRequest } from './error.js';

/** Where a page ended. */
export interface Cursor {
  /** The block that all pages are as of. */
  readonly asOf: number;
  /** The last thing shown, in the order of the pages. */
  readonly after: string;
}

/** A cursor is good only for the request that it continues: `request` says all that must not change between pages. */
export function encodeCursor(request: unknown, { asOf, after }: Cursor): string {
  return Buffer.from(JSON.stringify([bind(request), asOf, after])).toString('base64url');
}

/** @throws IndexError `BAD_REQUEST` for text that is no cursor, or the cursor of another request. */
export function decodeCursor(request: unknown, cursor: string): Cursor {
  const parsed = shape.safeParse(parse(cursor));
  if (!parsed.success) throw badRequest('cursor', 'this is no cursor: take it from the page before, unchanged');
  const [bound, asOf, after] = parsed.data;
  if (bound !== bind(request)) {
    throw badRequest('cursor', 'this cursor continues another request: repeat that one with nothing else changed');
  }
  return { asOf, after };
}

const shape = z.tuple([z.string(), z.int().nonnegative(), z.string().max(1000)]);

function bind(request: unknown): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('base64url').slice(0, 12);
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
