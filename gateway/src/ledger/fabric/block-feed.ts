// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { type DecodedBlock, type DecodedTransaction, type ValidationCode, VerificationError } from 'yuanliu-verifier';
import { News } from '../embedded/news.js';
import type { LedgerBlock } from '../port.js';
import type { BlockSource, CheckedBlock } from './block-source.js';
import type { Inspector } from './inspector.js';

/** What a block says of one transaction. */
export interface Committed {
  readonly blockNumber: number;
  readonly code: ValidationCode;
  /** Of the channel header, RFC 3339. */
  readonly timestamp: string;
}

export interface BlockFeedOptions {
  readonly source: BlockSource;
  readonly inspector: Inspector;
  /** The first block to be read. */
  readonly from: number;
  /** Told of each new block, before those who wait for its transactions. */
  readonly arrived: (block: DecodedBlock) => void;
  /** Told when no peer goes on: another round begins at once. */
  readonly failed: (error: Error) => void;
  /** Told when a transaction is waited for and no block comes, before the stream is made anew: the peer may be frozen. */
  readonly silent: () => void;
}

/**
 * The one stream of new blocks, which everybody shares: those who wait for a transaction, and those who read blocks. The
 * last few are kept; who is further behind reads them from a peer, until there.
 */
export class BlockFeed {
  readonly #options: BlockFeedOptions;
  readonly #closing = new AbortController();
  readonly #news = new News();
  readonly #waiting = new Map<string, (committed: Committed) => void>();
  readonly #running: Promise<void>;
  readonly #watch: NodeJS.Timeout;
  #stream = new AbortController();
  #recent: LedgerBlock[] = [];
  #recentBytes = 0;
  #lastHash: Buffer | undefined;
  #height: number;
  #failure: Error | undefined;

  constructor(options: BlockFeedOptions) {
    this.#options = options;
    this.#height = options.from;
    this.#running = this.#run();
    let before = this.#waitedFor();
    this.#watch = setInterval(() => {
      const now = this.#waitedFor();
      if (now !== undefined && now === before) this.#renew();
      before = now;
    }, SILENCE_MS);
  }

  /** The number of blocks so far. */
  get height(): number {
    return this.#height;
  }

  /** Resolves once `height` blocks are here; throws after `timeout` milliseconds, with what went wrong. */
  async reach(height: number, timeout: number): Promise<void> {
    const patience = AbortSignal.timeout(timeout);
    while (this.#height < height) {
      if (patience.aborted) throw this.#failure ?? new Error(`block ${height - 1} did not come in ${timeout} ms`);
      await this.#news.wait(patience);
    }
  }

  /** What becomes of a transaction that is about to be sent; undefined if no block holds it within `timeout` ms, or before `signal`. */
  outcome(txId: string, timeout: number, signal: AbortSignal): Promise<Committed | undefined> {
    return new Promise((resolve) => {
      const settle = (committed?: Committed): void => {
        clearTimeout(timer);
        this.#waiting.delete(txId);
        resolve(committed);
      };
      const timer = setTimeout(settle, timeout);
      signal.addEventListener('abort', () => {
        settle();
      });
      this.#waiting.set(txId, settle);
    });
  }

  async *blocks(from: number, signal?: AbortSignal): AsyncGenerator<LedgerBlock, void> {
    const ended = (): boolean => signal?.aborted === true || this.#closing.signal.aborted;
    for (let number = from; !ended();) {
      const first = this.#recent[0]?.number ?? this.#height;
      const kept = this.#recent[number - first];
      if (kept) {
        yield kept;
        number++;
      } else if (number >= first) {
        if (this.#failure) throw this.#failure;
        await this.#news.wait(signal);
      } else {
        for await (const block of this.#history(number, first, signal)) {
          yield block;
          number++;
        }
      }
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    this.#closing.abort();
    this.#news.tell();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { source, inspector, failed } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const ended = AbortSignal.any([signal, this.#stream.signal]);
      try {
        for await (const block of source.follow(inspector, this.#height, ended, this.#lastHash)) this.#take(block);
      } catch (error) {
        this.#failure = error instanceof Error ? error : new Error(String(error));
        failed(this.#failure);
        this.#news.tell();
        await sleep(ROUND_MS, undefined, { signal }).catch(() => undefined); // closing: the loop ends
      }
    }
  }

  #take({ number, bytes, decoded }: CheckedBlock): void {
    this.#recent.push({ number, bytes });
    this.#recentBytes += bytes.length;
    while (this.#recent.length > 1 && (this.#recent.length > KEPT || this.#recentBytes > KEPT_BYTES)) {
      this.#recentBytes -= this.#recent.shift()?.bytes.length ?? 0;
    }
    this.#lastHash = decoded.headerHash;
    this.#height = number + 1;
    this.#failure = undefined;
    this.#options.arrived(decoded);
    for (const transaction of decoded.transactions) {
      // Others' transactions may have anything for a time: only that of one waited for is read.
      const waiting = this.#waiting.get(transaction.txId);
      waiting?.({ blockNumber: number, code: transaction.validationCode, timestamp: timeOf(transaction) });
    }
    this.#news.tell();
  }

  /** Who has waited longest, and for which block; the same twice means that nothing came. */
  #waitedFor(): string | undefined {
    const [oldest] = this.#waiting.keys();
    return oldest === undefined ? undefined : `${oldest} ${this.#height}`;
  }

  #renew(): void {
    this.#options.silent();
    const frozen = this.#stream;
    this.#stream = new AbortController();
    frozen.abort();
  }

  /** Blocks `from` to `to` − 1, from a peer. */
  async *#history(from: number, to: number, signal?: AbortSignal): AsyncGenerator<LedgerBlock, void> {
    const { source, inspector } = this.#options;
    const ended = AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])]);
    for await (const { number, bytes } of source.follow(inspector, from, ended)) {
      yield { number, bytes };
      if (number + 1 >= to) return;
    }
  }
}

/** A forged transaction may bear the id of one that is waited for. */
function timeOf(transaction: DecodedTransaction): string {
  try {
    return transaction.timestamp;
  } catch (error) {
    if (error instanceof VerificationError) return EPOCH;
    throw error;
  }
}

const EPOCH = '1970-01-01T00:00:00Z';

/** How many blocks are kept for readers that are not quite up to date. */
const KEPT = 256;
const KEPT_BYTES = 32 * 1024 * 1024;

/** How long a peer may give no block while a transaction is waited for, in milliseconds. */
const SILENCE_MS = 6000;

/** The pause after every peer failed, in milliseconds. */
const ROUND_MS = 1000;
