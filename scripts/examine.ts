// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIndex, reindex } from 'yuanliu-gateway/index/open-index';
import { openEmbeddedLedger, type EmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { verifyChain, type Verdict } from 'yuanliu-verifier';

/** How long an index may take to catch up, in milliseconds. */
const CATCH_UP_MS = 3_600_000;

export interface Examination {
  readonly blocks: number;
  readonly transactions: number;
  /** State digest of the index, equal to that of a rebuild. */
  readonly digest: string;
}

/**
 * Examines a ledger folder that no gateway has open: every block from certificates alone, and the index against a rebuild.
 * Throws an error that says what does not hold.
 */
export async function examineLedger(directory: string): Promise<Examination> {
  const ledger = await openEmbeddedLedger({ directory });
  try {
    const verdict = await verified(ledger);
    const kept = await digestOf(ledger, join(directory, 'index'));
    const scratch = await mkdtemp(join(tmpdir(), 'yuanliu-rebuild-'));
    try {
      const { digest: rebuilt } = await reindex({ directory: scratch, ledger });
      if (kept !== rebuilt)
        throw new Error(`the index says ${kept}, a rebuild ${rebuilt}: run \`yuanliu reindex --data ${directory}\``);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
    return { blocks: verdict.blocks, transactions: verdict.transactions, digest: kept };
  } finally {
    await ledger.close();
  }
}

/** Rebuilds the index of a ledger folder from block 0 and returns its digest; `progress` is told the height so far. */
export async function rebuildIndex(
  directory: string,
  progress: (height: number, of: number) => void = () => undefined,
): Promise<string> {
  const ledger = await openEmbeddedLedger({ directory });
  try {
    return (await reindex({ directory: join(directory, 'index'), ledger }, progress)).digest;
  } finally {
    await ledger.close();
  }
}

async function verified(ledger: EmbeddedLedger): Promise<Verdict> {
  const roots = Object.fromEntries(ledger.pki.members.map(({ mspId, root }) => [mspId, [root]]));
  const verdict = await verifyChain(stored(ledger), { roots });
  const [first] = verdict.findings;
  if (first) throw first;
  return verdict;
}

/** The blocks there are, without waiting for more. */
async function* stored(ledger: EmbeddedLedger): AsyncGenerator<Uint8Array> {
  const height = await ledger.height();
  for await (const { number, bytes } of ledger.blocks(0)) {
    yield bytes;
    if (number + 1 >= height) return;
  }
}

async function digestOf(ledger: EmbeddedLedger, directory: string): Promise<string> {
  const index = await openIndex({ directory, ledger });
  try {
    await index.waitFor((await ledger.height()) - 1, CATCH_UP_MS);
    return index.digest();
  } finally {
    await index.close();
  }
}
