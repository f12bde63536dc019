// SPDX-License-Identifier: Apache-2.0
import type { Standing } from 'yuanliu-chaincode/standing';
import { versionsIn } from '../index/reading.js';
import { isMissing, stateAt, type VersionRow } from '../index/rows.js';
import type { IndexStore } from '../index/store.js';
import type { Sight } from '../index/visibility.js';
import type { Basis, BasisLink, Broken, Evidence, TraceNode } from './answer.js';
import type { Chain, Chains } from './basis.js';

/** What the nodes of one walk are drawn from. */
export interface Drawing {
  readonly store: IndexStore;
  readonly sight: Sight;
  readonly chains: Chains;
  /** The block that the walk is as of. */
  readonly asOf: number;
  /** The time that present standing is judged at. */
  readonly now: string;
}

/**
 * Draws the nodes of one walk: each version's summary, what made it, and its lawful basis as far as the viewer may see it.
 * What many nodes share is found once, so a node costs little more than its object.
 */
export class Draughtsman {
  /** Evidence was left out that the viewer may not see. */
  hidden = false;
  readonly #drawing: Drawing;
  readonly #find: (ref: string) => VersionRow | undefined;
  readonly #grounds = new Map<string, Ground>();
  readonly #evidence = new Map<number, Evidence | null>();

  constructor(drawing: Drawing) {
    this.#drawing = drawing;
    this.#find = versionsIn(drawing.store);
  }

  /** A promise only where a chain is judged for the first time: a walk of thousands does not wait a thousand times. */
  draw(row: VersionRow): TraceNode | Promise<TraceNode> {
    if (row.parents.length === 0) return this.#node(row, undefined);
    const ground = this.#groundOf(row.parents);
    const at = row.made.occurredAt ?? row.made.time;
    let period = 0; // periods only grow with time, so their sum tells times apart that may be judged differently
    for (const chain of ground.chains) period += chain.period(at);
    const basis = ground.bases[period];
    return basis ? this.#node(row, basis) : this.#judge(row, ground, { at, period });
  }

  #groundOf(parents: readonly string[]): Ground {
    const key = parents.join();
    let ground = this.#grounds.get(key);
    if (!ground) {
      const { chains, asOf } = this.#drawing;
      ground = { chains: parents.map((ref) => chains.above(ref, asOf)), bases: [] };
      this.#grounds.set(key, ground);
    }
    return ground;
  }

  async #judge(row: VersionRow, { chains, bases }: Ground, { at, period }: { at: string; period: number }) {
    const then: Standing[] = [];
    const now: Standing[] = [];
    for (const chain of chains) {
      then.push(await chain.judge(at));
      now.push(await chain.judge(this.#drawing.now));
    }
    const basis = this.#basis(then, now);
    bases[period] = basis;
    return this.#node(row, basis);
  }

  #node(row: VersionRow, basis: Basis | undefined): TraceNode {
    const { ref, kind, title, about, made: transaction } = row;
    const state = stateAt(row, this.#drawing.asOf) ?? '';
    const evidence = row.evidence.length === 0 ? undefined : this.#evidenceOf(row.evidence);
    return { ref, kind, title, state, about, transaction, basis, evidence };
  }

  #basis(then: readonly Standing[], now: readonly Standing[]): Basis {
    const links = new Map<string, BasisLink>();
    let hidden = false;
    for (const { ref, version, state, terms } of then.flatMap(({ chain }) => chain)) {
      const record = ref.replace(/@.*/, '');
      if (this.#sees(ref)) {
        links.set(ref, { ref: record, version, state, from: terms?.from, to: terms?.to });
      } else hidden = true;
    }
    const broken = this.#broken(then);
    const brokenNow = this.#broken(now);
    return {
      stood: !broken,
      broken,
      stands: !brokenNow,
      brokenNow,
      links: [...links.values()],
      hidden: hidden || undefined,
    };
  }

  #broken(standings: readonly Standing[]): Broken | undefined {
    const broken = standings.find(({ stands }) => !stands)?.broken;
    if (!broken) return undefined;
    return this.#sees(broken.ref) || !this.#find(broken.ref) ? broken : { why: 'a link of the chain is not in force' };
  }

  #evidenceOf(nodes: readonly number[]): readonly Evidence[] {
    const seen: Evidence[] = [];
    for (const node of nodes) {
      let evidence = this.#evidence.get(node);
      if (evidence === undefined) this.#evidence.set(node, (evidence = this.#evidenceAt(node)));
      if (evidence) seen.push(evidence);
    }
    return seen;
  }

  #evidenceAt(node: number): Evidence | null {
    const { store, sight, asOf } = this.#drawing;
    const row = store.version(node);
    const state = row && !isMissing(row) ? stateAt(row, asOf) : undefined;
    if (!row || isMissing(row) || state === undefined) return null;
    if (!sight.sees(row, state)) {
      this.hidden = true;
      return null;
    }
    const { ref, kind, title, about } = row;
    return { ref, kind, title, state, about };
  }

  #sees(ref: string): boolean {
    const row = this.#find(ref);
    return row !== undefined && this.#drawing.sight.sees(row, stateAt(row, this.#drawing.asOf));
  }
}

/** The chains above records with the same parents, and the bases drawn of them, by the period they hold in. */
interface Ground {
  readonly chains: readonly Chain[];
  readonly bases: (Basis | undefined)[];
}
