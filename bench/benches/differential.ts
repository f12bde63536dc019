// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildGo, missingGo } from 'yuanliu-network/toolchain/go';
import { BLOCKCHECK } from 'yuanliu-testing/blockcheck/build';
import { runDifferential } from 'yuanliu-testing/blockcheck/odd/differential';
import type { Bench } from './bench.js';

/** Random transactions a sample, beside one of each kind. */
const MORE = 1000;

/**
 * A count, not a time: odd transactions, properly signed and endorsed or not, of which Fabric's own validator and ours say
 * the same, or ours sets one aside with a remark; of all that were made. Each sample begins elsewhere. Needs Go.
 */
const bench: Bench = {
  name: 'differential',
  unit: 'odd transactions taken as Fabric takes them',
  about: 'odd transactions on which our verifier follows Fabric’s own validator, against all that were made',
  run: async ({ samples }) => {
    const reason = missingGo();
    if (reason !== undefined) throw new Error(`Fabric's own validator cannot be asked: ${reason}`);
    const blockcheck = join(await buildGo(BLOCKCHECK, (line) => process.stderr.write(`${line}\n`)), 'blockcheck');
    const ours: number[] = [];
    const reference: number[] = [];
    const work = await mkdtemp(join(tmpdir(), 'yuanliu-differential-'));
    try {
      for (let sample = 0; sample < samples; sample++) {
        const folder = join(work, String(sample));
        const found = await runDifferential(blockcheck, folder, { more: MORE, seed: 1000 + sample });
        for (const one of found.disagreements) process.stderr.write(`DIFFERS ${one}\n`);
        ours.push(found.transactions - found.disagreements.length);
        reference.push(found.transactions);
        await rm(folder, { recursive: true, force: true });
      }
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    return { ours, reference };
  },
};
export default bench;
