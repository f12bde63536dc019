// SPDX-License-Identifier: Apache-2.0
import { type Group, groupOf, STRANGERS } from '../../runtime/fair-queue.js';
import { countBy } from './count-by.js';
import type { Problem } from '../../errors/problem.js';
import type { Asked } from '../route.js';
import { WaitQueue } from './wait-queue.js';

export type Taker = Pick<Asked, 'subject' | 'address' | 'signal'>;

/**
 * Bounds what is under way at a time: to each organisation its share, and to those without a token a pool of their own, of which
 * each address has a share. So neither another organisation nor any number of strangers takes an organisation's places.
 */
export interface Places {
  /**
   * Does `work` in a place that is held until it is done, and until the answer is sent or the connection lost. Where the share is
   * free and the pool is full, it waits a little: organisations come in turn.
   *
   * @throws Problem when there is none: nothing was done.
   */
  hold<T>(by: Taker, work: () => T | Promise<T>): Promise<T>;
}

export interface PlacesOptions {
  /** Places of one organisation. */
  readonly each: number;
  /** Places of all organisations. */
  readonly inAll: number;
  /** Places of one address without a token, and of all of them. */
  readonly strangers: { readonly each: number; readonly inAll: number };
  /** How long one waits for a place in a full pool, in milliseconds. */
  readonly patience?: number;
  readonly none: () => Problem;
}

export function newPlaces({ each, inAll, strangers, patience = PATIENCE, none }: PlacesOptions): Places {
  const asking = new Map<string, number>();
  const taken = { organizations: 0, strangers: 0 };
  const queue = new WaitQueue();
  const poolOf = (group: Group): keyof typeof taken => (group === STRANGERS ? 'strangers' : 'organizations');
  const isFree = (group: Group): boolean =>
    group === STRANGERS ? taken.strangers < strangers.inAll : taken.organizations < inAll;

  const takePlace = async (group: Group, signal: AbortSignal): Promise<boolean> => {
    const served = (): void => {
      taken[poolOf(group)] += 1;
    };
    if (!isFree(group)) return queue.wait(group, { patience, signal, served });
    served();
    return true;
  };
  const giveBack = (group: Group, key: string): void => {
    countBy(asking, key, -1);
    taken[poolOf(group)] -= 1;
    while (queue.next(isFree)) continue;
  };

  return {
    hold: async ({ subject, address, signal }, work) => {
      const group = groupOf(subject?.organization);
      const key = subject ? group : `address ${address}`;
      if ((asking.get(key) ?? 0) >= (subject ? each : strangers.each)) throw none();
      countBy(asking, key, 1);
      if (!(await takePlace(group, signal))) {
        countBy(asking, key, -1);
        throw none();
      }
      try {
        return await work();
      } finally {
        if (signal.aborted) giveBack(group, key);
        else
          signal.addEventListener(
            'abort',
            () => {
              giveBack(group, key);
            },
            { once: true },
          );
      }
    },
  };
}

const PATIENCE = 2000;
