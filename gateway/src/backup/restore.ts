// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { Seal } from '../storage/seal.js';
import { restoreStore, type Restoring } from '../ledger/embedded/restore-store.js';
import { makePrivateFolder, writePrivate } from '../storage/private-files.js';
import { type Database, openDatabase } from '../storage/open-database.js';
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
  const databases = new Map<string, Restoring>();
  try {
    for (const [part, folder] of Object.entries(DATABASES)) {
      const path = join(directory, folder);
      databases.set(part, part === LEDGER ? await restoreStore(path, archive.height) : await Filled.open(path));
    }
    for await (const page of pagesOf(archive.entries())) {
      for (const [part, entries] of page) {
        const database = databases.get(part);
        if (database) await database.put(entries);
        else for (const entry of entries) await putFile(directory, entry, archive.seal);
      }
    }
    for (const database of databases.values()) await database.finish();
  } finally {
    for (const database of databases.values()) await database.close();
  }
  if (storeKey !== undefined) await writePrivate(join(directory, STORE_KEY), `${storeKey}\n`);
}

const LEDGER = 'ledger' satisfies keyof typeof DATABASES;

/** Entries of an archive, many at a time, those of each part together in their order. */
async function* pagesOf(entries: AsyncIterable<ArchiveEntry>): AsyncGenerator<Map<string, ArchiveEntry[]>> {
  let page = new Map<string, ArchiveEntry[]>();
  let bytes = 0;
  for await (const entry of entries) {
    const same = page.get(entry.part);
    if (same) same.push(entry);
    else page.set(entry.part, [entry]);
    bytes += entry.key.length + entry.value.length;
    if (bytes < AT_ONCE) continue;
    yield page;
    page = new Map();
    bytes = 0;
  }
  yield page;
}

async function putFile(directory: string, entry: ArchiveEntry, seal: Seal | undefined): Promise<void> {
  if (entry.part !== FILE) throw unknown(entry);
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
class Filled implements Restoring {
  readonly #db: Database;

  private constructor(db: Database) {
    this.#db = db;
  }

  static async open(directory: string): Promise<Filled> {
    const refuse = ({ reason }: { readonly reason: string }, cause: unknown): Error =>
      new Error(`cannot write to ${directory}: ${reason}`, { cause });
    return new Filled(await openDatabase(directory, refuse));
  }

  async put(entries: readonly ArchiveEntry[]): Promise<void> {
    await this.#db.batch(
      entries.map(({ key, value }) => ({ type: 'put' as const, key, value: Buffer.from(value) })),
      { sync: true },
    );
  }

  finish(): Promise<void> {
    return Promise.resolve(); // each batch is on disk when it is put
  }

  close(): Promise<void> {
    return this.#db.close();
  }
}

const AT_ONCE = 4 * 1024 * 1024;
