// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { IndexReader } from 'yuanliu-gateway/index/read/index-reader';
import type { IndexStore } from 'yuanliu-gateway/index/store/store';
import { Sight } from 'yuanliu-gateway/index/read/visibility';
import { slices } from 'yuanliu-gateway/runtime/slices';
import { openTrace, type Trace } from 'yuanliu-gateway/queries/trace/trace';
import { MOST_STEPS, steps, type Met } from 'yuanliu-gateway/queries/trace/walk';
import { departmentOf, productBody, resourceBody } from 'yuanliu-bench/benches/trace/bodies';
import { loadIndex } from 'yuanliu-bench/benches/trace/load';
import { Scribe, type Born } from 'yuanliu-bench/benches/trace/scribe';
import { cast, CITY } from '../../../builders';
import { newDirectory } from '../../index/indexed';

const [WIDTH, DEPTH] = [330, 310];

/** Few records and many edges: a product of 310 products, each made of the same 330 resources. */
function* tangle(): Generator<Born> {
  const scribe = new Scribe();
  const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
  for (const n of numbers(WIDTH)) {
    const made = { state: 'graded', body: resourceBody(n), act: 'anchor', by: departmentOf(n) };
    yield scribe.write({ ref: ['resource', `R-${n}`], ...made });
  }
  const product = (n: number, inputs: string[]): Born => {
    const body = productBody(n, 0, inputs);
    return scribe.write({ ref: ['product', `P-${n}`], state: 'released', body, act: 'develop', by: body.holder });
  };
  for (const n of numbers(DEPTH))
    yield product(
      n,
      numbers(WIDTH).map((one) => `resource/R-${one}@1`),
    );
  yield product(
    DEPTH,
    numbers(DEPTH).map((one) => `product/P-${one}@1`),
  );
}

const viewer = { organization: cast.authority.code, roles: [{ role: 'data-authority', region: CITY }] } as const;

let directory: string;
let store: IndexStore;
let trace: Trace;
beforeAll(async () => {
  directory = await newDirectory();
  store = await loadIndex(directory, tangle(), () => undefined);
  trace = openTrace({ reader: new IndexReader(() => store) });
}, 120_000);
afterAll(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

test('the worst walk is cut off at a bound, and says so', async () => {
  expect(WIDTH * DEPTH).toBeGreaterThan(MOST_STEPS);
  const reader = new IndexReader(() => store);
  const roots = [store.numberOf(`product/P-${DEPTH}@1`) ?? -1];
  const sight = new Sight(viewer, reader.find);
  const met: Met = { hidden: false, cut: false };
  let taken = 0;
  const asOf = store.position.height;
  const walk = {
    store: reader,
    sight,
    direction: 'origins',
    roots,
    asOf,
    depth: Infinity,
    organization: undefined,
  } as const;
  for await (const chunk of steps(walk, met)) taken += chunk.length;
  expect({ taken, cut: met.cut }).toEqual({ taken: MOST_STEPS, cut: true });
}, 120_000);

test('while several walk at once, others get their turn again and again', async () => {
  const seen = { walking: true, turns: 0 };
  const walks = Promise.all(
    [1, 2, 3].map(() => trace.accountability(`product/P-${DEPTH}`, viewer, { limit: 1 })),
  ).finally(() => (seen.walking = false));
  for (; seen.walking; seen.turns++) await turn();
  await walks;
  expect(seen.turns).toBeGreaterThan(50);
}, 120_000);

test('of all that takes long, one piece gets a slice in each turn of the event loop', async () => {
  const seen = { working: true, turns: 0 };
  const ran = new Map<number, Set<string>>();
  const work = async (name: string): Promise<void> => {
    const othersDue = slices(undefined);
    for (let slice = 0; slice < 20;) {
      const others = othersDue();
      if (!others) continue;
      await others;
      ran.set(seen.turns, (ran.get(seen.turns) ?? new Set()).add(name));
      slice += 1;
    }
  };
  const all = Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(work)).finally(() => (seen.working = false));
  for (; seen.working; seen.turns++) await turn();
  await all;
  expect(Math.max(...Array.from(ran.values(), ({ size }) => size))).toBeLessThanOrEqual(2);
}, 60_000);
