// SPDX-License-Identifier: Apache-2.0
import { facet, running } from '../rows/facets.js';
import { blockOf, keys, lastPlaceIn, NUL } from '../rows/keys.js';
import { deviationList, type DeviationList } from '../rows/deviations.js';
import type { HistoryRow, NodeRow, VersionRow } from '../rows/rows.js';
import type { AsOf, ListOptions, Page, RecordView } from '../ledger-index.js';
import type { Graph } from '../store/adjacency.js';
import type { IndexStore, Snapshot } from '../store/store.js';
import { type ActOf, actOf, actsOf, lastActBy } from './acts.js';
import { type Candidate, candidatesOf, type ListAt, listRecords } from './lists.js';
import { recordsNaming } from './parties.js';
import { actAt, evidenceOf, type Found, recordAsOf, resolveIn, timeAsOf, versionsIn } from './reading.js';
import type { FindVersion, PastAct, Sight } from './visibility.js';

export { NONE, type Graph, type Way } from '../store/adjacency.js';
export type { Snapshot } from '../store/store.js';
export type { ActOf } from './acts.js';
export type { Found } from './reading.js';

export interface ReadOptions {
  /** An exact version; the one of that time unless given. */
  readonly version?: number | undefined;
  readonly snapshot?: Snapshot;
}

/** A period that runs: for which act, since when, on which record. */
export interface Running {
  readonly act: string;
  readonly since: string;
  readonly id: string;
}

/** An act on a list of acts, and its place in the ledger's order. */
export interface ListedAct {
  readonly place: string;
  readonly ref: string;
  readonly history: number;
}

/**
 * The one door to what the index holds: whatever answers questions reads through here, and knows no key, no row's place and
 * no table. What it gives is not filtered: who may see it is for a `Sight` to say.
 */
export class IndexReader {
  readonly #open: () => IndexStore;

  /** @param open gives the store, or throws where it may not be read any more */
  constructor(open: () => IndexStore) {
    this.#open = open;
  }

  get #store(): IndexStore {
    return this.#open();
  }

  /** The number of blocks indexed. */
  get height(): number {
    return this.#store.position.height;
  }

  /** Edges of lineage between versions, by their numbers. */
  get lineage(): Graph {
    return this.#store.lineage;
  }

  /** Edges from versions to what they rest on. */
  get parents(): Graph {
    return this.#store.parents;
  }

  /** Number of a name, `kind/id` or `kind/id@version`; undefined if the ledger never mentioned it. */
  numberOf(name: string): number | undefined {
    return this.#store.numberOf(name);
  }

  /** The version with this number, or what is known of one that the ledger does not hold. */
  version(node: number): NodeRow | undefined {
    return this.#store.version(node);
  }

  /** Finds exact versions, or the current one, by reference. */
  get find(): FindVersion {
    return versionsIn(this.#store);
  }

  /** The versions that register or list one. */
  evidenceOf(row: Pick<VersionRow, 'evidence'>): Iterable<VersionRow> {
    return evidenceOf(this.#store, row);
  }

  /** Numbers of the versions of `kind/id`, from the first; of one whose act was set aside there is none. */
  versionsOf(ref: string): readonly number[] {
    const count = this.#store.record(ref)?.versions ?? 0;
    return Array.from({ length: count }, (_, i) => this.#store.numberOf(`${ref}@${i + 1}`) ?? -1);
  }

  /** The record at `kind/id` by the end of a block; undefined before it was there. */
  recordAsOf(ref: string, block: number, options: ReadOptions = {}): Found | undefined {
    return recordAsOf(this.#store, ref, block, options);
  }

  /** The act with this number in the history of `kind/id`, and the version that it left. */
  actAt(ref: string, history: number): PastAct | undefined {
    return actAt(this.#store, ref, history);
  }

  /** The entry of an act in the history of `kind/id`. */
  history(ref: string, history: number): HistoryRow | undefined {
    return this.#store.history(ref, history);
  }

  /** Where every act on `kind/id` is, from the first. */
  acts(ref: string): readonly ActOf[] {
    return actsOf(this.#store, ref);
  }

  /** Where one act on `kind/id` is. */
  actOf(ref: string, history: number): ActOf | undefined {
    return actOf(this.#store, ref, history);
  }

  /** The last act on `kind/id` by the end of a block. */
  lastActBy(ref: string, block: number): ActOf | undefined {
    return lastActBy(this.#store, ref, block);
  }

  /** What a mark of the contract was set to by the end of a block; undefined for one that is not kept. */
  mark(name: string, key: string, block: number): unknown {
    return this.#store.row(keys.mark(`~${name}/${key}`))?.findLast(([place]) => blockOf(place) <= block)?.[1];
  }

  /** The block that `asOf` names; the last one if absent. @throws IndexError `BAD_REQUEST`, `NOT_INDEXED` */
  resolve(asOf: AsOf | undefined, height?: number): number {
    return resolveIn(this.#store, asOf, height);
  }

  /** The time that a past block or time stands for; undefined where neither is asked for. */
  timeAsOf(asOf: AsOf | undefined, block: number): string | undefined {
    return timeAsOf(this.#store, asOf, block);
  }

  /** Calls `read` with a view that later blocks do not change, and the number of blocks it has. */
  withSnapshot<T>(read: (snapshot: Snapshot, height: number) => Promise<T>): Promise<T> {
    return this.#store.withSnapshot((snapshot, { height }) => read(snapshot, height));
  }

  /** One page of the records of a kind. @throws IndexError `BAD_REQUEST` */
  list(kind: string, options: ListOptions, most?: number): Promise<Page<RecordView>> {
    return listRecords(this.#store, kind, options, most);
  }

  /** Records on lists as of a block, each still to be judged as it was then. */
  candidates(list: Omit<ListAt, 'store'>, after?: string): AsyncGenerator<Candidate> {
    return candidatesOf({ ...list, store: this.#store }, after);
  }

  /** Periods that run for a credit code, or for any holder of a role, on records of a kind. */
  async *running(kind: string, who: string, snapshot: Snapshot): AsyncGenerator<Running> {
    const prefix = keys.listed(kind, running(who), '');
    for await (const [key] of this.#store.scan(prefix, { snapshot })) {
      const [act = '', since = '', id = ''] = key.slice(prefix.length).split(NUL);
      yield { act, since, id };
    }
  }

  /** Ids of the records of a kind that are about a record, or any version of it, less what is sealed from the viewer. */
  async about(
    kind: Parameters<Sight['listsOf']>[0] & { readonly name: string },
    ref: string,
    sight: Sight,
  ): Promise<readonly string[]> {
    const ids = new Set<string>();
    for (const list of sight.listsOf(kind, facet('about', ref))) {
      const record = keys.listed(kind.name, list, '');
      const versions = `${record.slice(0, -NUL.length)}@`;
      for (const prefix of [record, versions]) {
        for await (const [key] of this.#store.scan(prefix)) ids.add(key.slice(key.lastIndexOf(NUL) + 1));
      }
    }
    return [...ids];
  }

  /** Acts that depart from the ordinary course, by all or one organisation: the newest first, from before a place. */
  async *deviating(list: DeviationList, organization: string | undefined, before: string): AsyncGenerator<ListedAct> {
    const prefix = keys.deviating(deviationList(list, organization), '');
    for await (const [key, value] of this.#store.scan(prefix, { after: before, reverse: true })) {
      const [ref, history] = JSON.parse(value) as [string, number];
      yield { place: key.slice(prefix.length), ref, history };
    }
  }

  /** After every place in the blocks up to this one: where {@link deviating} begins. */
  placeAfter(block: number): string {
    return lastPlaceIn(block);
  }

  /** The records whose body names an organisation as a party, as of a block. */
  recordsNaming(organization: string, options: Parameters<typeof recordsNaming>[2]): Promise<readonly VersionRow[]> {
    return recordsNaming(this.#store, organization, options);
  }
}
