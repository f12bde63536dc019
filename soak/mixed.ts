// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { openEmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { examineLedger } from 'yuanliu-cli/examine';
import { readRunFile } from 'yuanliu-cli/run-file';
import { storedBlocks } from 'yuanliu-cli/stored-blocks';
import { call, importFiles, type Seen } from './callers.js';
import { Places } from './places.js';
import { Served } from './served.js';

export interface MixedOptions {
  readonly directory: string;
  readonly minutes: number;
  /** How many act and ask at once; one more sends files. */
  readonly callers: number;
  readonly log: (line: string) => void;
}

export interface MixedResult {
  readonly minutes: number;
  readonly kills: number;
  readonly restarts: number;
  readonly acknowledged: number;
  readonly rows: number;
  readonly reads: number;
  readonly refused: number;
  readonly lost: number;
  /** Longest from a kill or stop until it served again, in milliseconds. */
  readonly longestDownMs: number;
  /** Most memory that the gateway held, in MiB. */
  readonly memoryMiB: number;
  readonly blocks: number;
  readonly transactions: number;
  readonly digest: string;
  /** What Fabric's own code says of the blocks. */
  readonly blockcheck: string;
}

/**
 * Plays the demonstration, then has callers act and ask at saturation while the gateway is killed or stopped again and
 * again. In the end every acknowledged write must stand once in the block that was named, every block verify from the
 * pinned genesis block, the index be what a rebuild gives, and Fabric's own code agree.
 *
 * @throws Error saying what is not so.
 */
export async function soakMixed({ directory, minutes, callers, log }: MixedOptions): Promise<MixedResult> {
  await node('yuanliu-cli/yuanliu', 'demo', '--exit', '--data', directory, '--port', '0', '--admin-port', '0');
  const accounts = (await readRunFile(directory))?.accounts ?? [];
  const served = new Served(directory);
  await served.up;
  log('the demonstration is played; the load begins');

  const until = performance.now() + minutes * 60_000;
  const failed = new AbortController();
  const over = (): boolean => performance.now() >= until || failed.signal.aborted;
  const seen: Seen = { acknowledged: new Map(), reads: 0, rows: 0, refused: 0, lost: 0 };
  const shared = { served, accounts, seen, over };
  const ends = { kills: 0, restarts: 0, longestDownMs: 0 };
  const memory = { most: 0 };
  const all = [
    ...Array.from({ length: callers }, () => call(shared)),
    importFiles(shared),
    endAgainAndAgain(served, ends, over, () => {
      log(`${ends.kills} kills, ${ends.restarts} restarts, ${seen.acknowledged.size} writes acknowledged`);
    }),
    watchMemory(served, memory, over),
  ];
  try {
    await Promise.all(all);
  } catch (error) {
    failed.abort();
    await Promise.allSettled(all);
    await served.abandon();
    throw error;
  }
  await served.stop();

  log('the load is over; everything is checked');
  await demandAll(directory, seen.acknowledged);
  log('every acknowledged write stands once, in the block that was named');
  const { blocks, transactions, digest } = await examineLedger({ directory, ledger: { kind: 'embedded' } });
  log(`${transactions} transactions verify, and the index is what a rebuild gives`);
  const blockcheck =
    (await node('yuanliu-scripts/blockcheck', directory, '--no-decode')).trim().split('\n').at(-1) ?? '';
  const { acknowledged, ...counts } = seen;
  const memoryMiB = Math.round(memory.most / 1024 / 1024);
  return {
    minutes,
    ...ends,
    acknowledged: acknowledged.size,
    ...counts,
    memoryMiB,
    blocks,
    transactions,
    digest,
    blockcheck,
  };
}

/** Two in three times by a kill at whatever it is doing, else as an operator stops it. */
async function endAgainAndAgain(
  served: Served,
  ends: { kills: number; restarts: number; longestDownMs: number },
  over: () => boolean,
  told: () => void,
): Promise<void> {
  for (;;) {
    const next = performance.now() + randomInt(10_000, 40_000);
    while (performance.now() < next) {
      if (over()) return;
      await delay(100);
    }
    const begun = performance.now();
    if (randomInt(3) > 0) {
      await served.kill();
      ends.kills += 1;
    } else {
      await served.restart();
      ends.restarts += 1;
    }
    ends.longestDownMs = Math.max(ends.longestDownMs, Math.round(performance.now() - begun));
    told();
  }
}

async function watchMemory(served: Served, memory: { most: number }, over: () => boolean): Promise<void> {
  while (!over()) {
    await delay(2000);
    const { adminUrl } = await served.up;
    const text = await fetch(`${adminUrl}/metrics`).then(
      (response) => response.text(),
      () => '', // it was just ended
    );
    memory.most = Math.max(memory.most, Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1] ?? 0));
  }
}

async function demandAll(directory: string, acknowledged: ReadonlyMap<string, number>): Promise<void> {
  const ledger = await openEmbeddedLedger({ directory });
  try {
    const places = new Places();
    for await (const { bytes } of storedBlocks(ledger)) places.add(bytes);
    for (const [txId, block] of acknowledged) places.demand(txId, block);
  } finally {
    await ledger.close();
  }
}

/** Runs one of our own programs and gives what it said. @throws Error when it fails */
async function node(program: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [require.resolve(program), ...args], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
