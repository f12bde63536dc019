// SPDX-License-Identifier: Apache-2.0
import { decodeCursor, encodeCursor } from './cursor.js';
import { notFound } from '../error.js';
import { actOf } from './acts.js';
import type { HistoryEntry, Page, PageOptions } from '../ledger-index.js';
import { actAt, checkedLimit, checkedRef, placeOfAct, recordAsOf, resolveIn, versionsIn } from './reading.js';
import type { IndexStore } from '../store/store.js';
import { Sight, type Viewer } from './visibility.js';

/**
 * The acts on one record that the viewer may see, from the first. Whoever reads a record because it is public reads the
 * acts that left it in a public state; whoever is named by it reads all.
 *
 * @throws IndexError `NOT_FOUND`, `BAD_REQUEST`
 */
export function historyOf(
  store: IndexStore,
  ref: string,
  viewer: Viewer,
  options: PageOptions = {},
): Page<HistoryEntry> {
  const { record: name } = checkedRef(ref);
  const limit = checkedLimit(options.limit, { standard: 50, most: 200 });
  const request = { history: name, asOf: options.asOf, by: viewer.organization };
  const from = options.cursor === undefined ? undefined : decodeCursor(request, options.cursor);
  const asOf = from?.asOf ?? resolveIn(store, options.asOf);
  const sight = new Sight(viewer, versionsIn(store));
  const now = recordAsOf(store, name, asOf);
  if (!now || !sight.sees(now.row, now.view.record.state)) throw notFound(name);

  const acts = store.record(name)?.acts ?? 0;
  const items: HistoryEntry[] = [];
  for (let history = Number(from?.after ?? 0) + 1; history <= acts; history++) {
    const where = actOf(store, name, history);
    if (!where || where.block > asOf) break;
    if (items.length === limit)
      return { items, asOf, cursor: encodeCursor(request, { asOf, after: `${history - 1}` }) };
    const act = actAt(store, name, history);
    if (!act || !sight.seesAct(act)) continue;
    const { record, input, causedBy } = act.entry;
    items.push({
      act: record.act,
      version: where.version,
      state: record.state,
      transaction: placeOfAct(act.entry),
      ...(input === undefined ? {} : { input }),
      ...(causedBy === undefined ? {} : { causedBy }),
    });
  }
  return { items, asOf };
}
