// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { type Pages, pagesOf } from '../storage/level.js';
import { type Database, openDatabase } from '../storage/open-database.js';
import { makePrivateFolder, readIfThere, writePrivate } from '../storage/private-files.js';
import { tallied, tallyOf } from '../storage/tally.js';
import type { Seal } from '../storage/seal.js';
import { StoreKey } from '../storage/store-key.js';
import type { Credentials } from './signing-identity.js';

/**
 * Identities on disk: LevelDB, one sealed entry a label, each in the wallet format of fabric-network. One process at a
 * time. Labels are free text, by convention `MSP/user`.
 *
 * Each batch holds the sum of all entries and how many batches there were; a mark beside the database says the latter too.
 * So it does not lose a revocation unseen.
 */
export class IdentityStore {
  readonly #db: Database;
  readonly #mark: string;
  readonly #key: StoreKey;
  #seal: Seal;
  #written: Written;
  #last: Promise<void> = Promise.resolve();

  private constructor(directory: string, db: Database, key: StoreKey, [seal, written]: readonly [Seal, Written]) {
    this.#db = db;
    this.#mark = markOf(directory);
    this.#key = key;
    this.#seal = seal;
    this.#written = written;
  }

  /**
   * Opens the store in `directory`, with `store.key` beside its database unless the environment holds the key.
   *
   * @throws Error when another process has it open, the key is not the one it was sealed with, or it is not as it was
   *   written.
   */
  static async open(directory: string, environment: NodeJS.ProcessEnv = process.env): Promise<IdentityStore> {
    await makePrivateFolder(directory);
    const db = await openDatabase(join(directory, 'entries'), ({ kind, reason }, cause) => {
      const why = kind === 'locked' ? 'one process holds them at a time, stop the other' : `${reason}; ${RESTORE}`;
      return new Error(`cannot open the identities in ${directory}: ${why}`, { cause });
    });
    try {
      const written = await readWhole(db, directory);
      const key = new StoreKey(join(directory, 'store.key'), environment);
      const [sample] = await db.iterator({ gt: SUM, limit: 1 }).all();
      const seal = await key.seal((candidate) => sample === undefined || opens(candidate, ...sample));
      const store = new IdentityStore(directory, db, key, [seal, written]);
      await store.#change(() => new Map()); // sum and mark, where there was none: a restored store has no mark
      return store;
    } catch (error) {
      await db.close();
      throw error;
    }
  }

  async get(label: string): Promise<Credentials | undefined> {
    const text = await this.getText(label);
    return text === undefined ? undefined : fromWalletFormat(text);
  }

  /** Stores all of them or none, durably; replaces what the labels held. */
  async put(entries: ReadonlyMap<string, Credentials>): Promise<void> {
    await this.change({ credentials: [...entries] });
  }

  /** An entry as fabric-network's wallet writes it. */
  async getText(label: string): Promise<string | undefined> {
    const [sealed] = await this.#db.getMany([label]);
    if (sealed === undefined) return undefined;
    try {
      return this.#seal.open(label, sealed);
    } catch (cause) {
      throw new Error(`${cause instanceof Error ? cause.message : String(cause)}; ${RESTORE}`, { cause });
    }
  }

  async putText(entries: ReadonlyMap<string, string>): Promise<void> {
    await this.change({ texts: [...entries] });
  }

  /** Makes all of these changes or none, durably. */
  async change({ credentials = [], texts = [], remove = [] }: StoreChange): Promise<void> {
    const written = [...credentials.map(([label, entry]) => [label, toWalletFormat(entry)] as const), ...texts];
    const put = written.map(([label, text]) => [label, this.#seal.close(label, text)] as const);
    await this.#change(() => new Map([...put, ...remove.map((label) => [label, undefined] as const)]));
  }

  async remove(label: string): Promise<void> {
    await this.change({ remove: [label] });
  }

  async labels(): Promise<string[]> {
    return this.#db.keys({ gt: SUM }).all();
  }

  /** What the entries are sealed with. */
  get seal(): Seal {
    return this.#seal;
  }

  /** Every entry as it is now, sealed, and their sum. */
  copy(): Pages {
    return pagesOf(this.#db.iterator());
  }

  /**
   * Seals every entry with a new key, and leaves nothing on disk that the old one opens. Killed at any moment, the store
   * opens again. Nothing else may use the store meanwhile.
   *
   * @throws Error as {@link StoreKey.replace}.
   */
  async rotateKey(): Promise<void> {
    this.#seal = await this.#key.replace(async (next) => {
      const entries = await this.#db.iterator({ gt: SUM }).all();
      await this.#change(
        () => new Map(entries.map(([key, sealed]) => [key, next.close(key, this.#seal.open(key, sealed))])),
      );
    });
    const labels = await this.labels();
    await this.#db.compactRange(labels.at(0) ?? '', labels.at(-1) ?? '');
  }

  async close(): Promise<void> {
    await this.#db.close();
  }

  /** One change after another, all of each or none, durably. */
  #change(made: () => Changes): Promise<void> {
    const done = this.#last.then(() => this.#write(made()));
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #write(changes: Changes): Promise<void> {
    let { tally } = this.#written;
    const batch = this.#db.batch();
    for (const [label, sealed] of changes) {
      tally = tallied(tally, label, this.#db.getSync(label), sealed);
      if (sealed) batch.put(label, sealed);
      else batch.del(label);
    }
    const written = { tally, batches: this.#written.batches + 1 };
    await batch.put(SUM, encode(written)).write({ sync: true });
    this.#written = written;
    await writePrivate(this.#mark, `${written.batches}\n`);
  }
}

/** Sealed entries by their labels; undefined for those that go. */
type Changes = ReadonlyMap<string, Buffer | undefined>;

/** What was written so far: the sum of the entries, and how many batches. */
interface Written {
  readonly tally: number;
  readonly batches: number;
}

/** Where it is kept: before every label. */
const SUM = '\u0000';

function encode({ tally, batches }: Written): Buffer {
  const own = String(batches);
  return Buffer.from(`${own} ${tallied(tally, SUM, undefined, own)}`);
}

/** Beside the database, so that it does not go back with it. */
function markOf(directory: string): string {
  return join(directory, 'entries.mark');
}

/** Reads all of it. One without sum and mark was made before there were any. */
async function readWhole(db: Database, directory: string): Promise<Written> {
  const marked = await readIfThere(markOf(directory));
  let tally: number;
  try {
    tally = await tallyOf(db.iterator(), SUM);
  } catch (cause) {
    throw damaged(directory, 'they cannot be read', cause);
  }
  const stored = db.getSync(SUM);
  if (!stored && marked === undefined) return { tally, batches: 0 };
  const written = { tally, batches: Number.parseInt(stored?.toString() ?? '0') };
  if (stored && !encode(written).equals(stored)) throw damaged(directory, 'what they hold is not what was written');
  if (marked !== undefined && !(written.batches >= Number(marked))) {
    throw damaged(directory, `they were written ${marked.trim()} times, and hold ${written.batches}`);
  }
  return written;
}

function damaged(directory: string, what: string, cause?: unknown): Error {
  return new Error(`the identities in ${directory} are damaged: ${what}; ${RESTORE}`, { cause });
}

const RESTORE = 'put the folder of the data back from a backup, with `yuanliu restore`';

/** What becomes of entries, by label. */
export interface StoreChange {
  readonly credentials?: readonly (readonly [label: string, credentials: Credentials])[];
  readonly texts?: readonly (readonly [label: string, text: string])[];
  readonly remove?: readonly string[];
}

function opens(seal: Seal, label: string, sealed: Buffer): boolean {
  try {
    seal.open(label, sealed);
    return true;
  } catch {
    return false;
  }
}

/** What fabric-network's X.509 provider writes. */
interface WalletEntry {
  readonly credentials: { readonly certificate: string; readonly privateKey: string };
  readonly mspId: string;
  readonly type: 'X.509';
  readonly version: 1;
}

function toWalletFormat({ mspId, certificate, privateKey }: Credentials): string {
  const entry: WalletEntry = { credentials: { certificate, privateKey }, mspId, type: 'X.509', version: 1 };
  return JSON.stringify(entry);
}

function fromWalletFormat(text: string): Credentials {
  const { credentials, mspId } = JSON.parse(text) as WalletEntry;
  return { mspId, ...credentials };
}
