// SPDX-License-Identifier: Apache-2.0
import { digest as digestShape } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { badRequest } from '../error.js';
import { keys } from '../rows/keys.js';
import type { BlockView, DigestMatch, LookupOptions, TransactionView } from '../ledger-index.js';
import { actAt, resolveIn, versionsIn } from './reading.js';
import { stateAt } from '../rows/rows.js';
import type { IndexStore } from '../store/store.js';
import { Sight, type Viewer } from './visibility.js';

/** Which versions carry this content, as of a block. @throws IndexError `BAD_REQUEST` for text that is no digest. */
export async function lookupDigest(
  store: IndexStore,
  digest: string,
  { viewer, asOf: when }: LookupOptions,
): Promise<readonly DigestMatch[]> {
  if (!digestShape.safeParse(digest).success) {
    throw badRequest('digest', 'not-a-digest-here');
  }
  const find = versionsIn(store);
  const sight = new Sight(viewer, find);
  const asOf = resolveIn(store, when);
  const items: DigestMatch[] = [];
  const prefix = keys.digest(digest, '');
  let looked = 0;
  for await (const [key] of store.scan(prefix)) {
    if (items.length === MOST_MATCHES || looked++ === MOST_LOOKED_AT) break;
    const ref = key.slice(prefix.length);
    const row = find(ref);
    const state = row && stateAt(row, asOf);
    // Not even that there is one: whoever has the content could ask.
    if (!row || state === undefined || !sight.sees(row, state)) continue;
    const { kind, title } = row;
    items.push({ ref, kind, ...(title === undefined ? {} : { title }), state });
  }
  return items;
}

const MOST_MATCHES = 100;
const MOST_LOOKED_AT = 10_000;

/** A transaction, valid or not; undefined if the ledger holds none of this id. */
export function transactionView(store: IndexStore, txId: string, viewer: Viewer): TransactionView | undefined {
  const row = /^[0-9a-f]{64}$/.test(txId) ? store.row(keys.transaction(txId)) : undefined;
  if (!row) return undefined;
  const sight = new Sight(viewer, versionsIn(store));
  const { changed, ...rest } = row;
  const acts = changed.map(([ref, history]) => actAt(store, ref, history));
  const seen = changed.filter((_, i) => acts[i] && sight.seesAct(acts[i]));
  // beside what is seen, not even that something sealed is there is said
  const unsaid = acts.filter((act) => act && !sight.seesAct(act) && sight.isSealed(act.row)).length;
  const hidden = seen.length === 0 ? changed.length : changed.length - seen.length - unsaid;
  return {
    txId,
    ...rest,
    changed: seen.map(([ref, history]) => ({ ref, history })),
    ...(hidden > 0 ? { hidden: true as const } : {}),
  };
}

export function blockView(store: IndexStore, number: number): BlockView | undefined {
  const row = Number.isSafeInteger(number) && number >= 0 ? store.block(number) : undefined;
  return row && { number, headerHash: row.hash, transactions: row.transactions };
}
