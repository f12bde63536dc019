// SPDX-License-Identifier: Apache-2.0
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { factsOf } from '../ledger/block-facts.js';
import type { Ledger, Receipt } from '../ledger/port.js';

/**
 * The record as a committed transaction left it, from the write set in its block: for who cannot wait until an index has it.
 *
 * @param ref `kind/id`, as the transaction answered it
 * @throws Error where the transaction wrote no such record
 */
export async function leftRecord(
  ledger: Pick<Ledger, 'blocks' | 'chaincode'>,
  { txId, blockNumber }: Pick<Receipt, 'txId' | 'blockNumber'>,
  ref: string,
): Promise<LedgerRecord> {
  for await (const block of ledger.blocks(blockNumber)) {
    const transaction = factsOf(block, ledger.chaincode).transactions.find((one) => one.txId === txId);
    const written = transaction?.writes.findLast(({ key }) => key === ref);
    if (written) return JSON.parse(written.value) as LedgerRecord;
    break;
  }
  throw new Error(`transaction ${txId} of block ${blockNumber} wrote no ${ref}`);
}
