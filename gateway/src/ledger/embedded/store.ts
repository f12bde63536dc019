// SPDX-License-Identifier: Apache-2.0
import { Level } from 'level';
import type { StateUpdate, Version } from 'yuanliu-verifier/hash';
import { makePrivateFolder } from '../../private-files.js';
import { LedgerError } from '../error.js';
import type { Read } from './read-write-set.js';
import { RecentWrites } from './recent-writes.js';

/** How far the chain has come: what the next block is linked to. */
export interface Position {
  /** The number of blocks. */
  readonly height: number;
  /** Hash of the last block's header. */
  readonly headerHash: Uint8Array;
  /** Fabric's commit hash after the last block; empty after the genesis block. */
  readonly commitHash: Uint8Array;
}

/** A block with everything its commit changes. */
export interface Commit {
  readonly block: Uint8Array;
  /** Ids of the block's transactions that were not on the ledger before. */
  readonly txIds: readonly string[];
  readonly updates: readonly StateUpdate[];
  readonly position: Position;
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
  readonly #db: Level<string, Buffer>;
  #position: Position;
  #view: SharedView;
  readonly #recent = new RecentWrites();

  private constructor(db: Level<string, Buffer>, position: Position) {
    this.#db = db;
    this.#position = position;
    this.#view = new SharedView(db, position.height, new Map());
  }

  /** @throws LedgerError `UNAVAILABLE` when another process has the directory open, or it is of another format. */
  static async open(directory: string): Promise<Store> {
    await makePrivateFolder(directory);
    const db = new Level<string, Buffer>(directory, { valueEncoding: 'buffer', writeBufferSize: 16 * 1024 * 1024 });
    try {
      await db.open();
    } catch (cause) {
      throw new LedgerError('UNAVAILABLE', `cannot open the ledger in ${directory}: ${reason(cause)}`, { cause });
    }
    const position = db.getSync(POSITION);
    return new Store(db, position ? decodePosition(position) : EMPTY_CHAIN);
  }

  get position(): Position {
    return this.#position;
  }

  /** Resolves when the block and all it changes are on disk, and readers see it. One call at a time. */
  async append({ block, txIds, updates, position }: Commit): Promise<void> {
    const number = this.#position.height;
    const batch = this.#db.batch();
    batch.put(blockKey(number), asBuffer(block));
    txIds.forEach((txId) => batch.put(TRANSACTION + txId, encodeNumber(number)));
    for (const { key, value, version } of updates) {
      if (value) batch.put(STATE + String(key), encodeState(value, version));
      else batch.del(STATE + String(key));
    }
    batch.put(POSITION, encodePosition(position));
    await batch.write({ sync: true });
    this.#position = position;
    this.#recent.add(number, updates);
    const old = this.#view;
    this.#view = new SharedView(this.#db, position.height, old.handOver(updates));
    old.release();
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

  async close(): Promise<void> {
    this.#view.release();
    await this.#db.close();
  }
}

type Snapshot = ReturnType<Level<string, Buffer>['snapshot']>;

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

const POSITION = 'position';
const BLOCK = 'b';
const STATE = 's';
const TRANSACTION = 't';
const EMPTY_CHAIN: Position = { height: 0, headerHash: Buffer.alloc(0), commitHash: Buffer.alloc(0) };

/** Block number in 6 bytes, place in the block in 4. */
const VERSION_LENGTH = 10;

function blockKey(number: number): string {
  return BLOCK + number.toString(16).padStart(12, '0');
}

function encodeState(value: Uint8Array, { block, transaction }: Version): Buffer {
  const out = Buffer.allocUnsafe(VERSION_LENGTH + value.length);
  out.writeUIntBE(block, 0, 6);
  out.writeUInt32BE(transaction, 6);
  out.set(value, VERSION_LENGTH);
  return out;
}

function decodeVersion(bytes: Buffer): Version {
  return { block: bytes.readUIntBE(0, 6), transaction: bytes.readUInt32BE(6) };
}

function encodeNumber(number: number): Buffer {
  const out = Buffer.allocUnsafe(6);
  out.writeUIntBE(number, 0, 6);
  return out;
}

/** Format version, height, header hash, commit hash. */
function encodePosition({ height, headerHash, commitHash }: Position): Buffer {
  return Buffer.concat([Buffer.from([FORMAT]), encodeNumber(height), headerHash, commitHash]);
}

const FORMAT = 1;

function decodePosition(bytes: Buffer): Position {
  if (bytes[0] !== FORMAT) {
    throw new LedgerError('UNAVAILABLE', `this ledger has format ${bytes[0] ?? 0}, this program reads ${FORMAT}`);
  }
  return { height: bytes.readUIntBE(1, 6), headerHash: bytes.subarray(7, 39), commitHash: bytes.subarray(39) };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function reason(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { code?: string; message?: string } | undefined) : undefined;
  if (cause?.code === 'LEVEL_LOCKED') return 'another process has it open; one process holds a ledger at a time';
  return cause?.message ?? String(error);
}
