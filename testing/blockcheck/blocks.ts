// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { common } from '@hyperledger/fabric-protos';
import { openEmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { LedgerError } from 'yuanliu-gateway/ledger/error';
import { departmentOf } from 'yuanliu-demo/cast';
import { perform } from 'yuanliu-demo/perform';
import { founding } from 'yuanliu-demo/story';
import { storedBlocks } from 'yuanliu-cli/stored-blocks';

/**
 * Writes the blocks of an existing embedded ledger into a folder, one a file, `000000.block` first. The ledger must not
 * be in use.
 */
export async function exportBlocks(directory: string, folder: string): Promise<void> {
  if (!existsSync(join(directory, 'ledger')))
    throw new Error(`${directory} holds no embedded ledger: give its data folder`);
  const ledger = await openEmbeddedLedger({ directory });
  try {
    await mkdir(folder, { recursive: true });
    for await (const { number, bytes } of storedBlocks(ledger)) await writeFile(join(folder, fileName(number)), bytes);
  } finally {
    await ledger.close();
  }
}

/** Makes a small ledger in which some transactions are valid and others come too late. */
export async function makeLedger(directory: string): Promise<void> {
  const ledger = await openEmbeddedLedger({ directory });
  try {
    for (const step of founding(['金融服务', '医疗健康'].map(departmentOf))) await perform(ledger, step);
    const admissions = Array.from({ length: 60 }, (_, index) => departmentOf('某领域', 10 + index));
    const late = founding(admissions).filter(({ id }) => admissions.some(({ code }) => code === id));
    // Each twice at once: both are endorsed on the same state, so one of each two must lose.
    const outcomes = await Promise.allSettled([...late, ...late].map((step) => perform(ledger, step)));
    if (!outcomes.some(isConflict))
      throw new Error('no transaction came too late: the ledger no longer orders in blocks?');
  } finally {
    await ledger.close();
  }
}

/** A copy of exported blocks in which one block's metadata was changed, as a lying peer would. */
export async function falsify(folder: string, copy: string, what: 'validation code' | 'commit hash'): Promise<void> {
  await cp(folder, copy, { recursive: true });
  const file = join(copy, fileName(2));
  const block = common.Block.deserializeBinary(await readFile(file));
  const metadata = block.getMetadata();
  const entries = metadata?.getMetadataList_asU8() ?? [];
  const entry =
    entries[
      what === 'validation code' ? common.BlockMetadataIndex.TRANSACTIONS_FILTER : common.BlockMetadataIndex.COMMIT_HASH
    ];
  // The last byte of either: a transaction's code, or the end of the hash.
  if (entry) entry[entry.length - 1] = (entry.at(-1) ?? 0) ^ 0x0b;
  metadata?.setMetadataList(entries);
  await writeFile(file, block.serializeBinary());
}

function isConflict(outcome: PromiseSettledResult<unknown>): boolean {
  const reason: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
  return reason instanceof LedgerError && reason.code === 'MVCC_READ_CONFLICT';
}

function fileName(number: number): string {
  return `${String(number).padStart(6, '0')}.block`;
}
