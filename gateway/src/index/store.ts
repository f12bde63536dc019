// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Level } from 'level';
import { openFailureOf } from '../storage/level.js';
import { makePrivateFolder } from '../storage/private-files.js';
import { EMPTY_TALLY, tallied, tallyOf } from '../storage/tally.js';
import { Adjacency, type PackedEdges } from './adjacency.js';
import { Batch } from './batch.js';
import type { BlockFacts } from './block-facts.js';
import { IndexError } from './error.js';
import { type Folded, foldBlock } from './fold.js';
import { blockOf, END, keys, type Key } from './keys.js';
import { RowCache } from './row-cache.js';
import type { BlockRow, HistoryRow, NodeRow, Position, RecordRow } from './rows.js';

type Snapshot = ReturnType<Level['snapshot']>;

export interface StoreOptions {
  readonly directory: string;
}

/**
 * The rows in LevelDB and the graphs in memory. One batch a block holds its rows, its edges, the position and the digest:
 * after a crash at any moment the index is as it was after some block, and goes on from there. Not synced: what a power
 * failure takes off the end is followed again.
 */
export class IndexStore {
  readonly lineage = new Adjacency();
  readonly parents = new Adjacency();
  readonly #db: Level;
  readonly #versions = new RowCache<number, NodeRow>(KEPT);
  readonly #records = new RowCache<string, RecordRow>(KEPT);
  readonly #histories = new RowCache<string, HistoryRow>(KEPT / 4);
  readonly #names = new RowCache<string, number>(KEPT / 4);
  #position: Position = EMPTY;
  /** Over every row but the position. */
  #tally = EMPTY_TALLY;

  private constructor(db: Level) {
    this.#db = db;
  }

  /**
   * Reads the whole of it: what opens is as it was written.
   *
   * @throws IndexError `UNAVAILABLE` when another process has the directory open, `OTHER_FORMAT`, `DAMAGED`.
   */
  static async open({ directory }: StoreOptions): Promise<IndexStore> {
    const db = await opened(directory);
    const store = new IndexStore(db);
    try {
      await store.#load(directory);
    } catch (error) {
      await db.close();
      throw error instanceof IndexError ? error : damaged(directory, 'it cannot be read', error);
    }
    return store;
  }

  /** Deletes an index. @throws IndexError `UNAVAILABLE` when another process has it open */
  static async erase(directory: string): Promise<void> {
    const db = await opened(directory).catch((error: unknown) => {
      if (!(error instanceof IndexError && error.code === 'DAMAGED')) throw error;
    });
    await db?.close();
    await rm(directory, { recursive: true, force: true });
  }

  get position(): Position {
    return this.#position;
  }

  /** Adds the next block, and returns the transactions of it that it set aside. One call at a time. */
  async append(block: BlockFacts): Promise<Folded['setAside']> {
    const before = this.#position;
    const batch = new Batch((key) => this.#db.getSync(key));
    const folded = foldBlock(block, before, batch, (name) => this.numberOf(name));
    const { lineage, parents, names, latest } = folded;
    const digest = createHash('sha256')
      .update(Buffer.from(before.digest, 'hex'))
      .update(Buffer.from(block.headerHash, 'hex'))
      .update(batch.digest())
      .digest('hex');
    const setAside = (before.setAside ?? 0) + folded.setAside.length;
    const position: Position = {
      height: block.number + 1,
      headerHash: block.headerHash,
      digest,
      names,
      latest,
      ...(setAside === 0 ? {} : { setAside }),
    };
    await this.#write(batch, position);
    this.lineage.add(lineage, block.number);
    this.parents.add(parents, block.number);
    this.#position = position;
    return folded.setAside;
  }

  /** The row at `key`, as it was when the snapshot was taken if one is given; undefined if there is none. */
  row<Row>(key: Key<Row>, snapshot?: Snapshot): Row | undefined {
    const text = this.#text(key, snapshot);
    return text === undefined ? undefined : (JSON.parse(text) as Row);
  }

  /** Number of a name; undefined if the ledger never mentioned it. */
  numberOf(name: string): number | undefined {
    return this.#names.get(name, () => this.#text(keys.name(name)));
  }

  version(node: number): NodeRow | undefined {
    return this.#versions.get(node, () => this.#text(keys.version(node)));
  }

  /** @param snapshot reads past the rows kept parsed, as they were when it was taken */
  record(ref: string, snapshot?: Snapshot): RecordRow | undefined {
    if (snapshot) return this.row(keys.record(ref), snapshot);
    return this.#records.get(ref, () => this.#text(keys.record(ref)));
  }

  history(ref: string, history: number): HistoryRow | undefined {
    const key = keys.history(ref, history);
    return this.#histories.get(key, () => this.#text(key));
  }

  block(number: number): BlockRow | undefined {
    return this.row(keys.block(number));
  }

  /** Keys and values in key order, of keys that start with `prefix` and lie beyond `after`. */
  async *scan(
    prefix: string,
    { after, reverse = false, snapshot }: ScanOptions = {},
  ): AsyncGenerator<[string, string]> {
    const from = after === undefined ? prefix : prefix + after;
    const range = reverse
      ? { gt: prefix, lt: after === undefined ? prefix + END : from }
      : { gt: from, lt: prefix + END };
    const iterator = this.#db.iterator({ ...range, reverse, ...(snapshot ? { snapshot } : {}) });
    try {
      for (let found = await iterator.nextv(SCAN); found.length > 0; found = await iterator.nextv(SCAN)) yield* found;
    } finally {
      await iterator.close();
    }
  }

  /** Calls `read` with a view that later blocks do not change. */
  async withSnapshot<T>(read: (snapshot: Snapshot, position: Position) => Promise<T>): Promise<T> {
    const snapshot = this.#db.snapshot();
    try {
      return await read(snapshot, this.row(keys.position, snapshot) ?? EMPTY);
    } finally {
      await snapshot.close();
    }
  }

  async close(): Promise<void> {
    await this.#db.close();
  }

  #text(key: string, snapshot?: Snapshot): string | undefined {
    return this.#db.getSync(key, snapshot ? { snapshot } : {});
  }

  async #write(batch: Batch, position: Position): Promise<void> {
    const writes = this.#db.batch();
    let tally = this.#tally;
    for (const [key, { before, after }] of batch.changes) {
      tally = tallied(tally, key, before, after);
      if (after === undefined) writes.del(key);
      else writes.put(key, after);
    }
    writes.put(keys.position, JSON.stringify({ format: INDEX_FORMAT, ...position, sum: summed(tally, position) }));
    await writes.write();
    this.#tally = tally;
    for (const key of batch.changes.keys()) {
      if (key.startsWith(VERSION)) this.#versions.forget(Number.parseInt(key.slice(1), 16));
      else if (key.startsWith(RECORD)) this.#records.forget(key.slice(1));
    }
  }

  async #load(directory: string): Promise<void> {
    const stored = this.row(keys.position);
    if (stored && stored.format !== INDEX_FORMAT) throw otherFormat(directory, stored.format);
    const {
      format: _,
      sum,
      ...position
    } = stored ?? { format: INDEX_FORMAT, sum: summed(EMPTY_TALLY, EMPTY), ...EMPTY };
    this.#tally = await tallyOf(this.#db.iterator({ highWaterMarkBytes: MEBIBYTE }), keys.position);
    if (summed(this.#tally, position) !== sum) throw damaged(directory, 'what it holds is not what was written');
    this.#position = position;
    for (const [letter, graph] of [
      [LINEAGE, this.lineage],
      [PARENTS, this.parents],
    ] as const) {
      for await (const [key, packed] of this.scan(letter)) {
        graph.add(JSON.parse(packed) as PackedEdges, blockOf(key.slice(1)));
      }
    }
  }
}

async function opened(directory: string): Promise<Level> {
  await makePrivateFolder(directory);
  const db = new Level(directory, { cacheSize: 64 * MEBIBYTE, writeBufferSize: 16 * MEBIBYTE });
  try {
    await db.open();
    return db;
  } catch (cause) {
    const { kind, reason } = openFailureOf(cause);
    if (kind === 'damaged') throw damaged(directory, reason, cause);
    const why = kind === 'locked' ? 'another process has it open; one process holds an index at a time' : reason;
    throw new IndexError('UNAVAILABLE', `cannot open the index in ${directory}: ${why}`, { cause });
  }
}

/** The sum of all rows, from that of all but the position. */
function summed(tally: number, position: Position): number {
  return tallied(tally, keys.position, undefined, JSON.stringify(position));
}

function damaged(directory: string, what: string, cause?: unknown): IndexError {
  const message = `the index in ${directory} is damaged: ${what}. It holds nothing that the ledger does not: ${REBUILD}`;
  return new IndexError('DAMAGED', message, { cause });
}

function otherFormat(directory: string, format: number): IndexError {
  const message = `the index in ${directory} has format ${format}, this program reads ${INDEX_FORMAT}: ${REBUILD}`;
  return new IndexError('OTHER_FORMAT', message);
}

const REBUILD = '`yuanliu reindex` deletes it and builds it anew';

export interface ScanOptions {
  /** Where the scan before this one ended. */
  readonly after?: string;
  readonly reverse?: boolean;
  readonly snapshot?: Snapshot;
}

export type { Snapshot };

/** Raise it whenever rows change their meaning: an index of another format is rebuilt. */
export const INDEX_FORMAT = 6;
const MEBIBYTE = 1024 * 1024;
/** How much text of versions, or of records, the rows are kept parsed of, in characters. */
const KEPT = 64 * MEBIBYTE;
const SCAN = 256;
const EMPTY: Position = { height: 0, headerHash: '', digest: '', names: 0, latest: '' };
const VERSION = keys.version(0).charAt(0);
const RECORD = keys.record('').charAt(0);
const LINEAGE = keys.lineage(0).charAt(0);
const PARENTS = keys.parents(0).charAt(0);
