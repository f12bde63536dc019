// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { z } from 'zod';
import { CITY, departmentOf } from 'yuanliu-demo/cast';
import { ids } from 'yuanliu-demo/story';
import type { Bench, BenchSamples } from './bench.js';
import { inFolder, withLedger } from './embedded/ground.js';
import type { Answered, Ask } from './gateway/asking.js';
import { type Served, withGateway } from './gateway/ground.js';
import { openEventStreams } from './gateway/streams.js';
import { addTangle, TANGLED } from './gateway/tangle.js';

const SECONDS = 8;
/** Streams that the hostile organisation, and strangers, keep open. */
const STREAMS = 16;
/** A short file of an honest department, and the long one of a hostile supplier. */
const [SHORT_FILE, LONG_FILE] = [20, 5000];

const HONEST = departmentOf('金融服务', 0);
const RIVAL = departmentOf('医疗健康', 1);

const READ: Ask = { what: 'read', path: `/api/v1/products/${ids.derived}` };
const WALK: Ask = { what: 'walk', path: `/api/v1/products/${ids.derived}/origins` };
const WRITE: Ask = {
  what: 'write',
  path: '/api/v1/resources/{id}/anchor',
  body: JSON.stringify({ title: '{id}', domain: '金融服务', category: '企业登记', region: CITY }),
};
/** What an organisation can ask at its worst; and what anyone can. */
const HOSTILE: readonly Ask[] = [
  { what: 'read', path: '/api/v1/resources?limit=200' },
  { what: 'walk', path: `/api/v1/products/${TANGLED}/origins?limit=5000` },
  WRITE,
  READ,
];
/** A body of the largest size, which fits no act, and is made of as many pieces as it has room for. */
const FOUL: Ask = {
  what: 'foul',
  path: '/api/v1/resources/{id}/anchor',
  body: JSON.stringify({ title: '{id}', parts: Array.from({ length: 250_000 }, () => [1]) }),
  isFoul: true,
};
const STRANGE: readonly Ask[] = [
  READ,
  { what: 'walk', path: `/api/v1/products/${TANGLED}/origins?limit=5000` },
  { what: 'read', path: '/api/v1/organizations?limit=200' },
];
const KINDS = ['read', 'walk', 'write', 'import', 'stream'] as const;

/**
 * How one organisation at full force, and strangers beside it, slow down another: the slowest hundredth of an honest
 * organisation's answers beside them, against the same callers' answers without them just before, by kind of request. A
 * stream's time is from the signing of an act until its event comes. The figure is that of the worst kind.
 *
 * The attack, for as long as the honest organisation is measured: the hostile one has 100 callers who read long lists, walk the
 * largest tangle, write and read; four who send imports of 5,000 rows; four who send foul bodies of a megabyte; and 16
 * streams. Strangers have 50 callers who read, walk and list, and 16 streams. The gateway's bound on requests a minute is off.
 * Who is refused comes again at once, and does not wait as `Retry-After` asks. Between rounds its imports are cancelled, so that alone is alone.
 *
 * The attackers' processes run at the lowest priority: they share the processors with the gateway here, and nowhere else. What
 * they send is not less for that than the gateway takes.
 */
const bench: Bench = {
  name: 'fairness',
  unit: 'ms per answer (p99), of the kind that is slowed most',
  about: 'an honest organisation beside a hostile one and strangers, against alone',
  run: ({ samples }) =>
    inFolder(async (folder) => {
      const directory = join(folder, 'served');
      await withLedger(directory, addTangle);
      return withGateway(directory, async (served) => {
        const honest = await honestCallers(served);
        const hostile = await hostileCallers(served);
        await honest(); // warm
        const rounds: { idle: Answered; beside: Answered }[] = [];
        for (let sample = 0; sample < samples; sample++) {
          const idle = await honest();
          const [beside] = await Promise.all([honest(), hostile()]);
          rounds.push({ idle, beside });
        }
        const of = (kind: string): Omit<BenchSamples, 'also'> => ({
          ours: rounds.map(({ beside }) => p99(beside, kind)),
          reference: rounds.map(({ idle }) => p99(idle, kind)),
        });
        const slowed = (kind: string): number => {
          const { ours, reference } = of(kind);
          return ours.reduce((sum, value, n) => sum + value / (reference[n] ?? NaN), 0);
        };
        const [worst = 'read'] = [...KINDS].sort((a, b) => slowed(b) - slowed(a));
        const also = Object.fromEntries(KINDS.map((kind) => [kind, { ...of(kind), unit: 'ms per answer (p99)' }]));
        return { ...of(worst), also };
      });
    }),
};
export default bench;

/** Each kind of request by a few callers of one organisation, with pauses. */
async function honestCallers(served: Served): Promise<() => Promise<Answered>> {
  const asker = await served.asker(HONEST);
  const others = [await served.asker(HONEST), await served.asker(HONEST)] as const;
  const token = await served.tokenOf(HONEST);
  return async () => {
    const streams = await openEventStreams(served.url, { token, count: 1, by: HONEST.code });
    const seconds = SECONDS;
    const [reads, writes, imports] = await Promise.all([
      asker.run({ asks: [READ, WALK], atOnce: 3, apartMs: 30, seconds }),
      others[0].run({ asks: [WRITE], atOnce: 2, apartMs: 40, seconds }),
      others[1].run({ asks: [importOf('honest', SHORT_FILE)], atOnce: 1, apartMs: 100, seconds }),
    ]);
    const stream = await streams.close();
    const refused = reads.refused + writes.refused + imports.refused;
    if (refused > 0) console.error(`${refused} requests of the honest organisation were refused`);
    return { times: { ...reads.times, ...writes.times, ...imports.times, stream }, refused };
  };
}

/** One organisation that asks for all it can, and strangers who do; who is refused comes again at once. */
async function hostileCallers(served: Served): Promise<() => Promise<void>> {
  const rival = await served.asker(RIVAL, true);
  const importer = await served.asker(RIVAL, true);
  const foul = await served.asker(RIVAL, true);
  const strangers = await served.asker(undefined, true);
  const drainers = [await served.drainer(RIVAL), await served.drainer(undefined)];
  const token = await served.tokenOf(RIVAL);
  return async () => {
    const streaming = drainers.map((one) => one.run({ count: STREAMS, seconds: SECONDS }));
    const all = { apartMs: 0, seconds: SECONDS, pressing: true };
    const answered = await Promise.all([
      rival.run({ asks: [...HOSTILE], atOnce: 100, ...all }),
      importer.run({ asks: [importOf('rival', LONG_FILE)], atOnce: 4, ...all }),
      foul.run({ asks: [FOUL], atOnce: 4, ...all }),
      strangers.run({ asks: [...STRANGE], atOnce: 50, ...all }),
    ]);
    await Promise.all(streaming);
    await cancelImports(served, token);
    const sum = answered.map(
      ({ times, refused }) => `${Object.values(times).flat().length} answered, ${refused} refused`,
    );
    console.error(`hostile: ${sum.join('; ')}`);
  };
}

/** Cancels what an organisation's imports have left to do. */
async function cancelImports({ url }: Served, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const running = z.object({ items: z.array(z.object({ import: z.string() })) });
  for (;;) {
    const { items } = running.parse(await (await fetch(`${url}/api/v1/imports?state=running`, { headers })).json());
    if (items.length === 0) return;
    for (const one of items) await fetch(`${url}/api/v1/imports/${one.import}/cancel`, { method: 'POST', headers });
  }
}

function importOf(name: string, rows: number): Ask {
  const lines = Array.from({ length: rows }, (_, row) => `医疗健康,就诊,{id}-${name}-${row}`);
  return {
    what: 'import',
    path: '/api/v1/imports',
    body: ['domain,category,item', ...lines].join('\n'),
    type: 'text/csv',
  };
}

function p99({ times }: Answered, kind: string): number {
  const all = [...(times[kind] ?? [])].sort((a, b) => a - b);
  return all[Math.floor(all.length * 0.99)] ?? NaN;
}
