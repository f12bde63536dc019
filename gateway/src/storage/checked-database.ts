// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { isCorruption, type OpenFailure, type Pages, pagesOf } from './level.js';
import { writePrivateSync } from './private-files.js';
import { type Database, type DatabaseOptions, type DatabaseSnapshot, openDatabase } from './open-database.js';

export interface CheckedOptions extends DatabaseOptions {
  readonly directory: string;
  /** The key of the head: the one entry that every write replaces. */
  readonly head: string;
  /** Makes the caller's own error of what hinders opening or reading. */
  readonly refuse: (failure: OpenFailure, cause?: unknown) => Error;
  /** The error for a head of another format, if that is what these stored bytes are. */
  readonly otherFormat?: (stored: Buffer) => Error | undefined;
  /** Size up to which opening checks every entry, in bytes; 32 MiB unless given. */
  readonly wholeUpTo?: number | undefined;
}

/** What an entry becomes, and what it was; undefined for no entry. */
export interface EntryChange {
  readonly key: string;
  readonly before: string | Uint8Array | undefined;
  readonly after: string | Uint8Array | undefined;
}

export interface EntryRange {
  readonly gt?: string;
  readonly lt?: string;
  readonly reverse?: boolean;
  readonly snapshot?: DatabaseSnapshot;
}

export interface CheckOptions {
  /** Called after each page with how much has been read; the next page is read when it resolves. */
  readonly pause?: (progress: CheckProgress) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** How far a check has come. */
export interface CheckProgress {
  readonly entries: number;
  readonly bytes: number;
  /** About which part of the whole, 0 to 1. */
  readonly share: number;
  /** How long the last page took, in milliseconds. */
  readonly elapsed: number;
}

/**
 * LevelDB does not check what it reads from its tables, and drops what it cannot read of its log. Here each entry carries
 * its checksum, compared whenever the entry is read. The head carries the sum of all checksums, compared with the entries
 * by {@link check}. So no entry changes unnoticed, and once a check has passed, none was lost or added. Checksums are
 * added, not XORed: CRC-32 is linear, and several lost entries could cancel each other out. All this is against accidents: a
 * person who can write the database can write the sums.
 *
 * Once damage is found, nothing is read or written any more, in this process or the next: a note beside the folder says so.
 */
export class CheckedDatabase {
  readonly #db: Database;
  readonly #options: CheckedOptions;
  #sum = NO_SUM;
  #failure: Error | undefined;

  private constructor(db: Database, options: CheckedOptions) {
    this.#db = db;
    this.#options = options;
  }

  /**
   * Opens the database in a folder. A small one is checked whole, so is one whose log LevelDB could not read in full; of any
   * other only the head is.
   *
   * @throws what `refuse` or `otherFormat` makes
   */
  static async open(options: CheckedOptions): Promise<CheckedDatabase> {
    const { directory, head, refuse, wholeUpTo = WHOLE_UP_TO } = options;
    const note = noteOf(directory);
    if (existsSync(note)) throw refuse({ kind: 'damaged', reason: readFileSync(note, 'utf8').trim() });
    const db = await openDatabase(directory, refuse, options);
    const checked = new CheckedDatabase(db, options);
    try {
      const stored = db.getSync(head);
      const other = stored && options.otherFormat?.(stored);
      if (other) throw other;
      checked.#sum = checked.#sumOf(checked.#stored(head));
      if ((await bytesIn(directory)) <= wholeUpTo || (await hasLostLog(directory))) await checked.check();
      return checked;
    } catch (error) {
      await db.close();
      throw isCorruption(error) ? refuse({ kind: 'damaged', reason: 'it cannot be read' }, error) : error;
    }
  }

  /** Deletes a database that is not open, with the note of its damage. */
  static async erase(directory: string): Promise<void> {
    await rm(directory, { recursive: true, force: true });
    await rm(noteOf(directory), { force: true });
  }

  /** What is damaged, once that has been found. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** What the head holds; undefined before the first write. */
  head(snapshot?: DatabaseSnapshot): Buffer | undefined {
    return this.#stored(this.#options.head, snapshot)?.subarray(HEAD_PREFIX);
  }

  /** @throws what `refuse` makes of damage, now or found earlier */
  get(key: string, snapshot?: DatabaseSnapshot): Buffer | undefined {
    return this.#stored(key, snapshot)?.subarray(PREFIX);
  }

  /** Makes all of these changes, with a new head, or none. One call at a time. */
  async write(
    changes: Iterable<EntryChange>,
    head: string | Uint8Array,
    { sync = false }: { readonly sync?: boolean } = {},
  ): Promise<void> {
    this.#demandWhole();
    let sum = this.#sum;
    const batch = this.#db.batch();
    for (const { key, before, after } of changes) {
      if (before !== undefined) sum -= checksum(key, before);
      if (after === undefined) {
        batch.del(key);
        continue;
      }
      const mark = checksum(key, after);
      sum += mark;
      batch.put(key, stored(mark, after));
    }
    sum = sum >>> 0;
    const body = stored(sum, head);
    batch.put(this.#options.head, stored(checksum(this.#options.head, body), body));
    await batch.write({ sync });
    this.#sum = sum;
  }

  snapshot(): DatabaseSnapshot {
    return this.#db.snapshot();
  }

  /** Entries in key order, the head among them, each compared with its checksum. */
  async *entries(range: EntryRange = {}): Pages<Buffer> {
    try {
      for await (const page of pagesOf(this.#db.iterator({ ...range, highWaterMarkBytes: PAGE_BYTES }))) {
        yield page.map(([key, bytes]) => {
          this.#demandWhole();
          return [key, this.#compared(key, bytes).subarray(key === this.#options.head ? HEAD_PREFIX : PREFIX)] as const;
        });
      }
    } catch (error) {
      throw isCorruption(error) ? this.#damaged('it cannot be read', error) : error;
    }
  }

  /**
   * Compares every entry with its checksum, and all of them with the sum, as they are now; whatever is written meanwhile.
   * Resolves when that has passed, or `signal` aborts.
   */
  async check({ pause, signal }: CheckOptions = {}): Promise<void> {
    const { head } = this.#options;
    const snapshot = this.#db.snapshot();
    try {
      const wanted = this.#sumOf(this.#stored(head, snapshot));
      const whole = pause ? await this.#db.approximateSize('', LAST) : 0;
      let [sum, entries, bytes] = [NO_SUM, 0, 0];
      let begun = performance.now();
      for await (const page of pagesOf(this.#db.iterator({ snapshot, highWaterMarkBytes: PAGE_BYTES }))) {
        for (const [key, found] of page) {
          this.#compared(key, found);
          if (key !== head) sum = (sum + found.readUInt32BE()) >>> 0;
          bytes += found.length;
        }
        entries += page.length;
        if (!pause) continue;
        const reached = page.at(-1)?.[0] ?? '';
        const share = whole === 0 ? 0 : Math.min(1, (await this.#db.approximateSize('', reached)) / whole);
        await pause({ entries, bytes, share, elapsed: performance.now() - begun });
        if (signal?.aborted) return;
        begun = performance.now();
      }
      if (sum !== wanted) throw this.#damaged('what it holds is not what was written');
    } catch (error) {
      throw isCorruption(error) ? this.#damaged('it cannot be read', error) : error;
    } finally {
      await snapshot.close();
    }
  }

  close(): Promise<void> {
    return this.#db.close();
  }

  #stored(key: string, snapshot?: DatabaseSnapshot): Buffer | undefined {
    this.#demandWhole();
    try {
      const found = this.#db.getSync(key, snapshot ? { snapshot } : {});
      return found && this.#compared(key, found);
    } catch (error) {
      throw isCorruption(error) ? this.#damaged('it cannot be read', error) : error;
    }
  }

  #compared(key: string, found: Buffer): Buffer {
    if (found.length >= PREFIX && found.readUInt32BE() === checksum(key, found.subarray(PREFIX))) return found;
    throw this.#damaged('what it holds is not what was written');
  }

  #sumOf(head: Buffer | undefined): number {
    return head ? head.readUInt32BE(PREFIX) : NO_SUM;
  }

  #demandWhole(): void {
    if (this.#failure) throw this.#failure;
  }

  #damaged(reason: string, cause?: unknown): Error {
    if (this.#failure) return this.#failure;
    this.#failure = this.#options.refuse({ kind: 'damaged', reason }, cause);
    writePrivateSync(noteOf(this.#options.directory), `${reason}\n`);
    return this.#failure;
  }
}

const NO_SUM = 0;
/** Bytes of a checksum, before each value. */
const PREFIX = 4;
/** Bytes before the value of the head: its checksum, and the sum of all others. */
const HEAD_PREFIX = 2 * PREFIX;
/** Sorts after every key. */
const LAST = '\uffff';
const PAGE_BYTES = 1024 * 1024;
const WHOLE_UP_TO = 32 * 1024 * 1024;

function checksum(key: string, value: string | Uint8Array): number {
  return crc32(value, crc32(key));
}

function stored(number: number, value: string | Uint8Array): Buffer {
  const length = typeof value === 'string' ? Buffer.byteLength(value) : value.length;
  const out = Buffer.allocUnsafe(PREFIX + length);
  out.writeUInt32BE(number);
  if (typeof value === 'string') out.write(value, PREFIX);
  else out.set(value, PREFIX);
  return out;
}

/** The note that a database is damaged: beside its folder, so that nothing in there is touched. */
function noteOf(directory: string): string {
  return `${directory}.damaged`;
}

async function bytesIn(directory: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(directory)) {
    bytes += (await stat(join(directory, name)).catch(() => undefined))?.size ?? 0; // LevelDB deletes files at any time
  }
  return bytes;
}

/** Whether LevelDB left out part of its log when it opened the database: it says so in its own LOG file. */
async function hasLostLog(directory: string): Promise<boolean> {
  const text = await readFile(join(directory, 'LOG'), 'utf8').catch(() => '');
  return /dropping \d+ bytes|ignoring error/i.test(text);
}
