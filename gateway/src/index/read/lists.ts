// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Kind } from 'yuanliu-chaincode/kind/kind';
import { decodeCursor, encodeCursor } from './cursor.js';
import { badRequest } from '../error.js';
import { ALL } from '../rows/facets.js';
import { parseFilters } from './filters.js';
import { lastActBy } from './acts.js';
import { keys, lastPlaceIn } from '../rows/keys.js';
import type { ListOptions, Page, RecordView } from '../ledger-index.js';
import { checkedLimit, recordAsOf, resolveIn, shownTo, versionsIn } from './reading.js';
import { slices } from '../../runtime/slices.js';
import type { IndexStore, Snapshot } from '../store/store.js';
import { Sight } from './visibility.js';

/**
 * One page of the records of a kind, as of a block. Lists hold what is now; of an earlier block, the records that have
 * changed since are judged as they were then and merged in. So the pages of a walk through a list agree with each other
 * while the ledger goes on, and a list of long ago costs what has changed since. Where that is more than a page may look at,
 * records by id are judged one after the other, and records by change are refused.
 *
 * A page looks at ten thousand records at most, and as many that have changed since: where a viewer may see few of them it
 * comes back short, with a cursor.
 */
export async function listRecords(
  store: IndexStore,
  kindName: string,
  options: ListOptions,
  most = MOST_LOOKED_AT,
): Promise<Page<RecordView>> {
  const { viewer, filters: given = {}, sort = 'id', cursor } = options;
  const kind = kinds.find(({ name }) => name === kindName);
  if (!kind) throw badRequest('kind', 'no-kind', { kind: kindName, kinds: kinds.map(({ name }) => name).join(', ') });
  const filters = parseFilters(kind, given, sort);
  const limit = checkedLimit(options.limit, { standard: 50, most: 200 });
  const request = {
    kind: kindName,
    given: Object.entries(given).sort(),
    sort,
    asOf: options.asOf,
    by: viewer.organization,
  };
  const from = cursor === undefined ? undefined : decodeCursor(request, cursor);
  const sight = new Sight(viewer, versionsIn(store));

  return store.withSnapshot(async (snapshot, { height }) => {
    const asOf = from?.asOf ?? resolveIn(store, options.asOf, height);
    const [lists, all] = [filters.list, ALL].map((one) => sight.listsOf(kind, one));
    const list = { store, snapshot, kind, lists: lists ?? [], all: all ?? [], sort, asOf };
    const items: RecordView[] = [];
    const othersDue = slices(viewer.organization);
    let looked = 0;
    for await (const candidate of await boundedCandidates(list, from?.after, most)) {
      const others = othersDue();
      if (others) await others;
      const found = recordAsOf(store, `${kind.name}/${candidate.id}`, asOf, { snapshot });
      const shown = found && filters.match(found.view.record, found.row) ? shownTo(sight, found) : undefined;
      if (shown) items.push(shown);
      looked += 1;
      if (items.length === limit || looked === most) {
        return { items, cursor: encodeCursor(request, { asOf, after: candidate.at }), asOf };
      }
    }
    return { items, asOf };
  });
}

/** A list, or several as one, as of a block. */
export interface ListAt {
  readonly store: IndexStore;
  readonly snapshot: Snapshot;
  readonly kind: Kind;
  readonly lists: readonly string[];
  /** The lists that hold every record of the kind that may be looked at. */
  readonly all: readonly string[];
  readonly sort: 'id' | 'changed';
  readonly asOf: number;
}

/** A record that may belong into the page, and where it lies in the order asked for. */
export interface Candidate {
  readonly id: string;
  readonly at: string;
}

const MOST_LOOKED_AT = 10_000;

/** @throws IndexError `BAD_REQUEST` for what could be put in order only by looking at more than `most` changed records */
async function boundedCandidates(
  list: ListAt,
  after: string | undefined,
  most: number,
): Promise<AsyncGenerator<Candidate>> {
  if (!(await hasChangedMore(list, most))) return candidatesOf(list, after);
  if (list.sort === 'id') return listed({ ...list, lists: list.all }, after);
  const { kind, asOf } = list;
  throw badRequest('sort', 'changed-too-much', { most, kinds: kind.plural, block: asOf });
}

async function hasChangedMore({ store, snapshot, kind, all, asOf }: ListAt, most: number): Promise<boolean> {
  const seen = new Set<string>();
  for (const list of all) {
    const changes = store.scan(keys.changed(kind.name, list, ''), { snapshot, after: lastPlaceIn(asOf) });
    for await (const [place] of changes) if (seen.add(place).size > most) return true;
  }
  return false;
}

/** What the list holds and has not changed since, merged with all that has: each is still to be judged as it was then. */
export async function* candidatesOf(list: ListAt, after: string | undefined): AsyncGenerator<Candidate> {
  const before = (a: string, b: string): boolean => (list.sort === 'id' ? a < b : a > b);
  const changed = await changedSince(list);
  const ids = new Set(changed.map(({ id }) => id));
  const pending = changed
    .filter(({ at }) => after === undefined || before(after, at))
    .sort((a, b) => (before(a.at, b.at) ? -1 : 1));
  let next = 0;
  for await (const candidate of listed(list, after)) {
    if (ids.has(candidate.id)) continue;
    for (let other = pending[next]; other && before(other.at, candidate.at); other = pending[++next]) yield other;
    yield candidate;
  }
  yield* pending.slice(next);
}

/** What the lists hold, each record once, in the order asked for. */
async function* listed(list: ListAt, after?: string): AsyncGenerator<Candidate> {
  const sources = list.lists.map((one) => scanned(list, one, after));
  try {
    const heads = await Promise.all(sources.map((source) => source.next()));
    for (;;) {
      const there = heads.flatMap(({ value }) => (value ? [value] : []));
      const [first] = there.sort((a, b) => (a.at < b.at === (list.sort === 'id') ? -1 : 1));
      if (!first) return;
      yield first;
      for (const [i, source] of sources.entries()) {
        if (heads[i]?.value?.at === first.at) heads[i] = await source.next();
      }
    }
  } finally {
    await Promise.all(sources.map((source) => source.return(undefined)));
  }
}

async function* scanned(
  { store, snapshot, kind, sort }: ListAt,
  list: string,
  after: string | undefined,
): AsyncGenerator<Candidate, undefined> {
  const byId = sort === 'id';
  const prefix = (byId ? keys.listed : keys.changed)(kind.name, list, '');
  const options = { snapshot, reverse: !byId, ...(after === undefined ? {} : { after }) };
  for await (const [key, value] of store.scan(prefix, options)) {
    const at = key.slice(prefix.length);
    yield byId ? { id: at, at } : { id: JSON.parse(value) as string, at };
  }
  return undefined;
}

/** Records of the kind that have changed since, as far as they were there. */
async function changedSince({ store, snapshot, kind, all, sort, asOf }: ListAt): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const list of all) {
    const prefix = keys.changed(kind.name, list, '');
    for await (const [, value] of store.scan(prefix, { snapshot, after: lastPlaceIn(asOf) })) {
      const id = JSON.parse(value) as string;
      const act = lastActBy(store, `${kind.name}/${id}`, asOf, { snapshot });
      if (act) found.push({ id, at: sort === 'id' ? id : act.place });
    }
  }
  return found;
}
