// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { BlockFacts } from '../../ledger/block-facts.js';
import type { Position } from '../rows/rows.js';
import type { IndexStore } from '../store/store.js';
import { type Folded, foldBlock } from './fold.js';

/** Adds the next block to an index, and returns the transactions of it that were set aside. One call at a time. */
export async function appendBlock(store: IndexStore, block: BlockFacts): Promise<Folded['setAside']> {
  const before = store.position;
  const batch = store.batch();
  const folded = foldBlock(block, before, batch, (name) => store.numberOf(name));
  const { lineage, parents, names, latest } = folded;
  const digest = createHash('sha256')
    .update(Buffer.from(before.digest, 'hex'))
    .update(Buffer.from(block.headerHash, 'hex'))
    .update(batch.digest())
    .digest('hex');
  const setAside = (before.setAside ?? 0) + folded.setAside.length;
  const position: Position = {
    height: block.number + 1,
    headerHash: block.headerHash,
    digest,
    names,
    latest,
    ...(setAside === 0 ? {} : { setAside }),
  };
  await store.commit(batch, position, { lineage, parents });
  return folded.setAside;
}
