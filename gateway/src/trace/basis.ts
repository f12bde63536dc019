// SPDX-License-Identifier: Apache-2.0
import { kindNamed } from '../index/kinds.js';
import { parseRef, type LedgerRecord } from 'yuanliu-chaincode/record';
import { standingAt, type Standing } from 'yuanliu-chaincode/standing';
import { blockOf } from '../index/keys.js';
import { recordAsOf } from '../index/reading.js';
import type { IndexStore } from '../index/store.js';

/**
 * Whether authority chains stood at a time, judged by the contract's own `standingAt` on the index's records. A verdict
 * holds between two moments at which anything in the chain changes, so of a thousand acts under one grant few are judged:
 * verdicts are kept until a link of the chain is acted on.
 */
export class Chains {
  readonly #store: IndexStore;
  readonly #chains = new Map<string, Chain>();

  constructor(store: IndexStore) {
    this.#store = store;
  }

  /** The chain above a ref, with the records as they are known as of a block. Good for one walk. */
  above(ref: string, asOf: number): Chain {
    const kept = this.#chains.get(ref);
    if (kept?.isAsOf(this.#store, asOf)) return kept;
    const chain = new Chain(this.#store, ref, asOf);
    if (this.#chains.size >= MOST_CHAINS) this.#chains.clear();
    this.#chains.set(ref, chain);
    return chain;
  }
}

const MOST_CHAINS = 10_000;

export class Chain {
  readonly #ref: string;
  /** Every version of every link that was ever in the chain. */
  readonly #records = new Map<string, LedgerRecord>();
  /** How many acts of each link the chain knows. */
  readonly #links = new Map<string, number>();
  /** Times at which the verdict may change, in order. */
  readonly #changes: readonly string[];
  readonly #verdicts: (Standing | undefined)[] = [];

  constructor(store: IndexStore, ref: string, asOf: number) {
    this.#ref = ref;
    this.#gather(store, asOf);
    const times = [...this.#records.values()].flatMap((record) => {
      const terms = kindNamed(record.kind)?.terms?.(record.body);
      return [...record.timeline.map(({ at }) => at), ...(terms ? [terms.from, terms.to] : [])];
    });
    this.#changes = [...new Set(times)].sort();
  }

  /** Whether no link has been acted on since, as far as is known as of a block. */
  isAsOf(store: IndexStore, asOf: number): boolean {
    for (const [ref, acts] of this.#links) if (actsOf(store, ref, asOf) !== acts) return false;
    return true;
  }

  async judge(at: string): Promise<Standing> {
    const period = this.period(at);
    return (this.#verdicts[period] ??= await standingAt(this.#ref, at, (ref, time) =>
      Promise.resolve(this.#load(ref, time)),
    ));
  }

  /** How many changes came before or at a time: the verdict is the same all through a period. */
  period(at: string): number {
    let [low, high] = [0, this.#changes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle] ?? '') <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #gather(store: IndexStore, asOf: number): void {
    const waiting = [this.#ref];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { kind, id } = parseRef(next);
      const ref = `${kind}/${id}`;
      if (this.#links.has(ref)) continue;
      this.#links.set(ref, actsOf(store, ref, asOf));
      const current = recordAsOf(store, ref, asOf)?.view.record;
      for (let version = 1; current && version <= current.version; version++) {
        const record = version < current.version ? recordAsOf(store, ref, asOf, { version })?.view.record : current;
        if (!record) continue;
        this.#records.set(`${ref}@${version}`, record);
        this.#records.set(ref, record); // the last one set is the current one
        waiting.push(...(kindNamed(kind)?.parents?.(record.body) ?? []));
      }
    }
  }

  /** As the contract loads a link: the version that was current then, with what is known of it since. */
  #load(ref: string, time: string): LedgerRecord | undefined {
    const current = this.#records.get(ref);
    if (!current || ref.includes('@')) return current;
    const moment = current.timeline.findLast(({ at }) => at <= time);
    return moment && moment.version < current.version ? this.#records.get(`${ref}@${moment.version}`) : current;
  }
}

function actsOf(store: IndexStore, ref: string, asOf: number): number {
  const acts = store.record(ref)?.acts ?? [];
  return blockOf(acts.at(-1)?.[0] ?? '') <= asOf
    ? acts.length
    : acts.filter(([place]) => blockOf(place) <= asOf).length;
}
