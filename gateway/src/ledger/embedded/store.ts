// SPDX-License-Identifier: Apache-2.0
import { Level } from 'level';
import type { StateUpdate, Version } from 'yuanliu-verifier/wire/hash';
import { freeBytes } from '../../storage/data-folder.js';
import { type Copy, openFailureOf, pagesOf } from '../../storage/level.js';
import { makePrivateFolder } from '../../storage/private-files.js';
import { EMPTY_TALLY, tallied, tallyOf } from '../../storage/tally.js';
import { LedgerError } from '../error.js';
import { damaged, otherFormat } from './damage.js';
import {
  asBuffer,
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
import { FORMAT, Mark } from './mark.js';
import type { Read } from './read-write-set.js';
import { RecentWrites } from './recent-writes.js';

export interface StoreOptions {
  readonly directory: string;
  /** How many bytes must be free on its disk for a block to be written. */
  readonly reserve: number;
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
  readonly #db: Database;
  readonly #mark: Mark;
  #position: Position;
  /** Over every entry but the position. */
  #tally: number;
  #view: SharedView;
  readonly #recent = new RecentWrites();

  private constructor(
    { directory, reserve }: StoreOptions,
    db: Database,
    mark: Mark,
    [position, tally]: readonly [Position, number],
  ) {
    this.directory = directory;
    this.#reserve = reserve;
    this.#db = db;
    this.#mark = mark;
    this.#position = position;
    this.#tally = tally;
    this.#view = new SharedView(db, position.height, new Map());
  }

  /**
   * Reads the whole of it: what opens is as it was written.
   *
   * @throws LedgerError `UNAVAILABLE` when another process has the directory open, `OTHER_FORMAT`, `DAMAGED`.
   */
  static async open(options: StoreOptions): Promise<Store> {
    const { directory } = options;
    await makePrivateFolder(directory);
    const marked = await Mark.open(directory);
    const db: Database = new Level(directory, { valueEncoding: 'buffer', writeBufferSize: 16 * MEBIBYTE });
    try {
      await openDatabase(db, directory);
      const whole = await readWhole(db, directory, marked?.height);
      return new Store(options, db, marked?.mark ?? (await Mark.make(directory)), whole);
    } catch (error) {
      await db.close();
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
    const batch = this.#db.batch();
    let tally = this.#tally;
    const write = (key: string, before: Buffer | undefined, after: Buffer | undefined): void => {
      tally = tallied(tally, key, before, after);
      if (after) batch.put(key, after);
      else batch.del(key);
    };
    write(blockKey(number), undefined, asBuffer(block));
    for (const txId of txIds) write(TRANSACTION + txId, undefined, encodeNumber(number));
    for (const { key, value, version } of updates) {
      const place = STATE + String(key);
      write(place, this.#db.getSync(place), value ? encodeState(value, version) : undefined);
    }
    batch.put(POSITION, encodePosition(position, tally));
    await batch.write({ sync: true });
    this.#mark.write(position.height);
    this.#position = position;
    this.#tally = tally;
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

  /** The last committed state, to be released by the caller. */
  view(): StateView {
    return this.#view.share();
  }

  /** Whether a key, read as it was after `height` blocks, still is as it was read. */
  isCurrent({ key, version }: Read, height: number): boolean {
    if (this.#recent.covers(height)) return (this.#recent.lastWrite(key) ?? -1) < height;
    const found = this.#db.getSync(STATE + key);
    const now = found && decodeVersion(found);
    return now?.block === version?.block && now?.transaction === version?.transaction;
  }

  block(number: number): Uint8Array | undefined {
    return this.#db.getSync(blockKey(number));
  }

  /** The number of the block that first held this transaction, valid or not. */
  blockOf(txId: string): number | undefined {
    return this.#db.getSync(TRANSACTION + txId)?.readUIntBE(0, 6);
  }

  /** All entries as they are now, whatever is committed meanwhile. */
  copy(): StoreCopy {
    const snapshot = this.#db.snapshot();
    const stored = this.#db.getSync(POSITION, { snapshot });
    const { height } = stored ? decodePosition(stored)[0] : EMPTY_CHAIN;
    const pages = pagesOf(this.#db.iterator({ snapshot, highWaterMarkBytes: MEBIBYTE }));
    return { height, pages, release: () => snapshot.close() };
  }

  async close(): Promise<void> {
    this.#view.release();
    await this.#db.close();
    this.#mark.close();
  }
}

type Database = Level<string, Buffer>;
type Snapshot = ReturnType<Database['snapshot']>;

async function openDatabase(db: Database, directory: string): Promise<void> {
  try {
    await db.open();
  } catch (cause) {
    const { kind, reason } = openFailureOf(cause);
    if (kind === 'damaged') throw damaged(directory, reason, cause);
    const why = kind === 'locked' ? 'another process has it open; one process holds a ledger at a time' : reason;
    throw new LedgerError('UNAVAILABLE', `cannot open the ledger in ${directory}: ${why}`, { cause });
  }
}

/** The position, and the sum of the entries, all of which were read: a database without a mark must be new. */
async function readWhole(db: Database, directory: string, marked?: number): Promise<readonly [Position, number]> {
  try {
    const stored = db.getSync(POSITION);
    if (stored && marked === undefined) throw otherFormat(directory, 1, FORMAT); // format 1 had no mark
    const [position, tally] = stored ? decodePosition(stored) : [EMPTY_CHAIN, EMPTY_TALLY];
    if (marked !== undefined && position.height < marked) {
      throw damaged(directory, `it had ${marked} blocks, and has ${position.height}`);
    }
    const found = await tallyOf(db.iterator({ highWaterMarkBytes: MEBIBYTE }), POSITION);
    if (found !== tally) throw damaged(directory, 'what it holds is not what was written');
    return [position, tally];
  } catch (error) {
    throw error instanceof LedgerError ? error : damaged(directory, 'it cannot be read', error);
  }
}

/**
 * One LevelDB snapshot for all simulations between two blocks; closed when the last of them is done. Values once read
 * are kept, and move on to the next view: few keys are read by nearly every transaction.
 */
class SharedView implements StateView {
  readonly height: number;
  readonly #db: Level<string, Buffer>;
  readonly #options: { readonly snapshot: Snapshot };
  #known: Map<string, StateValue>;
  #holders = 1;

  constructor(db: Level<string, Buffer>, height: number, known: Map<string, StateValue>) {
    this.height = height;
    this.#db = db;
    this.#options = { snapshot: db.snapshot() };
    this.#known = known;
  }

  get(key: string): StateValue | undefined {
    const known = this.#known.get(key);
    if (known) return known;
    const found = this.#db.getSync(STATE + key, this.#options);
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
    if (--this.#holders === 0) void this.#options.snapshot.close();
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
