// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from '../../ledger/port.js';
import { factsOf } from '../../ledger/block-facts.js';
import { appendBlock } from './append-block.js';
import { IndexError } from '../error.js';
import type { IndexStore } from '../store/store.js';
import { say } from '../../messages/index.js';

/** What the index has to say to operators: a pino logger fits. */
export interface IndexLogger {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

/**
 * Feeds the blocks of a ledger to the store, from where the store stands, and goes on as new ones come. A failure is told
 * and tried again: the store's position says where to begin.
 */
export class Follower {
  readonly #store: IndexStore;
  readonly #ledger: Ledger;
  readonly #logger: IndexLogger | undefined;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();
  readonly #done: Promise<void>;
  #failure: Error | undefined;

  constructor(store: IndexStore, ledger: Ledger, logger?: IndexLogger) {
    this.#store = store;
    this.#ledger = ledger;
    this.#logger = logger;
    this.#done = this.#run();
  }

  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Resolves once `block` is in the store. Throws IndexError `NOT_INDEXED` after `timeout` ms or on `signal`, `CLOSED`. */
  async waitFor(block: number, timeout: number, signal?: AbortSignal): Promise<void> {
    const until = performance.now() + timeout;
    while (this.#store.position.height <= block) {
      if (this.#stop.signal.aborted) throw new IndexError('CLOSED', 'this index was closed');
      const left = until - performance.now();
      if (left <= 0 || signal?.aborted) {
        const details = say('not-indexed-in-time', { block, ms: timeout });
        throw new IndexError('NOT_INDEXED', details, { cause: this.#failure });
      }
      await this.#news(left, signal);
    }
  }

  /** Finishes the block in hand. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#tell();
    await this.#done;
  }

  async #run(): Promise<void> {
    for (let pause = FIRST_PAUSE; !this.#stop.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      const begun = this.#store.position.height;
      try {
        await this.#follow();
        return; // the ledger was closed, or this was stopped
      } catch (error) {
        this.#failure = error instanceof Error ? error : new Error(String(error));
        this.#logger?.error({ err: error, height: this.#store.position.height }, 'following the ledger failed');
      }
      if (this.#store.position.height > begun) pause = FIRST_PAUSE;
      await sleep(pause, undefined, { signal: this.#stop.signal }).catch(() => undefined); // stopped: the loop ends
    }
  }

  /** The last block indexed is read once more: if it is another one now, this is the index of another ledger. */
  async #follow(): Promise<void> {
    const { height, headerHash } = this.#store.position;
    for await (const block of this.#ledger.blocks(Math.max(0, height - 1), this.#stop.signal)) {
      const facts = factsOf(block, this.#ledger.chaincode);
      if (facts.number < height) {
        if (facts.headerHash !== headerHash) throw foreign(`block ${facts.number} is another one`);
        continue;
      }
      if (facts.number > 0 && facts.previousHash !== this.#store.position.headerHash) {
        throw foreign(`block ${facts.number} does not follow block ${facts.number - 1}`);
      }
      for (const { txId, reason } of await appendBlock(this.#store, facts)) {
        this.#logger?.error({ block: facts.number, txId, reason }, 'set aside a valid transaction that cannot be read');
      }
      this.#failure = undefined;
      this.#tell();
    }
  }

  #news(timeout: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const told = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(told);
        signal?.removeEventListener('abort', told);
        resolve();
      };
      const timer = setTimeout(told, timeout);
      this.#waiting.add(told);
      signal?.addEventListener('abort', told);
    });
  }

  #tell(): void {
    for (const told of [...this.#waiting]) told();
  }
}

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 30_000;

function foreign(why: string): IndexError {
  return new IndexError('UNAVAILABLE', `this index is of another ledger (${why}): yuanliu reindex builds it anew`);
}
