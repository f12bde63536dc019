// SPDX-License-Identifier: Apache-2.0
import { crc32 } from 'node:zlib';
import { type Entries, pagesOf } from './level.js';

/** A stored value. */
export type Stored = string | Uint8Array;

/**
 * The sum of what a database holds, kept in every batch and compared when it is opened. LevelDB drops what it cannot read
 * of its log and does not check what it reads from its tables; by this sum nothing is lost or changed unseen. Against
 * accidents: whoever can write the database can write the sum.
 */
export const EMPTY_TALLY = 0;

/** The sum after one entry changed from `before` to `after`; undefined where there is none. */
export function tallied(tally: number, key: string, before: Stored | undefined, after: Stored | undefined): number {
  return (tally ^ markOf(key, before) ^ markOf(key, after)) >>> 0;
}

/** The sum of all entries but the one at `except`, which holds the sum itself. */
export async function tallyOf(entries: Entries<Stored>, except: string): Promise<number> {
  let tally = EMPTY_TALLY;
  for await (const page of pagesOf(entries)) {
    for (const [key, value] of page) if (key !== except) tally = tallied(tally, key, undefined, value);
  }
  return tally;
}

function markOf(key: string, value: Stored | undefined): number {
  return value === undefined ? 0 : crc32(value, crc32(key));
}
