// SPDX-License-Identifier: Apache-2.0
import { type Bench, median, timed } from './bench.js';
import { indexWorld } from './trace/city.js';
import { requireSame } from './trace/compare.js';
import { startPostgres } from './trace/postgres.js';
import { askPostgres } from './trace/query.js';
import { Tables } from './trace/tables.js';

const RECORDS = Number(process.env['BENCH_RECORDS'] ?? 1_000_000);
/** Answers of each root by each side in one sample. */
const ROUNDS = 5;

/**
 * The whole answer to "where does this product come from", for products that come from a thousand records scattered among
 * a million: every hop with its version's summary, its transaction, its lawful basis then and now, and only what the
 * viewer may see, as objects in the process that asked. Against PostgreSQL 15 on the same machine with the same facts,
 * one prepared statement over a Unix socket; both warm, turn about, and first made to agree on every hop.
 *
 * Where the comparison favours PostgreSQL: who may read a record by the authority chain is in its rows beforehand; it
 * tells neither depth, nor that something was hidden, nor why a chain is broken; it has no history of bodies. Where it
 * favours us: the four roots' rows fit the cache of parsed rows (as they fit PostgreSQL's buffers), nothing crosses a
 * process, verdicts on chains are kept between walks. With no row kept parsed our answer takes some fifteen times longer,
 * two thirds of PostgreSQL's.
 */
const bench: Bench = {
  name: 'trace',
  unit: 'ms per answer (p50)',
  about: `origins of a product with a closure of 1,000 among ${RECORDS} records, against PostgreSQL 15`,
  run: async ({ samples }) => {
    const postgres = await startPostgres();
    try {
      const tables = new Tables(postgres);
      const world = await indexWorld(RECORDS, (born) => {
        tables.add(born);
      });
      try {
        await tables.load();
        const { trace, roots, viewer } = world;
        const options = { limit: 5_000 };
        for (const root of roots) {
          const answer = await trace.origins(root, viewer, options);
          requireSame(answer, await askPostgres(postgres.client, `${root}@1`, viewer, answer.asOf.time));
        }
        const ask = {
          ours: (root: string) => trace.origins(root, viewer, options),
          reference: (root: string) => askPostgres(postgres.client, `${root}@1`, viewer, new Date().toISOString()),
        };
        const measure = async (): Promise<{ ours: number; reference: number }> => {
          const times: { ours: number[]; reference: number[] } = { ours: [], reference: [] };
          for (let round = 0; round < ROUNDS; round++) {
            for (const root of roots) {
              times.ours.push(await timed(() => ask.ours(root)));
              times.reference.push(await timed(() => ask.reference(root)));
            }
          }
          return { ours: median(times.ours), reference: median(times.reference) };
        };
        await measure(); // warm
        const pairs: { ours: number; reference: number }[] = [];
        for (let sample = 0; sample < samples; sample++) pairs.push(await measure());
        return { ours: pairs.map(({ ours }) => ours), reference: pairs.map(({ reference }) => reference) };
      } finally {
        await world.close();
      }
    } finally {
      await postgres.stop();
    }
  },
};
export default bench;
