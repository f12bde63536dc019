// SPDX-License-Identifier: Apache-2.0
import { momentAt, parseRef, type LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { endedWith, standingOf, type Standing } from 'yuanliu-chaincode/kind/standing';
import type { WindDown } from 'yuanliu-chaincode/kind/wind-down';
import { kindNamed } from '../../index/read/rows.js';

import type { IndexReader } from '../../index/read/index-reader.js';

/** When an authority chain is judged. */
export interface Occasion {
  readonly time: string;
  /** It is a report of the past: judged by what was in force then. Otherwise by what is in force, its terms at `time`. */
  readonly past: boolean;
  /** The act's record and what it rests on, as `kind/id`: what a wind-down may keep. */
  readonly resting: readonly string[];
}

/** Tells a verdict on a chain from any other. */
export type Verdict = number | string;

/**
 * Whether authority chains stand, judged by the contract's own `standingOf` on the index's records. A chain stays the same
 * until one of its links is acted on, and a verdict until a term begins or ends: so of a thousand acts under one grant few
 * are judged. Chains and verdicts are kept between walks.
 */
export class Chains {
  readonly #store: IndexReader;
  readonly #byRef = new Map<string, Chain[]>();
  #verdicts = 0;

  constructor(store: IndexReader) {
    this.#store = store;
  }

  /** The chain from a ref upward, as it was after a block. */
  above(ref: string, block: number): Chain {
    let chains = this.#byRef.get(ref);
    if (!chains) {
      if (this.#byRef.size >= MOST_REFS) this.#byRef.clear();
      this.#byRef.set(ref, (chains = []));
    }
    for (const chain of chains) if (chain.holdsAt(block)) return chain;
    const chain = new Chain(this.#store, { ref, block, firstVerdict: this.#verdicts });
    this.#verdicts += chain.mostVerdicts;
    chains.push(chain);
    return chain;
  }
}

const MOST_REFS = 10_000;

export class Chain {
  readonly #store: IndexReader;
  readonly #ref: string;
  /** Every version of every link, and under the bare name the current one. */
  readonly #records = new Map<string, LedgerRecord>();
  /** How many acts of each link the chain knows. */
  readonly #links = new Map<string, number>();
  /** Times at which a verdict may change, in order. */
  readonly #changes: readonly string[];
  readonly #firstVerdict: number;
  readonly #verdicts = new Map<Verdict, Standing>();
  /** What wind-downs in the chain keep: a verdict may differ by which of it is asked about. */
  readonly #kept: ReadonlySet<string>;
  /** The chain is this from one block on, until before another. */
  readonly #since: number;
  #until = Infinity;
  #checkedAt = 0;

  constructor(store: IndexReader, { ref, block, firstVerdict }: { ref: string; block: number; firstVerdict: number }) {
    this.#store = store;
    this.#ref = ref;
    this.#firstVerdict = firstVerdict;
    this.#since = this.#gather(block);
    const windDowns = [...this.#records.values()].flatMap(windDownsOf);
    this.#kept = new Set(windDowns.flatMap(({ keeps }) => keeps));
    const times = [...this.#records.values()].flatMap((record) => {
      const terms = kindNamed(record.kind)?.terms?.(record.body);
      return [...record.timeline.map(({ at }) => at), ...(terms ? [terms.from, terms.to] : [])];
    });
    times.push(...windDowns.map(({ until }) => until), ...[...this.#records.values()].flatMap(lapsesOf));
    this.#changes = [...new Set(times)].sort();
  }

  get mostVerdicts(): number {
    return 2 * (this.#changes.length + 1);
  }

  /** Whether the chain was this after a block. */
  holdsAt(block: number): boolean {
    const { height } = this.#store;
    if (this.#until === Infinity && this.#checkedAt < height) {
      for (const [ref, acts] of this.#links) {
        const next = this.#store.actOf(ref, acts + 1);
        if (next) this.#until = Math.min(this.#until, next.block);
      }
      this.#checkedAt = height;
    }
    return this.#since <= block && block < this.#until;
  }

  /** Names the verdict on an occasion, unlike that of any other chain or verdict. */
  verdictOn(occasion: Occasion): Verdict {
    const verdict = this.#firstVerdict + this.#placeOf(occasion);
    if (this.#kept.size === 0) return verdict;
    const kept = occasion.resting.filter((ref) => this.#kept.has(ref));
    return kept.length === 0 ? verdict : `${verdict} ${kept.join(' ')}`;
  }

  async judge(occasion: Occasion): Promise<Standing> {
    const { time, past, resting } = occasion;
    const verdict = this.verdictOn(occasion);
    const known = this.#verdicts.get(verdict);
    if (known) return known;
    const asOf = past ? time : undefined;
    const load = (ref: string): Promise<LedgerRecord | undefined> => Promise.resolve(this.#load(ref, asOf));
    const standing = await standingOf(this.#ref, { asOf, time, load, resting });
    this.#verdicts.set(verdict, standing);
    return standing;
  }

  /** Verdicts are alike between two changes. */
  #placeOf({ time, past }: Occasion): number {
    let [low, high] = [0, this.#changes.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#changes[middle] ?? '') <= time) low = middle + 1;
      else high = middle;
    }
    return 2 * low + (past ? 1 : 0);
  }

  /** Collects every link that was ever in the chain by a block; tells which block last changed one. */
  #gather(block: number): number {
    let since = 0;
    const waiting = [this.#ref];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { kind, id } = parseRef(next);
      const ref = `${kind}/${id}`;
      if (this.#links.has(ref)) continue;
      const acts = this.#store.acts(ref).filter((act) => act.block <= block);
      this.#links.set(ref, acts.length);
      const last = acts.at(-1);
      if (!last) continue;
      since = Math.max(since, last.block);
      for (const version of new Set(acts.map((act) => act.version))) {
        const record = this.#store.recordAsOf(ref, block, { version })?.view.record;
        if (!record) continue;
        this.#records.set(`${ref}@${version}`, record);
        this.#records.set(ref, record);
        waiting.push(...(kindNamed(kind)?.parents?.(record.body) ?? []));
      }
    }
    return since;
  }

  /** As the contract loads a link: at the version it was in then, with what is known of it since. */
  #load(ref: string, asOf: string | undefined): LedgerRecord | undefined {
    const current = this.#records.get(ref);
    if (!current) return undefined;
    if (ref.includes('@')) return endedWith(current, this.#records.get(ref.replace(/@.*/, '')) ?? current);
    const moment = momentAt(current, asOf);
    return moment && moment.version < current.version ? this.#records.get(`${ref}@${moment.version}`) : current;
  }
}

/** Every wind-down that a version of a link states, in whichever state it takes effect. */
function windDownsOf(record: LedgerRecord): WindDown[] {
  const kind = kindNamed(record.kind);
  return (kind?.states ?? []).flatMap((state) => kind?.windDown?.(record.body, state) ?? []);
}

/** When whatever halts a version of a link lapses. */
function lapsesOf(record: LedgerRecord): string[] {
  const kind = kindNamed(record.kind);
  return (kind?.states ?? []).flatMap((state) => kind?.lapse?.(record.body, state) ?? []);
}
