// SPDX-License-Identifier: Apache-2.0
import { FairQueue, type Group } from '../../runtime/fair-queue.js';

export interface Waiting {
  /** In milliseconds; for ever unless given. */
  readonly patience?: number;
  readonly signal?: AbortSignal;
  /** Called at the moment of being served, before anybody else is. */
  readonly served?: () => void;
}

/** Requests that wait for a place: groups in turn, each request until its patience ends. */
export class WaitQueue {
  readonly #queue = new FairQueue<() => void>();

  get length(): number {
    return this.#queue.length;
  }

  lengthOf(group: Group): number {
    return this.#queue.lengthOf(group);
  }

  /** Resolves true when it is served, false when its patience ended or `signal` aborted. */
  wait(group: Group, { patience, signal, served }: Waiting = {}): Promise<boolean> {
    if (signal?.aborted) return Promise.resolve(false);
    return new Promise((resolve) => {
      const leave = (wasServed: boolean): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', giveUp);
        this.#queue.delete(group, serve);
        resolve(wasServed);
      };
      const serve = (): void => {
        served?.();
        leave(true);
      };
      const giveUp = (): void => {
        leave(false);
      };
      const timer = patience === undefined ? undefined : setTimeout(giveUp, patience);
      this.#queue.add(group, serve);
      signal?.addEventListener('abort', giveUp);
    });
  }

  /** Serves the one whose turn it is, of the groups that may be served; false if none waits. */
  next(mayServe?: (group: Group) => boolean): boolean {
    const next = this.#queue.next(mayServe);
    if (!next) return false;
    this.#queue.charge(next.group, 1);
    next.item();
    return true;
  }
}
