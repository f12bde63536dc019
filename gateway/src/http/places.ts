// SPDX-License-Identifier: Apache-2.0
import type { Problem } from './problem.js';
import type { Asked } from './route.js';

export type Taker = Pick<Asked, 'subject' | 'address' | 'signal'>;

/** Bounds what is under way at a time to each organisation, or to each address without a token, and in all. */
export interface Places {
  /**
   * Does `work` in a place that is held until it is done, and until the answer is sent or the connection lost.
   *
   * @throws Problem when there is none: nothing was done.
   */
  hold<T>(by: Taker, work: () => T | Promise<T>): Promise<T>;
}

export function newPlaces({ each, inAll, none }: { each: number; inAll: number; none: () => Problem }): Places {
  const taken = new Map<string, number>();
  let sum = 0;
  const change = (key: string, by: 1 | -1): void => {
    const count = (taken.get(key) ?? 0) + by;
    sum += by;
    if (count === 0) taken.delete(key);
    else taken.set(key, count);
  };
  return {
    hold: async ({ subject, address, signal }, work) => {
      const key = subject?.organization ?? address;
      if (sum >= inAll || (taken.get(key) ?? 0) >= each) throw none();
      change(key, 1);
      try {
        return await work();
      } finally {
        if (signal.aborted) change(key, -1);
        else
          signal.addEventListener(
            'abort',
            () => {
              change(key, -1);
            },
            { once: true },
          );
      }
    },
  };
}
