// SPDX-License-Identifier: Apache-2.0
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig, startGateway } from 'yuanliu-gateway';
import { type Bench, inPairs, timed } from './bench.js';
import { inFolder } from './embedded/ground.js';
import { lengthen } from './embedded/lengthen.js';

/** Transactions of the large folder, and of the small one; the former can be set for a try. */
const LARGE = Number(process.env['YUANLIU_BENCH_TRANSACTIONS'] ?? 1_000_000);
const SMALL = LARGE / 100;

/**
 * How long a gateway takes to start, from its call until its port answers: on a data folder with a million uses, against
 * one with ten thousand. The folders are made by multiplying one signed transaction, which no start judges again.
 */
const bench: Bench = {
  name: 'start',
  unit: 'ms',
  about: `a gateway's start at ${LARGE} transactions, against one at ${SMALL}`,
  run: ({ samples }) =>
    inFolder(async (root) => {
      const [small, large] = [join(root, 'small'), join(root, 'large')];
      await lengthen(small, SMALL);
      await cp(small, large, { recursive: true });
      await lengthen(large, LARGE - SMALL);
      const started = (directory: string) => async (): Promise<number> => {
        const own = { YUANLIU_PORT: '0', YUANLIU_ADMIN_PORT: '0', YUANLIU_LOG_LEVEL: 'silent' };
        let close = (): Promise<void> => Promise.resolve();
        const ms = await timed(async () => {
          const gateway = await startGateway(readConfig({ YUANLIU_DATA: directory, ...own }));
          close = () => gateway.close();
        });
        await close();
        return ms;
      };
      await started(small)(); // loads the program
      await started(large)(); // moves LevelDB's log into a table
      return inPairs(samples, { ours: started(large), reference: started(small) });
    }),
};
export default bench;
