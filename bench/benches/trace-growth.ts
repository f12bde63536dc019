// SPDX-License-Identifier: Apache-2.0
import { type Bench, median, timed } from './bench.js';
import { indexWorld } from './trace/city.js';

const FEW = 10_000;
const MANY = 1_000_000;
/** Answers of each root in each world in one sample. */
const ROUNDS = 20;

/**
 * How the time of an origins answer grows with the ledger, the answer itself staying at a thousand records: the exponent
 * of time between ten thousand and a million records, both worlds open at once and asked in turn. The reference is 1, the
 * exponent of anything that looks at every record; 0 would be no growth at all.
 */
const bench: Bench = {
  name: 'trace-growth',
  unit: 'exponent of time over records',
  about: `growth of an origins answer of 1,000 records from ${FEW} to ${MANY} records`,
  run: async ({ samples }) => {
    const worlds = [await indexWorld(FEW), await indexWorld(MANY)] as const;
    try {
      const measure = async (): Promise<number> => {
        const times: [number[], number[]] = [[], []];
        for (let round = 0; round < ROUNDS; round++) {
          for (const [place, { trace, roots, viewer }] of worlds.entries()) {
            for (const root of roots)
              times[place]?.push(await timed(() => trace.origins(root, viewer, { limit: 5_000 })));
          }
        }
        return Math.log(median(times[1]) / median(times[0])) / Math.log(MANY / FEW);
      };
      await measure(); // warm
      const ours: number[] = [];
      for (let sample = 0; sample < samples; sample++) ours.push(await measure());
      return { ours, reference: ours.map(() => 1) };
    } finally {
      for (const world of worlds) await world.close();
    }
  },
};
export default bench;
