// SPDX-License-Identifier: Apache-2.0
import { type Group, priceFor } from './fair-queue.js';

/**
 * How much time of the event loop each group used lately, and who has used more than its share. As long as several groups are
 * active, they have a part of the loop together: {@link CAPACITY}. A group that wants less than its share leaves the rest to
 * the others, in equal parts (max-min fairness); strangers together have a smaller share. A group that is alone has all of it.
 *
 * A crowd is a group for which many requests wait: it asks for more than it gets, and each of them waits anyway. Crowds begin
 * nothing once {@link CAPACITY_FOR_CROWDS} is used. So a group that asks for one thing after the other finds the loop free,
 * whatever the others ask for.
 */
export class LoopShares {
  readonly #now: () => number;
  readonly #groups = new Map<Group, Use>();
  /** What a group at price 1 may have used, a crowd and any other; worked out again every few milliseconds. */
  #levels = { crowd: Infinity, other: Infinity };
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
  mayGoOn(group: Group, isCrowd: boolean): boolean {
    const now = this.#now();
    if (now >= this.#levelUntil) {
      const uses = this.#uses(now);
      this.#levels = { crowd: levelOf(uses, CAPACITY_FOR_CROWDS), other: levelOf(uses, CAPACITY) };
      this.#levelUntil = now + LEVEL_MS;
    }
    const use = this.#groups.get(group);
    const { crowd, other } = this.#levels;
    return use === undefined || decayed(use, now) * priceFor(group) <= (isCrowd ? crowd : other);
  }

  /** What the active groups used, the least at its price first. */
  #uses(now: number): readonly PricedUse[] {
    for (const [group, { at }] of this.#groups) if (now - at > ACTIVE_MS) this.#groups.delete(group);
    return Array.from(this.#groups, ([group, use]) => {
      const price = priceFor(group);
      return { used: decayed(use, now), price, level: decayed(use, now) * price };
    }).sort((a, b) => a.level - b.level);
  }
}

interface PricedUse {
  readonly used: number;
  readonly price: number;
  readonly level: number;
}

/** Fills a capacity like water: each gets what it used, or as much as the others who want more. */
function levelOf(uses: readonly PricedUse[], capacity: number): number {
  if (uses.length < 2) return Infinity;
  let left = capacity * WINDOW_MS;
  let parts = uses.reduce((sum, { price }) => sum + 1 / price, 0);
  for (const { used, price, level } of uses) {
    if (level > left / parts) return left / parts;
    left -= used;
    parts -= 1 / price;
  }
  return Infinity;
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

/** The part of the loop that several groups have together, and the part that is left to crowds. */
const CAPACITY = 0.85;
const CAPACITY_FOR_CROWDS = 0.5;
/** For how long use counts, in milliseconds: the less, the sooner one who begins to ask for much is held. */
const WINDOW_MS = 200;
/** For how long a group is active after it used the loop, in milliseconds. */
const ACTIVE_MS = 5000;
const LEVEL_MS = 2;
