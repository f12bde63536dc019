// SPDX-License-Identifier: Apache-2.0
import type { BlockFacts, TransactionFacts } from 'yuanliu-gateway/ledger/block-facts';
import { appendBlock } from 'yuanliu-gateway/index/apply/append-block';
import { IndexStore } from 'yuanliu-gateway/index/store/store';
import type { Born } from './scribe.js';

/**
 * Writes made-up records into a new index by the index's own write path, block by block. Not through a ledger, which would
 * sign each of a million transactions; so the blocks' hashes are made up too.
 */
export async function loadIndex(
  directory: string,
  born: Iterable<Born>,
  seen: (one: Born) => void,
): Promise<IndexStore> {
  const store = await IndexStore.open({ directory });
  let transactions: TransactionFacts[] = [];
  const flush = async (): Promise<void> => {
    const number = store.position.height;
    const block: BlockFacts = {
      number,
      previousHash: '',
      headerHash: number.toString(16).padStart(64, '0'),
      transactions,
    };
    transactions = [];
    await appendBlock(store, block);
  };
  for (const one of born) {
    if (one.block > store.position.height) await flush();
    seen(one);
    transactions.push(transactionOf(one));
  }
  if (transactions.length > 0) await flush();
  return store;
}

function transactionOf({ record, txId }: Born): TransactionFacts {
  const { kind, id, act } = record;
  return {
    txId,
    type: 'ENDORSER_TRANSACTION',
    validationCode: 'VALID',
    time: act.time,
    call: { transaction: `${kind}:${act.name}`, id, input: '{}' },
    writes: [{ key: `${kind}/${id}`, value: JSON.stringify(record) }],
  };
}
