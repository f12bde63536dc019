// SPDX-License-Identifier: Apache-2.0
import type { OpenFailure } from '../../storage/level.js';
import { CheckedDatabase, type CheckOptions, type EntryChange } from '../../storage/checked-database.js';
import { type DatabaseSnapshot as Snapshot, openDatabase } from '../../storage/open-database.js';
import { Adjacency } from './adjacency.js';
import { Batch } from './batch.js';
import { IndexError } from '../error.js';
import type { ActPlace } from '../rows/act-rows.js';
import { decodeEdges, type EdgeText, type GraphName, graphs } from '../rows/graph-rows.js';
import { END, HEX_BLOCK, keys, type Key } from '../rows/keys.js';
import { RowCache } from './row-cache.js';
import type { BlockRow, HistoryRow, NodeRow, Position, RecordRow } from '../rows/rows.js';

export interface StoreOptions {
  readonly directory: string;
  /** Size up to which opening checks every entry, in bytes; 32 MiB unless given. */
  readonly wholeUpTo?: number;
}

/**
 * The rows in LevelDB and the graphs in memory. One batch a block holds its rows, its edges, the position and the digest:
 * after a crash at any moment the index is as it was after some block, and goes on from there. Not synced: what a power
 * failure takes off the end is followed again.
 */
export class IndexStore {
  readonly lineage = new Adjacency();
  readonly parents = new Adjacency();
  readonly #db: CheckedDatabase;
  readonly #versions = new RowCache<number, NodeRow>(KEPT);
  readonly #records = new RowCache<string, RecordRow>(KEPT);
  readonly #histories = new RowCache<string, HistoryRow>(KEPT / 4);
  readonly #names = new RowCache<string, number>(KEPT / 4);
  #position: Position = EMPTY;

  private constructor(db: CheckedDatabase) {
    this.#db = db;
  }

  /**
   * Opens an index. Its position and last block are checked, and all of it while it is small; the rest is for {@link check}.
   *
   * @throws IndexError `UNAVAILABLE` when another process has the directory open, `OTHER_FORMAT`, `DAMAGED`.
   */
  static async open({ directory, wholeUpTo }: StoreOptions): Promise<IndexStore> {
    const db = await CheckedDatabase.open({
      directory,
      head: keys.position,
      refuse: (failure, cause) => refused(directory, failure, cause),
      otherFormat: (stored) =>
        stored.indexOf(OLD_POSITION) === 0 ? otherFormat(directory, 'an older format') : undefined,
      wholeUpTo,
      cacheBytes: 64 * MEBIBYTE,
      writeBufferBytes: 16 * MEBIBYTE,
    });
    const store = new IndexStore(db);
    try {
      store.#load(directory);
      for (const graph of graphs) await store.#loadGraph(graph);
      return store;
    } catch (error) {
      await db.close();
      throw error instanceof IndexError ? error : damaged(directory, 'it cannot be read', error);
    }
  }

  /** Deletes an index. @throws IndexError `UNAVAILABLE` when another process has it open */
  static async erase(directory: string): Promise<void> {
    try {
      const db = await openDatabase(directory, (failure, cause) => refused(directory, failure, cause));
      await db.close();
    } catch (error) {
      if (!(error instanceof IndexError && error.code === 'DAMAGED')) throw error;
    }
    await CheckedDatabase.erase(directory);
  }

  get position(): Position {
    return this.#position;
  }

  /** An empty batch over what is stored now. */
  batch(): Batch {
    return new Batch((key) => this.#text(key));
  }

  /** Writes what one block changes, and lengthens the graphs. One call at a time. */
  async commit(batch: Batch, position: Position, edges: Readonly<Record<GraphName, readonly number[]>>): Promise<void> {
    await this.#write(batch, position);
    for (const graph of graphs) this[graph].add(edges[graph]);
    this.#position = position;
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

  /** A row of the acts on `kind/id`. */
  actRow(ref: string, row: number, snapshot?: Snapshot): readonly ActPlace[] | undefined {
    return this.row(keys.acts(ref, row), snapshot);
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
    for await (const page of this.#db.entries({ ...range, reverse, ...(snapshot ? { snapshot } : {}) })) {
      for (const [key, value] of page) yield [key, Buffer.from(value).toString('utf8')];
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

  /** What is damaged, once that has been found: then nothing is answered any more. */
  get failure(): Error | undefined {
    return this.#db.failure;
  }

  /** Checks every row, while others read and write. @throws IndexError `DAMAGED` */
  check(options: CheckOptions): Promise<void> {
    return this.#db.check(options);
  }

  async close(): Promise<void> {
    await this.#db.close();
  }

  #text(key: string, snapshot?: Snapshot): string | undefined {
    if (key === keys.position) return this.#db.head(snapshot)?.toString('utf8');
    return this.#db.get(key, snapshot)?.toString('utf8');
  }

  async #write(batch: Batch, position: Position): Promise<void> {
    await this.#db.write(changesOf(batch), JSON.stringify({ format: INDEX_FORMAT, ...position }));
    for (const key of batch.changes.keys()) {
      if (key.startsWith(VERSION)) this.#versions.forget(Number.parseInt(key.slice(1), 16));
      else if (key.startsWith(RECORD)) this.#records.forget(key.slice(1));
    }
  }

  #load(directory: string): void {
    const stored = this.row(keys.position);
    if (!stored) return;
    const { format, ...position } = stored;
    if (format !== INDEX_FORMAT) throw otherFormat(directory, `format ${format}`);
    if (this.block(position.height - 1)?.hash !== position.headerHash) {
      throw damaged(directory, 'its last block is not the one that its position names');
    }
    this.#position = position;
  }

  async #loadGraph(name: GraphName): Promise<void> {
    const prefixes = [keys.chunk(name, 0), keys[name](0)].map((key) => key.slice(0, -HEX_BLOCK)); // chunks are earlier
    for (const prefix of prefixes) {
      for await (const [, text] of this.scan(prefix)) this[name].add(decodeEdges(JSON.parse(text) as EdgeText));
    }
  }
}

function* changesOf(batch: Batch): Generator<EntryChange> {
  for (const [key, { before, after }] of batch.changes) yield { key, before, after };
}

function refused(directory: string, { kind, reason }: OpenFailure, cause?: unknown): IndexError {
  if (kind === 'damaged') return damaged(directory, reason, cause);
  const why = kind === 'locked' ? 'another process has it open; one process holds an index at a time' : reason;
  return new IndexError('UNAVAILABLE', `cannot open the index in ${directory}: ${why}`, { cause });
}

function damaged(directory: string, what: string, cause?: unknown): IndexError {
  const message = `the index in ${directory} is damaged: ${what}. It holds nothing that the ledger does not: ${REBUILD}`;
  return new IndexError('DAMAGED', message, { cause });
}

function otherFormat(directory: string, format: string): IndexError {
  const message = `the index in ${directory} has ${format}, this program reads format ${INDEX_FORMAT}: ${REBUILD}`;
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
export const INDEX_FORMAT = 8;
/** How the position of every format before 7 begins: as text, without a checksum. */
const OLD_POSITION = '{"format":';
const MEBIBYTE = 1024 * 1024;
/** How much text of versions, or of records, the rows are kept parsed of, in characters. */
const KEPT = 64 * MEBIBYTE;
const EMPTY: Position = { height: 0, headerHash: '', digest: '', names: 0, latest: '' };
const VERSION = keys.version(0).charAt(0);
const RECORD = keys.record('').charAt(0);
