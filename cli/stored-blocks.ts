// SPDX-License-Identifier: Apache-2.0
import type { Ledger, LedgerBlock } from 'yuanliu-gateway/ledger/port';

/** The blocks that a ledger has now, from number `from` on; it waits for no more. */
export async function* storedBlocks(ledger: Ledger, from = 0): AsyncGenerator<LedgerBlock> {
  const height = await ledger.height();
  if (from >= height) return;
  for await (const block of ledger.blocks(from)) {
    yield block;
    if (block.number + 1 >= height) return;
  }
}
