// SPDX-License-Identifier: Apache-2.0
import { type ActPlace, rowOf } from '../rows/act-rows.js';
import { blockOf } from '../rows/keys.js';
import type { IndexStore, Snapshot } from '../store/store.js';

/** Where one act of a record is. */
export interface ActOf {
  /** Its number in the record's history, from 1. */
  readonly history: number;
  /** Place in the ledger's order. */
  readonly place: string;
  readonly block: number;
  /** The version it left. */
  readonly version: number;
}

/** Every act on `kind/id`, from the first. */
export function actsOf(store: IndexStore, ref: string): readonly ActOf[] {
  const count = store.record(ref)?.acts ?? 0;
  const acts: ActOf[] = [];
  for (let row = 0; acts.length < count; row++) {
    const found = store.actRow(ref, row) ?? [];
    if (found.length === 0) throw new Error(`the index lacks acts of ${ref}: reindex`);
    for (const one of found.slice(0, count - acts.length)) acts.push(shown(acts.length + 1, one));
  }
  return acts;
}

/** One act on `kind/id` by its number; undefined if there is none. */
export function actOf(store: IndexStore, ref: string, history: number, snapshot?: Snapshot): ActOf | undefined {
  if (history < 1 || history > (store.record(ref, snapshot)?.acts ?? 0)) return undefined;
  const { row, at } = rowOf(history);
  const found = store.actRow(ref, row, snapshot)?.[at];
  if (!found) throw new Error(`the index lacks acts of ${ref}: reindex`);
  return shown(history, found);
}

/**
 * The last act on `kind/id` by the end of a block; of a version, the last that left it. Both only grow along a history, so
 * a long one is halved, not read through.
 */
export function lastActBy(
  store: IndexStore,
  ref: string,
  block: number,
  { version, snapshot }: { readonly version?: number | undefined; readonly snapshot?: Snapshot } = {},
): ActOf | undefined {
  const count = store.record(ref, snapshot)?.acts ?? 0;
  const isBy = ({ block: at, version: left }: ActOf): boolean =>
    at <= block && (version === undefined || left <= version);
  let [low, high] = [0, count]; // acts up to `low` are by then, acts after `high` are not
  for (let middle = count; low < high; middle = low + Math.ceil((high - low) / 2)) {
    const act = actOf(store, ref, middle, snapshot);
    if (act && isBy(act)) low = middle;
    else high = middle - 1;
  }
  const last = actOf(store, ref, low, snapshot);
  return last && (version === undefined || last.version === version) ? last : undefined;
}

function shown(history: number, [place, version]: ActPlace): ActOf {
  return { history, place, block: blockOf(place), version };
}
