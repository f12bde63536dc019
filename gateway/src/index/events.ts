// SPDX-License-Identifier: Apache-2.0
import { titleOf } from './act-title.js';
import { kindNamed } from './kinds.js';
import type { ActEvent } from './ledger-index.js';
import { keys } from './keys.js';
import { actAt } from './reading.js';
import type { HistoryRow } from './rows.js';
import type { IndexStore } from './store.js';
import type { Sight } from './visibility.js';

/**
 * The acts that a block committed and the viewer may see, in the order of their ids. Of one transaction the act itself is
 * number 0; what it brought about follows by name, kinds that can be sealed last: the number of an act that somebody sees
 * tells nobody that a sealed finding lies before it.
 */
export function eventsIn(store: IndexStore, block: number, sight: Sight): readonly ActEvent[] {
  const events: ActEvent[] = [];
  const { transactions, hash: headerHash } = store.block(block) ?? { transactions: [], hash: '' };
  for (const txId of transactions) {
    const transaction = store.row(keys.transaction(txId));
    if (transaction?.block !== block) continue; // a duplicate that came to nothing
    const entries = transaction.changed.flatMap(([ref, history]) => {
      const act = actAt(store, ref, history);
      return act ? [{ ref, act, rank: rankOf(ref, act.entry) }] : [];
    });
    entries.sort((a, b) => (a.rank < b.rank ? -1 : 1));
    for (const [number, { ref, act }] of entries.entries()) {
      if (!sight.seesAct(act)) continue;
      const { record, index, causedBy } = act.entry;
      events.push({
        id: { block, transaction: index, event: number, headerHash },
        ref,
        kind: record.kind,
        title: titleOf(record),
        act: record.act,
        version: record.version,
        state: record.state,
        transaction: { txId, block, index },
        ...(causedBy === undefined ? {} : { causedBy }),
      });
    }
  }
  return events;
}

function rankOf(ref: string, { causedBy, record }: HistoryRow): string {
  const group = causedBy === undefined ? 0 : kindNamed(record.kind)?.sealed ? 2 : 1;
  return `${group}${ref}`;
}
