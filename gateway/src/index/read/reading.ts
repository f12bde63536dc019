// SPDX-License-Identifier: Apache-2.0
import { parseRef, type Ref } from 'yuanliu-chaincode/kind/record';
import { lastActBy } from './acts.js';
import { instantOf, resolveAsOf } from './as-of.js';
import { badRequest } from '../error.js';
import type { AsOf, Place, RecordView } from '../ledger-index.js';
import { type HistoryRow, isMissing, type VersionRow } from '../rows/rows.js';
import type { IndexStore, Snapshot } from '../store/store.js';
import { type PastAct, Sight, type FindVersion, type Viewer } from './visibility.js';

/** A record as it was, and the row of the version it was in. */
export interface Found {
  readonly view: RecordView;
  readonly row: VersionRow;
}

/** The record at `kind/id` as of a block, or as one exact version was last by then; undefined before it was there. */
export function recordAsOf(
  store: IndexStore,
  ref: string,
  asOf: number,
  { version, snapshot }: { readonly version?: number | undefined; readonly snapshot?: Snapshot } = {},
): Found | undefined {
  const act = lastActBy(store, ref, asOf, { version, ...(snapshot ? { snapshot } : {}) });
  if (!act) return undefined;
  const entry = store.history(ref, act.history);
  const row = versionRow(store, `${ref}@${act.version}`);
  if (!entry || !row) throw new Error(`the index lacks rows of ${ref}: reindex`);
  return { view: { record: entry.record, transaction: placeOfAct(entry) }, row };
}

/** Which act of which transaction it was. */
export function placeOfAct({ txId, block, index, record }: HistoryRow): Place {
  const { seq } = record.act;
  return { txId, block, index, ...(seq === undefined ? {} : { seq }) };
}

/** The act with this number in the history of `kind/id`, and the version that it left; undefined if there is none. */
export function actAt(store: IndexStore, ref: string, history: number): PastAct | undefined {
  const entry = store.history(ref, history);
  const row = entry && versionRow(store, `${ref}@${entry.record.version}`);
  return row && { row, entry };
}

/**
 * A record for one viewer; undefined if it may not see it as it was. Its timeline holds the states that the viewer may see, as
 * the history does.
 */
export function shownTo(sight: Sight, { view, row }: Found): RecordView | undefined {
  const { record } = view;
  if (!sight.sees(row, record.state)) return undefined;
  const timeline = record.timeline.filter(({ state }) => sight.sees(row, state));
  return timeline.length === record.timeline.length ? view : { ...view, record: { ...record, timeline } };
}

/** Whether a viewer may see the record or version as it is, or anything that speaks for it. */
export function isKnown(store: IndexStore, ref: string, viewer: Viewer): boolean {
  const find = versionsIn(store);
  const sight = new Sight(viewer, find);
  const row = find(ref);
  if (!row || sight.sees(row)) return row !== undefined;
  const count = ref.includes('@') ? 0 : (store.record(ref)?.versions ?? 0);
  const versions = [row, ...Array.from({ length: count }, (_, i) => find(`${ref}@${i + 1}`))];
  return versions.some((one) => {
    for (const speaking of one ? evidenceOf(store, one) : []) if (sight.sees(speaking)) return true;
    return false;
  });
}

/** Finds versions for a `Sight`: the current one unless the reference names another. */
export function versionsIn(store: IndexStore): FindVersion {
  return (ref) => {
    if (ref.includes('@')) return versionRow(store, ref);
    const last = store.record(ref)?.versions;
    return last === undefined ? undefined : versionRow(store, `${ref}@${last}`);
  };
}

/** The versions that register or list one, the earliest of each first. */
export function* evidenceOf(store: IndexStore, { evidence }: Pick<VersionRow, 'evidence'>): Generator<VersionRow> {
  for (const [ref, from, until] of evidence) {
    const end = until ?? (store.record(ref)?.versions ?? 0) + 1;
    for (let version = from; version < end; version++) {
      const row = versionRow(store, `${ref}@${version}`);
      if (row) yield row;
    }
  }
}

/** An exact version that the ledger holds. */
function versionRow(store: IndexStore, ref: string): VersionRow | undefined {
  const node = store.numberOf(ref);
  const row = node === undefined ? undefined : store.version(node);
  return row && !isMissing(row) ? row : undefined;
}

export function resolveIn(store: IndexStore, asOf: AsOf | undefined, height = store.position.height): number {
  return resolveAsOf(asOf, { height, latest: (block) => store.block(block)?.latest ?? '' });
}

/** The time that a past block or time stands for; undefined where neither is asked for. */
export function timeAsOf(store: IndexStore, asOf: AsOf | undefined, block: number): string | undefined {
  if (asOf === undefined) return undefined;
  return typeof asOf === 'number' || /^\d+$/.test(asOf) ? (store.block(block)?.latest ?? '') : instantOf(asOf);
}

/** @throws IndexError `BAD_REQUEST` for text that is no reference. */
export function checkedRef(ref: string): Ref & { readonly record: string } {
  if (!REF.test(ref)) throw badRequest('ref', 'not-a-reference');
  const parsed = parseRef(ref);
  return { ...parsed, record: `${parsed.kind}/${parsed.id}` };
}

const REF = /^[a-z][a-z-]{0,30}\/[0-9A-Za-z._-]{1,64}(?:@[1-9][0-9]{0,8})?$/;

export function checkedLimit(
  limit: number | undefined,
  { standard, most }: { readonly standard: number; readonly most: number },
): number {
  const wanted = limit ?? standard;
  if (Number.isSafeInteger(wanted) && wanted >= 1 && wanted <= most) return wanted;
  throw badRequest('limit', 'limit-out-of-range', { most });
}
