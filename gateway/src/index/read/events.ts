// SPDX-License-Identifier: Apache-2.0
import { titleOf } from './act-title.js';
import { kindNamed } from '../rows/kinds.js';
import type { ActEvent } from '../ledger-index.js';
import { keys } from '../rows/keys.js';
import { actAt, placeOfAct } from './reading.js';
import type { HistoryRow } from '../rows/rows.js';
import type { IndexStore } from '../store/store.js';
import type { Sight } from './visibility.js';

/**
 * The acts that a block committed and the viewer may see, in the order of their ids. Of one transaction they are numbered in
 * the order of its acts, each before what it brought about, which follows by name. Kinds that can be sealed come last: the
 * number of an act that somebody sees tells nobody that a sealed finding lies before it.
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
    entries.sort(byRank);
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
        transaction: placeOfAct(act.entry),
        ...(causedBy === undefined ? {} : { causedBy }),
      });
    }
  }
  return events;
}

/** Where an act stands among those of its transaction. */
interface Rank {
  readonly sealed: boolean;
  readonly seq: number;
  /** Of one act: itself, then what it brought about by name. */
  readonly name: string;
}

/** An act alone is first whatever its kind: its transaction is there for it. */
function rankOf(ref: string, { causedBy, record: { kind, act } }: HistoryRow): Rank {
  const caused = causedBy !== undefined;
  const sealed = kindNamed(kind)?.sealed !== undefined && (caused || act.seq !== undefined);
  return { sealed, seq: act.seq ?? 0, name: `${caused ? 1 : 0}${ref}` };
}

function byRank({ rank: a }: { readonly rank: Rank }, { rank: b }: { readonly rank: Rank }): number {
  if (a.sealed !== b.sealed) return a.sealed ? 1 : -1;
  if (a.seq !== b.seq) return a.seq - b.seq;
  return a.name < b.name ? -1 : 1;
}
