// SPDX-License-Identifier: Apache-2.0
import type { StateUpdate, Version } from 'yuanliu-verifier/wire/hash';
import { freeBytes } from '../../storage/data-folder.js';
import type { Copy, OpenFailure } from '../../storage/level.js';
import { CheckedDatabase, type CheckOptions, type EntryChange } from '../../storage/checked-database.js';
import type { DatabaseSnapshot } from '../../storage/open-database.js';
import { LedgerError } from '../error.js';
import { damaged, otherFormat } from './damage.js';
import {
  blockKey,
  decodePosition,
  decodeVersion,
  EMPTY_CHAIN,
  encodeNumber,
  encodePosition,
  encodeState,
  type Position,
  POSITION,
  STATE,
  TRANSACTION,
  VERSION_LENGTH,
} from './entries.js';
import { FORMAT, Mark, type Marked } from './mark.js';
import type { Read } from './read-write-set.js';
import { RecentWrites } from './recent-writes.js';
import { checkTail } from './tail.js';
import { forgetOld, OLD_FORMAT, upgradeLedger } from './upgrade.js';

export interface StoreOptions {
  readonly directory: string;
  /** How many bytes must be free on its disk for a block to be written. */
  readonly reserve: number;
  /** Size up to which opening checks every entry, in bytes; 32 MiB unless given. */
  readonly wholeUpTo?: number | undefined;
}

/** A block with everything its commit changes. */
export interface Commit {
  readonly block: Uint8Array;
  /** Ids of the block's transactions that were not on the ledger before. */
  readonly txIds: readonly string[];
  readonly updates: readonly StateUpdate[];
  readonly position: Position;
}

export interface StoreCopy extends Copy {
  /** The number of blocks. */
  readonly height: number;
}

export interface StateValue {
  readonly value: Uint8Array;
  readonly version: Version;
}

/** Committed state as it was after one block, however many are committed meanwhile. Let go of it with `release`. */
export interface StateView {
  /** The number of blocks that made this state. */
  readonly height: number;
  /** Do not change the bytes: others get the same. */
  get(key: string): StateValue | undefined;
  release(): void;
}

/**
 * Blocks, state, transaction ids and position in one LevelDB, changed by one synced batch a block: after a crash at any
 * moment the last batch is there whole or not at all, so there is nothing to recover.
 */
export class Store {
  readonly directory: string;
  readonly #reserve: number;
  readonly #db: CheckedDatabase;
  readonly #mark: Mark;
  #position: Position;
  #view: SharedView;
  readonly #recent = new RecentWrites();

  private constructor({ directory, reserve }: StoreOptions, db: CheckedDatabase, mark: Mark, position: Position) {
    this.directory = directory;
    this.#reserve = reserve;
    this.#db = db;
    this.#mark = mark;
    this.#position = position;
    this.#view = new SharedView(db, position.height, new Map());
  }

  /**
   * Opens a ledger, of the format before too. Its position and its last blocks are checked, and all of it while it is
   * small; the rest is for {@link check}.
   *
   * @throws LedgerError `UNAVAILABLE` when another process has the directory open, `OTHER_FORMAT`, `DAMAGED`.
   */
  static async open(options: StoreOptions): Promise<Store> {
    const { directory } = options;
    const marked = await Mark.open(directory);
    const begin = (folder: string): Promise<CheckedDatabase> => begun({ ...options, directory: folder }, marked);
    let db: CheckedDatabase | undefined;
    try {
      if (marked?.format === OLD_FORMAT) {
        await upgradeLedger(directory, begin);
        marked.mark.write(marked.height);
        marked.mark.sync();
      }
      await forgetOld(directory);
      db = await begin(directory);
      const position = positionOf(db, directory, marked);
      return new Store(options, db, marked?.mark ?? (await Mark.make(directory)), position);
    } catch (error) {
      await db?.close();
      marked?.mark.close();
      throw error;
    }
  }

  get position(): Position {
    return this.#position;
  }

  /**
   * Resolves when the block and all it changes are on disk, and readers see it. One call at a time.
   *
   * @throws LedgerError `NO_SPACE` with nothing written, before the disk is full: LevelDB cannot go on after a write that
   *   failed half-way.
   */
  async append({ block, txIds, updates, position }: Commit): Promise<void> {
    await this.#demandSpace();
    const number = this.#position.height;
    const changes: EntryChange[] = [{ key: blockKey(number), before: undefined, after: block }];
    for (const txId of txIds) changes.push({ key: TRANSACTION + txId, before: undefined, after: encodeNumber(number) });
    for (const { key, value, version } of updates) {
      const place = STATE + String(key);
      changes.push({
        key: place,
        before: this.#db.get(place),
        after: value ? encodeState(value, version) : undefined,
      });
    }
    await this.#db.write(changes, encodePosition(position), { sync: true });
    this.#mark.write(position.height);
    this.#position = position;
    this.#recent.add(number, updates);
    const old = this.#view;
    this.#view = new SharedView(this.#db, position.height, old.handOver(updates));
    old.release();
  }

  async #demandSpace(): Promise<void> {
    const free = await freeBytes(this.directory);
    if (free >= this.#reserve) return;
    const [have, least] = [free, this.#reserve].map((bytes) => Math.floor(bytes / MEBIBYTE));
    throw new LedgerError(
      'NO_SPACE',
      `${have} MiB are free where ${this.directory} is, and no block is written with less than ${least}: make room`,
    );
  }

  /** The last committed state, to be released by the caller. @throws LedgerError `DAMAGED` once damage was found */
  view(): StateView {
    if (this.#db.failure) throw this.#db.failure;
    return this.#view.share();
  }

  /** Whether a key, read as it was after `height` blocks, still is as it was read. */
  isCurrent({ key, version }: Read, height: number): boolean {
    if (this.#recent.covers(height)) return (this.#recent.lastWrite(key) ?? -1) < height;
    const found = this.#db.get(STATE + key);
    const now = found && decodeVersion(found);
    return now?.block === version?.block && now?.transaction === version?.transaction;
  }

  block(number: number): Uint8Array | undefined {
    return this.#db.get(blockKey(number));
  }

  /** The number of the block that first held this transaction, valid or not. */
  blockOf(txId: string): number | undefined {
    return this.#db.get(TRANSACTION + txId)?.readUIntBE(0, 6);
  }

  /** All entries as they are now, whatever is committed meanwhile. */
  copy(): StoreCopy {
    const snapshot = this.#db.snapshot();
    const head = this.#db.head(snapshot);
    const { height } = head ? decodePosition(head) : EMPTY_CHAIN;
    return { height, pages: this.#db.entries({ snapshot }), release: () => snapshot.close() };
  }

  /** What is damaged, once that has been found: then nothing is read or written any more. */
  get failure(): Error | undefined {
    return this.#db.failure;
  }

  /** Checks every entry, while others read and write. @throws LedgerError `DAMAGED` */
  check(options: CheckOptions): Promise<void> {
    return this.#db.check(options);
  }

  async close(): Promise<void> {
    this.#view.release();
    await this.#db.close();
    this.#mark.close();
  }
}

/** Begins the database of a ledger in an empty folder. */
export function newDatabase(directory: string): Promise<CheckedDatabase> {
  return begun({ directory }, undefined);
}

/** Opens the database of a ledger of the present format. */
function begun(
  { directory, wholeUpTo }: Pick<StoreOptions, 'directory' | 'wholeUpTo'>,
  marked: Marked | undefined,
): Promise<CheckedDatabase> {
  const refuse = ({ kind, reason }: OpenFailure, cause?: unknown): Error => {
    if (kind === 'damaged') return damaged(directory, reason, cause);
    const why = kind === 'locked' ? 'another process has it open; one process holds a ledger at a time' : reason;
    return new LedgerError('UNAVAILABLE', `cannot open the ledger in ${directory}: ${why}`, { cause });
  };
  return CheckedDatabase.open({
    directory,
    head: POSITION,
    refuse,
    otherFormat: () => (marked ? undefined : otherFormat(directory, 1, FORMAT)), // format 1 had no mark
    wholeUpTo,
    writeBufferBytes: 16 * MEBIBYTE,
  });
}

/** The position, which the mark and the last blocks must agree with. */
function positionOf(db: CheckedDatabase, directory: string, marked: Marked | undefined): Position {
  const head = db.head();
  const position = head ? decodePosition(head) : EMPTY_CHAIN;
  if (marked && position.height < marked.height) {
    throw damaged(directory, `it had ${marked.height} blocks, and has ${position.height}`);
  }
  const wrong = checkTail(position, (number) => db.get(blockKey(number)));
  if (wrong !== undefined) throw damaged(directory, wrong);
  return position;
}

/**
 * One LevelDB snapshot for all simulations between two blocks; closed when the last of them is done. Values once read
 * are kept, and move on to the next view: few keys are read by nearly every transaction.
 */
class SharedView implements StateView {
  readonly height: number;
  readonly #db: CheckedDatabase;
  readonly #snapshot: DatabaseSnapshot;
  #known: Map<string, StateValue>;
  #holders = 1;

  constructor(db: CheckedDatabase, height: number, known: Map<string, StateValue>) {
    this.height = height;
    this.#db = db;
    this.#snapshot = db.snapshot();
    this.#known = known;
  }

  get(key: string): StateValue | undefined {
    const known = this.#known.get(key);
    if (known) return known;
    const found = this.#db.get(STATE + key, this.#snapshot);
    if (!found) return undefined;
    const value = { value: found.subarray(VERSION_LENGTH), version: decodeVersion(found) };
    if (this.#known.size >= KNOWN_LIMIT) this.#known.clear();
    this.#known.set(key, value);
    return value;
  }

  share(): StateView {
    this.#holders++;
    return this;
  }

  release(): void {
    if (--this.#holders === 0) void this.#snapshot.close();
  }

  /** Gives up what is known, less what a block changed; who still holds this view reads on from its snapshot. */
  handOver(updates: Iterable<StateUpdate>): Map<string, StateValue> {
    const known = this.#known;
    this.#known = new Map();
    for (const { key } of updates) known.delete(String(key));
    return known;
  }
}

const KNOWN_LIMIT = 4096;
const MEBIBYTE = 1024 * 1024;
