// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { EmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { reindex } from 'yuanliu-gateway/index/open-index';
import { type Bench, inPairs, timed } from './bench.js';
import { inFolder, submitting, withLedger } from './embedded/ground.js';

/** Transactions of a block: as many as the ledger puts into one. */
const BLOCK = 500;
/** Blocks added after each rebuild. */
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
        const commit = async () => (BLOCKS / (await timed(() => submit(BLOCKS * BLOCK, BLOCK)))) * 1000;
        const rebuild = () => rebuildPace(ledger, join(directory, 'index'), first);
        await commit(); // warm
        await rebuild();
        return inPairs(samples, { ours: rebuild, reference: commit });
      }),
    ),
};
export default bench;

/** From block `first` on: those before it are small. */
async function rebuildPace(ledger: EmbeddedLedger, directory: string, first: number): Promise<number> {
  let start = 0;
  const { height } = await reindex({ ledger, directory }, (indexed) => {
    if (indexed === first) start = performance.now();
  });
  return (height - first) / ((performance.now() - start) / 1000);
}
