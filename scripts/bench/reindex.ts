// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { EmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { reindex } from 'yuanliu-gateway/index/open-index';
import type { Bench } from './bench.js';
import { inFolder, submitting, withLedger } from './embedded/ground.js';

/** Transactions of a block: as many as the ledger puts into one. */
const BLOCK = 500;
/** Blocks added before each rebuild. */
const BLOCKS = 8;

/**
 * How fast an index is rebuilt: blocks of 500 `usage:record`, signatures not checked again, against the pace at which the
 * embedded ledger commits such blocks with nobody following it. The two take turns on one ledger that grows.
 */
const bench: Bench = {
  name: 'reindex',
  unit: 'blocks of 500 per second',
  about: 'the index rebuilt from the ledger, against the ledger’s live commit',
  run: ({ samples }) =>
    inFolder((directory) =>
      withLedger(join(directory, 'ledger'), async (ledger) => {
        const first = await ledger.height();
        const submit = await submitting(ledger);
        const commit = () => pace(BLOCKS, () => submit(BLOCKS * BLOCK, BLOCK));
        const rebuild = () => rebuildPace(ledger, join(directory, 'index'), first);
        await commit(); // warm
        await rebuild();
        const ours: number[] = [];
        const reference: number[] = [];
        for (let sample = 0; sample < samples; sample++) {
          reference.push(await commit());
          ours.push(await rebuild());
        }
        return { ours, reference };
      }),
    ),
};
export default bench;

async function pace(blocks: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return blocks / ((performance.now() - start) / 1000);
}

/** From block `first` on: those before it are small. */
async function rebuildPace(ledger: EmbeddedLedger, directory: string, first: number): Promise<number> {
  let start = 0;
  const { height } = await reindex({ ledger, directory }, (indexed) => {
    if (indexed === first) start = performance.now();
  });
  return (height - first) / ((performance.now() - start) / 1000);
}
