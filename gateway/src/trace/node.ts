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
  readonly #chains = new Map<string, Chain>();
  readonly #bases = new Map<string, Basis>();
  readonly #evidence = new Map<number, Evidence | undefined>();

  constructor(drawing: Drawing) {
    this.#drawing = drawing;
    this.#find = versionsIn(drawing.store);
  }

  /** A promise only where a chain is judged for the first time: a walk of thousands does not wait a thousand times. */
  draw(row: VersionRow): TraceNode | Promise<TraceNode> {
    if (row.parents.length === 0) return this.#node(row, undefined);
    const chains = row.parents.map((ref) => this.#chainAbove(ref));
    const at = row.made.occurredAt ?? row.made.time;
    const key = chains.map((chain, index) => `${row.parents[index] ?? ''} ${chain.period(at)}`).join();
    const basis = this.#bases.get(key);
    return basis ? this.#node(row, basis) : this.#judge(row, chains, { at, key });
  }

  async #judge(
    row: VersionRow,
    chains: readonly Chain[],
    { at, key }: { at: string; key: string },
  ): Promise<TraceNode> {
    const then: Standing[] = [];
    const now: Standing[] = [];
    for (const chain of chains) {
      then.push(await chain.judge(at));
      now.push(await chain.judge(this.#drawing.now));
    }
    const basis = this.#basis(then, now);
    this.#bases.set(key, basis);
    return this.#node(row, basis);
  }

  #node(row: VersionRow, basis: Basis | undefined): TraceNode {
    const evidence = row.evidence.length === 0 ? [] : this.#evidenceOf(row);
    return {
      ref: row.ref,
      kind: row.kind,
      ...(row.title === undefined ? {} : { title: row.title }),
      state: stateAt(row, this.#drawing.asOf) ?? '',
      about: row.about,
      transaction: row.made,
      ...(basis ? { basis } : {}),
      ...(evidence.length > 0 ? { evidence } : {}),
    };
  }

  #basis(then: readonly Standing[], now: readonly Standing[]): Basis {
    const links = new Map<string, BasisLink>();
    let hidden = false;
    for (const { ref, version, state, terms } of then.flatMap(({ chain }) => chain)) {
      const record = ref.replace(/@.*/, '');
      if (this.#sees(ref)) {
        links.set(ref, { ref: record, version, state, ...(terms ? { from: terms.from, to: terms.to } : {}) });
      } else hidden = true;
    }
    const broken = this.#broken(then);
    const brokenNow = this.#broken(now);
    return {
      stood: !broken,
      ...(broken ? { broken } : {}),
      stands: !brokenNow,
      ...(brokenNow ? { brokenNow } : {}),
      links: [...links.values()],
      ...(hidden ? { hidden } : {}),
    };
  }

  #broken(standings: readonly Standing[]): Broken | undefined {
    const broken = standings.find(({ stands }) => !stands)?.broken;
    if (!broken) return undefined;
    return this.#sees(broken.ref) || !this.#find(broken.ref) ? broken : { why: 'a link of the chain is not in force' };
  }

  #evidenceOf(row: VersionRow): readonly Evidence[] {
    return row.evidence.flatMap((node) => {
      if (!this.#evidence.has(node)) this.#evidence.set(node, this.#evidenceAt(node));
      return this.#evidence.get(node) ?? [];
    });
  }

  #evidenceAt(node: number): Evidence | undefined {
    const { store, sight, asOf } = this.#drawing;
    const row = store.version(node);
    const state = row && !isMissing(row) ? stateAt(row, asOf) : undefined;
    if (!row || isMissing(row) || state === undefined) return undefined;
    if (!sight.sees(row, state)) {
      this.hidden = true;
      return undefined;
    }
    const { ref, kind, title, about } = row;
    return { ref, kind, ...(title === undefined ? {} : { title }), state, about };
  }

  #sees(ref: string): boolean {
    const row = this.#find(ref);
    return row !== undefined && this.#drawing.sight.sees(row, stateAt(row, this.#drawing.asOf));
  }

  #chainAbove(ref: string): Chain {
    let chain = this.#chains.get(ref);
    if (!chain) {
      chain = this.#drawing.chains.above(ref, this.#drawing.asOf);
      this.#chains.set(ref, chain);
    }
    return chain;
  }
}
