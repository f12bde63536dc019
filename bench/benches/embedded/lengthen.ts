// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { reindex } from 'yuanliu-gateway/index/open-index';
import { encodeBlock, newHeader } from 'yuanliu-gateway/ledger/embedded/block';
import { openEmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { Store } from 'yuanliu-gateway/ledger/embedded/store';
import type { Identity } from 'yuanliu-gateway/ledger/port';
import { decodeBlock } from 'yuanliu-verifier';
import { commitHash, headerHash, type StateUpdate, updatesBytes } from 'yuanliu-verifier/wire/hash';
import { cast } from 'yuanliu-demo/cast';
import { identityOf } from 'yuanliu-demo/perform';
import { USE, withLedger } from './ground.js';

const CHAINCODE = 'yuanliu';
/** Transactions of a block. */
const BLOCK = 500;
/** No start looks at what orderers signed. */
const NOBODY: Identity = { mspId: 'AuthorityMSP', certificate: '', sign: () => Buffer.alloc(70) };

/**
 * Adds so many uses to the ledger in a data folder, and indexes them. Each is a copy of one that was endorsed and signed,
 * with an id and a transaction id of its own: so its signatures do not hold, and everything that a start reads does.
 */
export async function lengthen(directory: string, count: number): Promise<void> {
  const template = await withLedger(directory, async (ledger) => {
    const height = await ledger.height();
    const id = `U-${String(height).padStart(10, '0')}`;
    const identity = await identityOf(ledger, cast.developer);
    await ledger.submit({ identity, transaction: 'usage:record', args: [id, USE] });
    for await (const { bytes } of ledger.blocks(height)) return { id, ...contentOf(bytes) };
    throw new Error('the ledger gave no block');
  });
  const store = await Store.open({ directory: join(directory, 'ledger'), reserve: 0 });
  try {
    for (let done = 0; done < count; done += BLOCK) {
      await append(store, template, Math.min(BLOCK, count - done));
    }
  } finally {
    await store.close();
  }
  const ledger = await openEmbeddedLedger({ directory });
  try {
    await reindex({ directory: join(directory, 'index'), ledger });
  } finally {
    await ledger.close();
  }
}

interface Template {
  readonly id: string;
  readonly txId: string;
  /** As latin1 text, so that replacing in it changes no other byte. */
  readonly envelope: string;
  readonly writes: readonly (readonly [key: string, value: string | undefined])[];
}

function contentOf(bytes: Uint8Array): Omit<Template, 'id'> {
  const { data, transactions } = decodeBlock(bytes);
  const [transaction] = transactions;
  if (transaction?.type !== 'ENDORSER_TRANSACTION') throw new Error('the block holds no act');
  return {
    txId: transaction.txId,
    envelope: Buffer.from(data[0] ?? []).toString('latin1'),
    writes: transaction.writesIn(CHAINCODE).map(({ key, value }) => [key, value?.toString('latin1')]),
  };
}

async function append(store: Store, { id, txId, envelope, writes }: Template, count: number): Promise<void> {
  const { height, headerHash: previousHash, commitHash: previousCommit } = store.position;
  const data: Buffer[] = [];
  const txIds: string[] = [];
  const updates = new Map<string, StateUpdate>();
  for (let transaction = 0; transaction < count; transaction++) {
    const serial = (height * BLOCK + transaction).toString().padStart(10, '0');
    const [ownId, ownTxId] = [`V-${serial}`, `${serial}${txId.slice(10)}`];
    const own = (text: string): string => text.replaceAll(id, ownId).replaceAll(txId, ownTxId);
    data.push(Buffer.from(own(envelope), 'latin1'));
    txIds.push(ownTxId);
    for (const [key, value] of writes) {
      const written = value === undefined ? undefined : Buffer.from(own(value), 'latin1');
      const version = { block: height, transaction };
      updates.set(own(key), { namespace: CHAINCODE, key: own(key), value: written, version });
    }
  }
  const header = newHeader(height, previousHash, data);
  const filter = new Uint8Array(count);
  const hash = commitHash(previousCommit, filter, updatesBytes([...updates.values()]));
  await store.append({
    block: encodeBlock(header, data, NOBODY, { filter, commitHash: hash }),
    txIds,
    updates: [...updates.values()],
    position: { height: height + 1, headerHash: headerHash(header), commitHash: hash },
  });
}
