// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { cast } from 'yuanliu-demo/cast';
import { ids } from 'yuanliu-demo/story';
import type { Bench, BenchSamples } from './bench.js';
import { inFolder, USE, withLedger } from './embedded/ground.js';
import type { Answered, Ask, Asking } from './gateway/asking.js';
import { withGateway } from './gateway/ground.js';
import { addTangle, TANGLED } from './gateway/tangle.js';

/** What eight callers ask, some 20 requests a second each. */
const LIGHT: readonly Ask[] = [
  { what: 'a record', path: `/api/v1/products/${ids.derived}` },
  { what: 'a list', path: '/api/v1/usages?limit=20' },
  { what: 'a write', path: '/api/v1/usages/{id}/record', body: USE },
];
const TANGLED_ORIGINS = `/api/v1/products/${TANGLED}/origins?limit=5000`;
/** The longest walks there are: over the most edges, with the most acts told, and with the most told in one answer. */
const WORST: readonly Ask[] = [
  { what: 'origins', path: TANGLED_ORIGINS },
  { what: 'accountability', path: `/api/v1/products/${TANGLED}/accountability?limit=200` },
  { what: 'destinations', path: `/api/v1/products/${ids.derived}/destinations?limit=5000` },
  { what: 'impact', path: `/api/v1/agreements/${ids.agreement}/impact?limit=5000` },
];
/** So many that one answer cannot hold all destinations of the product. */
const USES = 5000;
const SECONDS = 10;

/**
 * What becomes of everybody else while some ask the worst questions there are: how long the slowest hundredth of short
 * requests takes beside four callers who ask for the longest walks without a pause, against without them. The callers of
 * short requests are the same, in a process of their own.
 */
const bench: Bench = {
  name: 'worst-trace',
  unit: 'ms per short request (p99)',
  about: 'short requests beside the worst traces, against with none',
  run: ({ samples }) =>
    inFolder(async (folder) => {
      const directory = join(folder, 'served');
      await withLedger(directory, addTangle);
      return withGateway(directory, async (served) => {
        const recording = await served.client();
        await recording.run({ count: USES, atOnce: 100, seconds: 300 });
        const [others, askers] = [await served.asker(cast.developer), await served.asker(cast.authority)];
        const short: Asking = { asks: [...LIGHT], atOnce: 8, apartMs: 40, seconds: SECONDS };
        const lastPage = await lastPageOf(served.url, TANGLED_ORIGINS, await served.tokenOf(cast.authority));
        const asks = [...WORST, { what: 'last origins', path: lastPage }];
        const worst: Asking = { asks, atOnce: 4, apartMs: 0, seconds: SECONDS };
        const beside = async (): Promise<Answered> => {
          const [answered, walked] = await Promise.all([others.run(short), askers.run(worst)]);
          tell(walked);
          return answered;
        };
        await beside(); // warm
        const rounds: { idle: Answered; beside: Answered }[] = [];
        for (let sample = 0; sample < samples; sample++) {
          rounds.push({ idle: await others.run(short), beside: await beside() });
        }
        const compare = (what?: string): Omit<BenchSamples, 'also'> => ({
          ours: rounds.map((round) => p99(round.beside, what)),
          reference: rounds.map((round) => p99(round.idle, what)),
        });
        const each = LIGHT.map(({ what }) => [what, { ...compare(what), unit: bench.unit }] as const);
        return { ...compare(), also: Object.fromEntries(each) };
      });
    }),
};
export default bench;

/** The page before which a walk goes through all the others. */
async function lastPageOf(gateway: string, path: string, token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` };
  for (let page = path; ;) {
    const { cursor } = (await (await fetch(gateway + page, { headers })).json()) as { readonly cursor?: string };
    if (cursor === undefined) return page;
    page = `${path}&cursor=${encodeURIComponent(cursor)}`;
  }
}

function p99({ times }: Answered, what?: string): number {
  const all = what === undefined ? Object.values(times).flat() : (times[what] ?? []);
  return all.sort((a, b) => a - b)[Math.floor(all.length * 0.99)] ?? NaN;
}

function tell({ times, refused }: Answered): void {
  const walks = Object.entries(times).map(
    ([what, took]) => `${took.length} ${what} of ${Math.max(...took).toFixed()} ms at most`,
  );
  console.error(`${walks.join(', ')}; ${refused} refused`);
}
