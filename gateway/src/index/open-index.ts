// SPDX-License-Identifier: Apache-2.0
import { parseRef, type LedgerRecord } from 'yuanliu-chaincode/kind/record';
import type { OrganizationBody } from 'yuanliu-chaincode/records/organization/organization';
import { RULEBOOK_ID, type RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';
import type { Ledger } from '../ledger/port.js';
import { factsOf } from '../ledger/block-facts.js';
import { IndexError } from './error.js';
import { eventsIn } from './read/events.js';
import { Follower, type IndexLogger } from './apply/follower.js';
import { historyOf } from './read/history.js';
import { keys } from './rows/keys.js';
import { kindNamed } from './rows/kinds.js';
import type { LedgerIndex } from './ledger-index.js';
import { unmeteredOf } from './read/unmetered.js';
import { listRecords } from './read/lists.js';
import { blockView, lookupDigest, transactionView } from './read/lookup.js';
import { checkedRef, isKnown, recordAsOf, resolveIn, shownTo, versionsIn } from './read/reading.js';
import { appendBlock } from './apply/append-block.js';
import { IndexReader } from './read/index-reader.js';
import { IndexStore, type StoreOptions } from './store/store.js';
import { Sight } from './read/visibility.js';

export interface IndexOptions extends StoreOptions {
  readonly ledger: Ledger;
  readonly logger?: IndexLogger;
}

/** The index with the door to its rows: what the walks read. */
export interface OpenIndex extends LedgerIndex {
  readonly reader: IndexReader;
}

export { INDEX_FORMAT } from './store/store.js';

/**
 * Opens the index in a directory, or begins it there, and follows the ledger from where it left off. Answers at once, with
 * what it has: `waitFor` the ledger's height where that matters.
 *
 * @throws IndexError `UNAVAILABLE`
 */
export async function openIndex(options: IndexOptions): Promise<OpenIndex> {
  const store = await IndexStore.open(options);
  const follower = new Follower(store, options.ledger, options.logger);
  let closing: Promise<void> | undefined;
  const open = (): IndexStore => {
    if (closing) throw new IndexError('CLOSED', 'this index was closed');
    if (store.failure) throw store.failure;
    return store;
  };
  return {
    reader: new IndexReader(open),
    height: () => store.position.height,
    digest: () => store.position.digest,
    latest: () => store.position.latest,
    failure: () => store.failure ?? follower.failure,
    check: (options) => open().check(options),
    setAside: () => store.position.setAside ?? 0,
    waitFor: (block, timeout, signal) => follower.waitFor(block, timeout, signal),
    viewer: (organization) => {
      const found = recordAsOf(open(), `organization/${organization}`, store.position.height);
      const body = found?.view.record.body as OrganizationBody | undefined;
      return { organization, roles: body?.roles ?? [] };
    },
    record: (ref, viewer, { asOf } = {}) => {
      const { record, version } = checkedRef(ref);
      const found = recordAsOf(open(), record, resolveIn(store, asOf), { version });
      return found && shownTo(new Sight(viewer, versionsIn(store)), found);
    },
    left: (txId, ref, seq) => {
      const { changed = [] } = open().row(keys.transaction(txId)) ?? {};
      const left = changed.flatMap(([name, history]) =>
        name === ref ? (store.history(ref, history)?.record ?? []) : [],
      );
      return left.findLast(({ act }) => seq === undefined || act.seq === seq);
    },
    counted: (finding) => open().row(keys.counted(finding)),
    topOf: (link) => topOf(open(), link),
    unmetered: (of, most) => unmeteredOf(open(), of, most),
    seesEverything: (viewer) => new Sight(viewer, versionsIn(open())).seesEverything,
    knows: (ref, viewer) => isKnown(open(), ref, viewer),
    history: (ref, viewer, page) => historyOf(open(), ref, viewer, page),
    events: (block, viewer) => eventsIn(open(), block, new Sight(viewer, versionsIn(store))),
    list: (kind, list) => listRecords(open(), kind, list),
    lookup: (digest, options) => lookupDigest(open(), digest, options),
    transaction: (txId, viewer) => transactionView(open(), txId, viewer),
    block: (number) => blockView(open(), number),
    once: (organization, key) => open().row(keys.once(organization, key)),
    rulebook: () => {
      const found = recordAsOf(open(), `rulebook/${RULEBOOK_ID}`, store.position.height);
      return found?.view.record as LedgerRecord<RulebookBody> | undefined;
    },
    resolve: (asOf) => resolveIn(open(), asOf),
    close: () => (closing ??= follower.stop().then(() => store.close())),
  };
}

function topOf(store: IndexStore, link: string): string {
  const { kind, id } = parseRef(link);
  const ref = `${kind}/${id}`;
  const body = recordAsOf(store, ref, store.position.height)?.view.record.body;
  const [above] = body === undefined ? [] : (kindNamed(kind)?.parents?.(body) ?? []);
  return above === undefined ? ref : topOf(store, above);
}

/**
 * Builds the index anew from block 0 up to the ledger's height, or the one given. What was there is deleted first; the same blocks give the
 * same digest.
 *
 * @throws IndexError `UNAVAILABLE` when another process has the index open
 */
export async function reindex(
  { ledger, height: upTo, ...options }: IndexOptions & { readonly height?: number },
  progress: (height: number, of: number) => void = () => undefined,
): Promise<{ readonly height: number; readonly digest: string }> {
  await IndexStore.erase(options.directory);
  const store = await IndexStore.open(options);
  try {
    const height = upTo ?? (await ledger.height());
    let written: Promise<unknown> = Promise.resolve();
    for await (const block of ledger.blocks(0)) {
      const facts = factsOf(block, ledger.chaincode); // while the rows of the block before are written
      await written;
      progress(facts.number, height);
      written = appendBlock(store, facts);
      written.catch(() => undefined); // thrown where it is awaited, if nothing else is before
      if (facts.number + 1 >= height) break;
    }
    await written;
    progress(store.position.height, height);
    return { height: store.position.height, digest: store.position.digest };
  } finally {
    await store.close();
  }
}
