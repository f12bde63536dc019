// SPDX-License-Identifier: Apache-2.0
import type { CheckedDatabase } from '../../storage/checked-database.js';
import { decodePosition, encodePosition, POSITION } from './entries.js';
import { Mark } from './mark.js';
import { newDatabase } from './store.js';

/** A ledger that is filled with the entries of a backup. It opens once it is finished. */
export interface Restoring {
  put(entries: readonly { readonly key: string; readonly value: Uint8Array }[]): Promise<void>;
  /** Resolves when all that was put is on disk. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** Begins a ledger of so many blocks in an empty folder. Whether its entries fit together is for the caller to examine. */
export async function restoreStore(directory: string, height: number): Promise<Restoring> {
  const db: CheckedDatabase = await newDatabase(directory);
  let position: Buffer = Buffer.alloc(0);
  return {
    put: async (entries) => {
      const found = entries.find(({ key }) => key === POSITION);
      if (found) position = encodePosition(decodePosition(Buffer.from(found.value)));
      const added = entries.flatMap(({ key, value }) =>
        key === POSITION ? [] : [{ key, before: undefined, after: value }],
      );
      await db.write(added, position);
    },
    finish: async () => {
      await db.write([], position, { sync: true });
      const mark = await Mark.make(directory);
      mark.write(height);
      mark.close();
    },
    close: () => db.close(),
  };
}
