// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { pagesOf } from '../../storage/level.js';
import { type CheckedDatabase, type EntryChange } from '../../storage/checked-database.js';
import { openDatabase } from '../../storage/open-database.js';
import { damaged } from './damage.js';
import { decodePosition, encodePosition, POSITION } from './entries.js';

/** The format before, in which no entry had a checksum of its own. */
export const OLD_FORMAT = 2;

/**
 * Rewrites a ledger of format 2, in which only the position had a sum. The copy takes the folder's place once it is whole;
 * begun anew when it was broken off. The caller writes the mark, and then has the old one deleted.
 *
 * @param begin opens a new database of the present format
 * @throws LedgerError `DAMAGED` when the old one is not as it was written; it is left as it is
 */
export async function upgradeLedger(
  directory: string,
  begin: (directory: string) => Promise<CheckedDatabase>,
): Promise<void> {
  const [old, next] = [oldOf(directory), `${directory}.upgrading`];
  if (existsSync(old)) {
    await rm(directory, { recursive: true, force: true });
    await rename(old, directory);
  }
  await rm(next, { recursive: true, force: true });
  const refuse = ({ reason }: { readonly reason: string }, cause: unknown): Error => damaged(directory, reason, cause);
  const from = await openDatabase(directory, refuse);
  try {
    const to = await begin(next);
    try {
      let sum = 0;
      let head: Buffer = Buffer.alloc(0);
      for await (const page of pagesOf(from.iterator({ highWaterMarkBytes: PAGE_BYTES }))) {
        const entries = page.filter(([key]) => key !== POSITION);
        for (const [key, value] of entries) sum ^= crc32(value, crc32(key));
        await to.write(entries.map(added), '');
        head = page.find(([key]) => key === POSITION)?.[1] ?? head;
      }
      const own = head.subarray(0, -SUM_BYTES);
      const isWhole =
        own.length === 0 ? sum === 0 : (sum ^ crc32(own, crc32(POSITION))) >>> 0 === head.readUInt32BE(own.length);
      if (!isWhole) throw damaged(directory, 'what it holds is not what was written');
      await to.write([], own.length === 0 ? own : encodePosition(decodePosition(own)), { sync: true });
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
  await rename(directory, old);
  await rename(next, directory);
}

/** Deletes what an upgrade left of the format before. */
export async function forgetOld(directory: string): Promise<void> {
  await rm(oldOf(directory), { recursive: true, force: true });
}

function oldOf(directory: string): string {
  return `${directory}.format-${OLD_FORMAT}`;
}

function added([key, after]: readonly [string, Buffer]): EntryChange {
  return { key, before: undefined, after };
}

const SUM_BYTES = 4;
const PAGE_BYTES = 4 * 1024 * 1024;
