// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckOptions } from './checked-database.js';

/** Something stored that can be checked whole while it is in use. */
export interface Checkable {
  /** What is shown for it. */
  readonly name: string;
  /** @throws Error when it is damaged */
  check(options: CheckOptions): Promise<void>;
}

/** How far the check of one database has come. */
export interface ScrubReport {
  /** `unchecked` before its first check; `whole` once one has passed; `damaged`. */
  readonly state: 'unchecked' | 'whole' | 'damaged';
  /** About which part of the check under way is done, 0 to 1; absent while none is. */
  readonly progress?: number;
  /** When the last check that passed ended, RFC 3339. */
  readonly checkedAt?: string;
  /** What is damaged, and what to do. */
  readonly failure?: string;
}

export interface ScrubLogger {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface ScrubOptions {
  readonly stores: readonly Checkable[];
  /** Whether others wait for this process: then the check waits, a second a page at most. */
  readonly busy?: () => boolean;
  readonly logger?: ScrubLogger;
  /** How long after the end of a round the next begins, in milliseconds; a day unless given. */
  readonly every?: number;
}

/**
 * Checks what is stored, entry by entry, while it is in use: one store after the other, a page at a time, with pauses in
 * which it does nothing for four times as long as the page took. So it takes a fifth of one core at most.
 */
export class Scrubber {
  readonly #options: ScrubOptions;
  readonly #stop = new AbortController();
  readonly #reports: Map<string, ScrubReport>;
  readonly #done: Promise<void>;

  constructor(options: ScrubOptions) {
    this.#options = options;
    this.#reports = new Map(options.stores.map(({ name }) => [name, { state: 'unchecked' }]));
    this.#done = this.#run();
  }

  /** By the stores' names. */
  get reports(): ReadonlyMap<string, ScrubReport> {
    return this.#reports;
  }

  /** Ends the check under way. To be awaited before a store is closed. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { stores, every = DAY_MS } = this.#options;
    while (!this.#stop.signal.aborted) {
      for (const store of stores) await this.#check(store);
      await this.#rest(every);
    }
  }

  #stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async #check(store: Checkable): Promise<void> {
    const { name } = store;
    const { state, checkedAt } = this.#reports.get(name) ?? { state: 'unchecked' };
    if (state === 'damaged' || this.#stopped()) return;
    const before = { state, ...(checkedAt === undefined ? {} : { checkedAt }) };
    try {
      let read = { entries: 0, bytes: 0 };
      await store.check({
        signal: this.#stop.signal,
        pause: async ({ share, elapsed, ...progress }) => {
          read = progress;
          this.#reports.set(name, { ...before, progress: share });
          await this.#rest(elapsed * IDLE);
          if (this.#options.busy?.() === true) await this.#rest(BUSY_MS);
        },
      });
      if (this.#stopped()) return;
      this.#reports.set(name, { state: 'whole', checkedAt: new Date().toISOString() });
      this.#options.logger?.info({ store: name, ...read }, 'checked every entry of a database');
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      this.#reports.set(name, { state: 'damaged', failure });
      this.#options.logger?.error(
        { store: name, err: error },
        'a database is damaged: nothing is answered from it any more',
      );
    }
  }

  #rest(ms: number): Promise<void> {
    return sleep(ms, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined); // stopped
  }
}

/** Rest for each millisecond of checking. */
const IDLE = 4;
const BUSY_MS = 1000;
const DAY_MS = 86_400_000;
