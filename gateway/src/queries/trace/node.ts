// SPDX-License-Identifier: Apache-2.0
import { contractMessages } from 'yuanliu-chaincode/messages';
import { parseRef } from 'yuanliu-chaincode/kind/record';
import type { Standing } from 'yuanliu-chaincode/kind/standing';
import { kindNamed } from '../../index/read/rows.js';

import { type Made, madeBy, stateAt, type VersionRow } from '../../index/read/rows.js';
import type { IndexReader } from '../../index/read/index-reader.js';
import type { Sight } from '../../index/read/visibility.js';
import type { Basis, BasisLink, Broken, Evidence, TraceNode } from './answer.js';
import type { Chain, Chains, Occasion, Verdict } from './basis.js';

/** What the nodes of one walk are drawn from. */
export interface Drawing {
  readonly store: IndexReader;
  readonly sight: Sight;
  readonly chains: Chains;
  /** The block that the walk is as of. */
  readonly asOf: number;
  /** The time that present standing is judged at. */
  readonly now: string;
}

const NOT_IN_FORCE = contractMessages.message('some-link-broken');

/** What a record rests on that leans on a link of others, or none: which of the two is not said. */
const ON_NOTHING: Basis = {
  stood: false,
  broken: NOT_IN_FORCE,
  stands: false,
  brokenNow: NOT_IN_FORCE,
  links: [],
  hidden: true,
};

/** When an act was committed, and when what it reports occurred. */
export interface Occurrence {
  readonly block: number;
  readonly time: string;
  readonly occurredAt?: string;
}

/** A record, what it rests on, and whom it names. */
type Resting = Pick<VersionRow, 'ref' | 'parents' | 'named'>;

/** A chain, and the occasion that it is judged on. */
type Judged = readonly [chain: Chain, on: Occasion];

/**
 * Draws the nodes of one walk: each version's summary, what made it, and its lawful basis as far as the viewer may see it.
 * What many nodes share is found once, so a node costs little more than its object.
 */
export class Draughtsman {
  /** Evidence was left out that the viewer may not see. */
  hidden = false;
  readonly #drawing: Drawing;
  readonly #find: (ref: string) => VersionRow | undefined;
  /** By the verdicts that they are drawn of, those of then and those of now. */
  readonly #bases = new Map<string, Basis>();
  readonly #evidence = new Map<string, Evidence | null>();
  readonly #holders = new Map<string, string | undefined>();

  constructor(drawing: Drawing) {
    this.#drawing = drawing;
    this.#find = drawing.store.find;
  }

  /** A promise only where a chain is judged for the first time: a walk of thousands does not wait a thousand times. */
  draw(row: VersionRow): TraceNode | Promise<TraceNode> {
    const basis = this.basisOf(row, row.made);
    return basis instanceof Promise ? basis.then((judged) => this.#node(row, judged)) : this.#node(row, basis);
  }

  /**
   * The lawful basis of an act on a record, by what it rests on; undefined where it rests on nothing. A promise as
   * {@link draw}.
   */
  basisOf({ ref, parents, named }: Resting, made: Occurrence): Basis | undefined | Promise<Basis> {
    if (parents.length === 0) return undefined;
    for (const parent of parents) if (!this.#mayLean(parent, named)) return ON_NOTHING;
    const { time, occurredAt = time } = made;
    const resting = [ref, ...parents].map((one) => one.replace(/@.*/, ''));
    const occasion = { time: occurredAt, past: occurredAt !== time, resting };
    // What the act could rest on was there before its block: changed in it, the act would have been invalid.
    const { chains, asOf, now } = this.#drawing;
    const then = parents.map((ref): Judged => [chains.above(ref, made.block - 1), occasion]);
    const today = { time: now, past: false, resting };
    const present = parents.map((ref): Judged => [chains.above(ref, asOf), today]);
    const verdicts: Verdict[] = [];
    for (const [chain, on] of [...then, ...present]) verdicts.push(chain.verdictOn(on));
    const key = verdicts.join();
    return this.#bases.get(key) ?? this.#judge(then, present, key);
  }

  async #judge(then: readonly Judged[], present: readonly Judged[], key: string): Promise<Basis> {
    const standings = async (all: readonly Judged[]): Promise<Standing[]> => {
      const found: Standing[] = [];
      for (const [chain, on] of all) found.push(await chain.judge(on));
      return found;
    };
    const basis = this.#basis(await standings(then), await standings(present));
    this.#bases.set(key, basis);
    return basis;
  }

  #node(row: VersionRow, basis: Basis | undefined): TraceNode {
    const { ref, kind, title, about } = row;
    const transaction = this.#shownMaking(row);
    const state = stateAt(row, this.#drawing.asOf) ?? '';
    const evidence = row.evidence.length === 0 ? undefined : this.#evidenceOf(row);
    return { ref, kind, title, state, about, transaction, basis, evidence };
  }

  /**
   * What made a version, as its history shows it: of a product that was developed out of sight and then released, the public
   * sees the release. That is the first act on the version that the viewer may see.
   */
  #shownMaking(row: VersionRow): Made {
    const { sight, store, asOf } = this.#drawing;
    if (sight.sees(row, row.states[0]?.state)) return row.made;
    const { kind, id, version } = parseRef(row.ref);
    const ref = `${kind}/${id}`;
    for (const { history, block, version: left } of store.acts(ref)) {
      if (left !== version || block > asOf) continue;
      const act = store.actAt(ref, history);
      if (act && sight.seesAct(act)) return madeBy(act.entry);
    }
    throw new Error(`the index lacks rows of ${row.ref}: reindex`); // it is seen in a state that an act left it in
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
    const known = this.#find(broken.ref) ? this.#sees(broken.ref) : this.#drawing.sight.mayMiss(broken.ref);
    return known ? broken : NOT_IN_FORCE;
  }

  /**
   * Whether the viewer may learn how a link stands that a record rests on: it sees it, or its holder is named by the record.
   * To whoever guessed one in a report it is as none.
   */
  #mayLean(ref: string, named: readonly string[]): boolean {
    if (!this.#holders.has(ref)) this.#holders.set(ref, this.#holderUnseen(ref));
    const holder = this.#holders.get(ref);
    return holder === undefined || named.includes(holder);
  }

  /** Who holds a link that the viewer does not see, `''` of none; undefined of what it sees, or what is no such link. */
  #holderUnseen(ref: string): string | undefined {
    const { kind: name, id } = parseRef(ref);
    const kind = kindNamed(name);
    if (!kind?.terms || !kind.holder) return undefined;
    const { store, sight, asOf } = this.#drawing;
    const found = store.recordAsOf(`${name}/${id}`, asOf);
    if (!found) return sight.mayMiss(ref) ? undefined : '';
    return this.#sees(ref) ? undefined : kind.holder(found.view.record.body);
  }

  #evidenceOf(row: VersionRow): readonly Evidence[] {
    const seen: Evidence[] = [];
    for (const speaking of this.#drawing.store.evidenceOf(row)) {
      let evidence = this.#evidence.get(speaking.ref);
      if (evidence === undefined) this.#evidence.set(speaking.ref, (evidence = this.#evidenceIn(speaking)));
      if (evidence) seen.push(evidence);
    }
    return seen;
  }

  #evidenceIn(row: VersionRow): Evidence | null {
    const { sight, asOf } = this.#drawing;
    const state = stateAt(row, asOf);
    if (state === undefined) return null;
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
