// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { Level } from 'level';
import type { Seal } from '../storage/seal.js';
import { Mark } from '../ledger/embedded/mark.js';
import { makePrivateFolder, writePrivate } from '../storage/private-files.js';
import type { Archive, ArchiveEntry } from './archive.js';
import { DATABASES, FILE, FILES, STORE_KEY, UNSEALED_FILES } from './parts.js';

/**
 * Writes what a backup holds into an empty folder, for its owner alone, with the key of its identity store where `storeKey`
 * gives one. The ledger checks it when it is opened; the index is for the caller to build.
 *
 * @throws Error when the backup holds what this program does not know.
 */
export async function restoreArchive(archive: Archive, directory: string, storeKey?: string): Promise<void> {
  await makePrivateFolder(directory);
  const databases = new Map<string, Database>();
  try {
    for (const [part, folder] of Object.entries(DATABASES)) {
      await makePrivateFolder(join(directory, folder));
      databases.set(part, new Database(join(directory, folder)));
    }
    for await (const entry of archive.entries()) {
      const database = databases.get(entry.part);
      if (database) await database.put(entry);
      else if (entry.part === FILE) await putFile(directory, entry, archive.seal);
      else throw unknown(entry);
    }
    for (const database of databases.values()) await database.flush();
  } finally {
    for (const database of databases.values()) await database.close();
  }
  if (storeKey !== undefined) await writePrivate(join(directory, STORE_KEY), `${storeKey}\n`);
  const mark = await Mark.make(join(directory, DATABASES.ledger));
  mark.write(archive.height);
  mark.close();
}

async function putFile(directory: string, entry: ArchiveEntry, seal: Seal | undefined): Promise<void> {
  const names: readonly string[] = seal ? FILES : UNSEALED_FILES;
  const name = names.find((file) => file === entry.key);
  if (name === undefined) throw unknown(entry); // and nothing is written outside of the folder
  const text = seal ? seal.open(name, entry.value) : Buffer.from(entry.value).toString('utf8');
  await writePrivate(join(directory, name), text);
}

function unknown({ part, key }: ArchiveEntry): Error {
  return new Error(
    `the backup holds ${part} ${key}, which this program does not know: restore it with a newer version`,
  );
}

/** A database that is filled, many entries at a time. */
class Database {
  readonly #db: Level<string, Uint8Array>;
  #entries: ArchiveEntry[] = [];
  #bytes = 0;

  constructor(directory: string) {
    this.#db = new Level(directory, { valueEncoding: 'view' });
  }

  async put(entry: ArchiveEntry): Promise<void> {
    this.#entries.push(entry);
    this.#bytes += entry.key.length + entry.value.length;
    if (this.#bytes >= AT_ONCE) await this.flush();
  }

  /** Resolves when all that was put is on disk. */
  async flush(): Promise<void> {
    const entries = this.#entries.map(({ key, value }) => ({ type: 'put' as const, key, value }));
    [this.#entries, this.#bytes] = [[], 0];
    await this.#db.batch(entries, { sync: true });
  }

  close(): Promise<void> {
    return this.#db.close();
  }
}

const AT_ONCE = 4 * 1024 * 1024;
