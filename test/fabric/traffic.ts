// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openIndex, reindex } from 'yuanliu-gateway/index/open-index';
import { LedgerError } from 'yuanliu-gateway/ledger/error';
import type { Ledger, Receipt } from 'yuanliu-gateway/ledger/port';
import { storedBlocks } from 'yuanliu-cli/stored-blocks';
import { decodeBlock } from 'yuanliu-verifier';
import { CITY, madeUpDigest } from '../builders';
import type { Member } from 'yuanliu-demo/cast';
import type { Connected } from './connect';

/** Writes that go on while something is done to the network. */
export interface Traffic {
  /** What was acknowledged so far. */
  readonly receipts: readonly Receipt[];
  /** What was said instead of an acknowledgement, by code. */
  readonly refusals: ReadonlyMap<string, number>;
  /** Resolves once a write that begins after this call is acknowledged; the milliseconds that took. */
  goesOn(within: number): Promise<number>;
  stop(): Promise<void>;
}

const WRITERS = 4;

/** Two clients may write at a time. */
let serial = 0;

/** Has a department anchor one resource after the other, several at a time. */
export function startTraffic(city: Connected, department: Member): Traffic {
  const receipts: Receipt[] = [];
  const refusals = new Map<string, number>();
  const waiting = new Set<() => void>();
  let stopped = false;
  const writer = async (): Promise<void> => {
    while (!stopped) {
      const id = `R-${process.pid}-${Date.now()}-${serial++}`;
      const asked = new Set(waiting);
      const input = { title: `资源 ${id}`, domain: '金融服务', region: CITY, digest: madeUpDigest(id) };
      try {
        receipts.push((await city.act(department, 'resource:anchor', id, input)).receipt);
        for (const tell of asked) tell();
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error; // nothing here is for the contract to refuse
        refusals.set(error.code, (refusals.get(error.code) ?? 0) + 1);
      }
    }
  };
  const writers = Promise.all(Array.from({ length: WRITERS }, writer));
  return {
    receipts,
    refusals,
    goesOn: async (within) => {
      const start = performance.now();
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          reject(new Error(`no write was acknowledged in ${within} ms: ${JSON.stringify([...refusals])}`));
        }, within);
        const tell = (): void => {
          clearTimeout(timer);
          waiting.delete(tell);
          resolve();
        };
        waiting.add(tell);
        writers.catch(reject);
      });
      return performance.now() - start;
    },
    stop: async () => {
      stopped = true;
      await writers;
    },
  };
}

/** Demands that each acknowledged write is on the ledger once, valid, in the block that its receipt names. */
export async function demandOnce(ledger: Ledger, receipts: readonly Receipt[]): Promise<void> {
  const found = new Map<string, number[]>();
  for await (const { number, bytes } of storedBlocks(ledger)) {
    for (const { txId, validationCode } of decodeBlock(bytes).transactions) {
      if (validationCode === 'VALID') found.set(txId, [...(found.get(txId) ?? []), number]);
    }
  }
  const amiss = receipts.filter(({ txId, blockNumber }) => String(found.get(txId)) !== String(blockNumber));
  expect(amiss).toEqual([]);
}

/** Follows a ledger from now on; at the end, demands that what it gathered is what a rebuild gives. */
export async function followed(ledger: Ledger): Promise<{ readonly demandRebuilt: () => Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'yuanliu-followed-'));
  const index = await openIndex({ directory: join(home, 'index'), ledger });
  return {
    demandRebuilt: async () => {
      try {
        const { height, digest } = await reindex({ directory: join(home, 'rebuilt'), ledger });
        await index.waitFor(height - 1, 60_000);
        expect([index.height(), index.digest()]).toEqual([height, digest]);
      } finally {
        await index.close();
        await rm(home, { recursive: true, force: true });
      }
    },
  };
}
