// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { genesisOf } from 'yuanliu-gateway/ledger/beginning';
import { openEmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { ChainVerifier } from 'yuanliu-verifier';
import { storedBlocks } from 'yuanliu-cli/stored-blocks';
import { Places } from './places.js';

export interface KillsOptions {
  readonly directory: string;
  /** How often the writer is killed. */
  readonly rounds: number;
  /** How many callers write at once. */
  readonly callers?: number;
  readonly log?: (line: string) => void;
}

export interface KillsResult {
  readonly rounds: number;
  readonly blocks: number;
  readonly committed: number;
  /** Transactions that the writer was told of as committed. */
  readonly acknowledged: number;
}

/**
 * Starts a writer on the embedded ledger and kills it with SIGKILL at a random moment, again and again on one ledger.
 * After each kill the chain so far must verify from its certificates, and every acknowledged transaction must stand in
 * it exactly once, valid, in the block that was named.
 *
 * @throws Error at the first round after which that is not so.
 */
export async function killWriters(options: KillsOptions): Promise<KillsResult> {
  const { directory, rounds, callers = 8, log = () => undefined } = options;
  const chain = new CheckedChain();
  let acknowledged = 0;
  for (let round = 1; round <= rounds; round++) {
    const acknowledgements = await writeUntilKilled(directory, callers);
    await chain.follow(directory);
    for (const { txId, block } of acknowledgements) chain.places.demand(txId, block);
    acknowledged += acknowledgements.length;
    log(`round ${round}: ${acknowledgements.length} acknowledged, all of them among ${chain.blocks} blocks`);
  }
  return { rounds, blocks: chain.blocks, committed: chain.places.committed, acknowledged };
}

interface Acknowledgement {
  readonly txId: string;
  readonly block: number;
}

const WRITER = join(__dirname, 'writer.js');

/** A writer may need this long to start on a busy machine. */
const PATIENCE_MS = 30_000;

/** Most kills come while it writes; one in five while it starts, at whatever it is then doing. */
async function writeUntilKilled(directory: string, callers: number): Promise<Acknowledgement[]> {
  const writer = spawn(process.execPath, [WRITER, directory, String(callers)], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 2 * PATIENCE_MS, // should this process be the one that dies
    killSignal: 'SIGKILL',
  });
  const exited = once(writer, 'exit');
  const output = collect(writer);
  if (randomInt(5) === 0) await delay(randomInt(1000));
  else {
    await Promise.race([output.first, exited, delay(PATIENCE_MS, undefined, { ref: false })]);
    await delay(randomInt(400));
  }
  if (writer.exitCode !== null) throw new Error(`the writer ended by itself with ${writer.exitCode}`);
  writer.kill('SIGKILL');
  await exited;
  return output.acknowledgements();
}

/** Whole lines only: the last one may have been cut off by the kill. */
function collect(writer: ChildProcess): { readonly first: Promise<void>; acknowledgements(): Acknowledgement[] } {
  let text = '';
  const first = new Promise<void>((resolve) => {
    writer.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      resolve();
    });
  });
  const acknowledgements = (): Acknowledgement[] =>
    text
      .slice(0, text.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ txId: line.split(' ')[0] ?? '', block: Number(line.split(' ')[1]) }));
  return { first, acknowledgements };
}

/** The chain as far as it was read and verified. */
class CheckedChain {
  blocks = 0;
  readonly places = new Places();
  #verifier: ChainVerifier | undefined;

  /** Opens the ledger as its next user would, and verifies what is new. */
  async follow(directory: string): Promise<void> {
    const ledger = await openEmbeddedLedger({ directory });
    try {
      const verifier = (this.#verifier ??= new ChainVerifier({ genesis: await genesisOf(ledger) }));
      const height = await ledger.height();
      if (height < this.blocks) throw new Error(`the chain shrank from ${this.blocks} to ${height} blocks`);
      for await (const { bytes } of storedBlocks(ledger, this.blocks)) {
        if (!verifier.add(bytes)) throw new Error(`the chain does not verify: ${JSON.stringify(verifier.verdict())}`);
        this.places.add(bytes);
        this.blocks += 1;
      }
    } finally {
      await ledger.close();
    }
  }
}
