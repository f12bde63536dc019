// SPDX-License-Identifier: Apache-2.0
import { type Group, priceFor } from './fair-queue.js';

/**
 * How much time of the event loop each group used lately, and who has used more than its share. As long as several groups are
 * active, they have {@link CAPACITY} of the loop together. A group that wants less than its share leaves the rest to the
 * others, in equal parts (max-min fairness); strangers together have a smaller part. A group that is alone has all of it.
 *
 * The rest of the loop is for what cannot wait: requests as they arrive, blocks as they come. So a group that asks for little
 * finds the loop free, whatever the others ask for.
 */
export class LoopShares {
  readonly #now: () => number;
  readonly #groups = new Map<Group, Use>();
  /** What a group may have used at price 1; worked out again every few milliseconds. */
  #level = Infinity;
  #levelUntil = -Infinity;

  /** @param now in milliseconds, from any beginning */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Counts time that was used for a group. */
  charge(group: Group, ms: number): void {
    const now = this.#now();
    const use = this.#groups.get(group) ?? { used: 0, at: now };
    this.#groups.set(group, { used: decayed(use, now) + ms, at: now });
  }

  /** Whether a group may use more now; once it may not, it may again a while later, or when it is alone. */
  mayGoOn(group: Group): boolean {
    const now = this.#now();
    if (now >= this.#levelUntil) {
      this.#level = this.#newLevel(now);
      this.#levelUntil = now + LEVEL_MS;
    }
    const use = this.#groups.get(group);
    return use === undefined || decayed(use, now) * priceFor(group) <= this.#level;
  }

  /** Fills the capacity like water: each gets what it used, or as much as the others who want more. */
  #newLevel(now: number): number {
    for (const [group, { at }] of this.#groups) if (now - at > ACTIVE_MS) this.#groups.delete(group);
    if (this.#groups.size < 2) return Infinity;
    const uses = Array.from(this.#groups, ([group, use]) => {
      const price = priceFor(group);
      return { used: decayed(use, now), price, level: decayed(use, now) * price };
    }).sort((a, b) => a.level - b.level);
    let left = CAPACITY * WINDOW_MS;
    let parts = uses.reduce((sum, { price }) => sum + 1 / price, 0);
    for (const { used, price, level } of uses) {
      if (level > left / parts) return left / parts;
      left -= used;
      parts -= 1 / price;
    }
    return Infinity;
  }
}

interface Use {
  /** Milliseconds, less the longer ago. */
  readonly used: number;
  /** When that was. */
  readonly at: number;
}

function decayed({ used, at }: Use, now: number): number {
  return used * Math.exp((at - now) / WINDOW_MS);
}

/** The part of the loop that several groups have together. */
const CAPACITY = 0.6;
/** For how long use counts, in milliseconds: the less, the sooner one who begins to ask for much is held. */
const WINDOW_MS = 200;
/** For how long a group is active after it used the loop, in milliseconds. */
const ACTIVE_MS = 5000;
const LEVEL_MS = 2;
