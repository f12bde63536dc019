// SPDX-License-Identifier: Apache-2.0
import { FairQueue, STRANGERS } from 'yuanliu-gateway/runtime/fair-queue';
import { LoopShares } from 'yuanliu-gateway/runtime/loop-shares';
import { slices, turnFor } from 'yuanliu-gateway/runtime/slices';

/** Takes the next so many out of a queue, each at a cost, and gives whose they were. */
function serve(queue: FairQueue<string>, count: number, costOf: (group: string) => number = () => 1): string[] {
  return Array.from({ length: count }, () => {
    const next = queue.next();
    if (!next) throw new Error('the queue is empty');
    queue.charge(next.group, costOf(next.group));
    return next.item;
  });
}

test('however many one group has waiting, another waits for one of them (fault C1)', () => {
  const queue = new FairQueue<string>();
  for (let n = 0; n < 1000; n++) queue.add('A', `A${n}`);
  const served = serve(queue, 100);
  for (let n = 0; n < 200; n++) queue.add('B', `B${n}`);
  served.push(...serve(queue, 160));
  expect(served.slice(100, 150).every((item) => item.startsWith('B'))).toBe(true); // it asked for nothing before
  const later = served.slice(150);
  const ofB = later.filter((item) => item.startsWith('B')).length;
  expect(Math.abs(ofB - later.length / 2)).toBeLessThanOrEqual(1);
  expect(served.filter((item) => item.startsWith('A'))).toEqual(
    Array.from({ length: served.length - 50 - ofB }, (_, n) => `A${n}`),
  );
  expect(queue.length).toBe(1200 - served.length);
});

test('the queue serves by what turns cost, not by their number', () => {
  const queue = new FairQueue<string>(0);
  for (let n = 0; n < 500; n++) for (const group of ['A', 'B']) queue.add(group, `${group}${n}`);
  const served = serve(queue, 440, (group) => (group === 'A' ? 10 : 1));
  expect(Math.abs(served.filter((item) => item.startsWith('A')).length - 40)).toBeLessThanOrEqual(2);
});

interface Asking {
  readonly ms: number;
  readonly every?: number;
  readonly isCrowd?: true;
}

describe('shares of the event loop', () => {
  /** Has groups use the loop for five seconds, each a step of its length whenever it may; gives what each used of the last four. */
  const run = (steps: Readonly<Record<string, Asking>>): Map<string, number> => {
    let now = 0;
    const shares = new LoopShares(() => now);
    const used = new Map<string, number>();
    const last = new Map<string, number>();
    while (now < 5000) {
      const ready = Object.keys(steps).filter(
        (group) =>
          now - (last.get(group) ?? -Infinity) >= (steps[group]?.every ?? 0) &&
          shares.mayGoOn(group, steps[group]?.isCrowd ?? false),
      );
      const group = ready.sort((a, b) => (last.get(a) ?? -1) - (last.get(b) ?? -1))[0];
      if (group === undefined) {
        now += 1;
        continue;
      }
      last.set(group, now);
      const ms = steps[group]?.ms ?? 0;
      now += ms;
      shares.charge(group, ms);
      if (now > 1000) used.set(group, (used.get(group) ?? 0) + ms / 4000);
    }
    return used;
  };

  test('a group that is alone has all of the loop', () => {
    expect(run({ A: { ms: 5 } }).get('A')).toBeGreaterThan(0.98);
  });

  test('two that want all have equal parts, however long their steps, and leave the loop room', () => {
    const used = run({ A: { ms: 20 }, B: { ms: 1 } });
    const [a = 0, b = 0] = [used.get('A'), used.get('B')];
    expect(a + b).toBeLessThan(0.92);
    expect(a + b).toBeGreaterThan(0.78);
    expect(Math.abs(a - b)).toBeLessThan(0.05);
  });

  test('crowds leave half of the loop to one who asks for one thing after the other', () => {
    const used = run({
      A: { ms: 5, isCrowd: true },
      B: { ms: 4, every: 10 }, // what it asks for would be 40 % of a free loop
      [STRANGERS]: { ms: 5, isCrowd: true },
    });
    const [a = 0, b = 0, strangers = 0] = [used.get('A'), used.get('B'), used.get(STRANGERS)];
    expect(b).toBeGreaterThan(0.3);
    expect(a).toBeLessThan(0.3);
    expect(a + b + strangers).toBeLessThan(0.8);
  });

  test('who asks for little is never held, and leaves what it does not want to the others', () => {
    const used = run({ A: { ms: 5 }, B: { ms: 1, every: 20 }, [STRANGERS]: { ms: 5 } });
    expect(used.get('B')).toBeGreaterThan(0.04); // a millisecond in each 20, and what it waits for the step under way
    expect(used.get('A')).toBeGreaterThan(0.35);
    expect((used.get('A') ?? 0) / (used.get(STRANGERS) ?? 1)).toBeGreaterThan(3);
  });
});

test('strangers together are one group, and get fewer turns than an organisation', () => {
  const queue = new FairQueue<string>();
  for (let n = 0; n < 200; n++) {
    queue.add(STRANGERS, `stranger ${n}`);
    queue.add('A', `organisation ${n}`);
  }
  const served = serve(queue, 200);
  expect(served.filter((item) => item.startsWith('stranger')).length).toBeLessThanOrEqual(50);
});

test('a group that may not be served is passed over, and keeps its place', () => {
  const queue = new FairQueue<string>();
  queue.add('A', 'a');
  queue.add('B', 'b');
  expect(queue.next((group) => group !== 'A')?.item).toBe('b');
  expect(queue.next((group) => group !== 'A')).toBeUndefined();
  expect(queue.next()?.item).toBe('a');
});

test('what runs in a turn is charged to its group: next comes who used less of the loop', async () => {
  const order: string[] = [];
  const busy = async (group: string, ms: number): Promise<void> => {
    await turnFor(group);
    order.push(group);
    for (const end = performance.now() + ms; performance.now() < end;) continue;
  };
  await Promise.all([
    ...Array.from({ length: 10 }, () => busy('long', 20)),
    ...Array.from({ length: 10 }, () => busy('short', 0)),
  ]);
  expect(order.lastIndexOf('short')).toBeLessThan(order.indexOf('long') + 13); // two long steps are the credit
});

test('the long work of one organisation is cut by that of another, not by how much there is of it (fault C1)', async () => {
  const done: string[] = [];
  let hostile = 0;
  const work = async (organization: string, count: number, step: () => void): Promise<void> => {
    const othersDue = slices(organization);
    for (let taken = 0; taken < count;) {
      const others = othersDue();
      if (!others) continue;
      await others;
      taken += 1;
      step();
    }
    done.push(organization);
  };
  const all = Array.from({ length: 30 }, () => work('A', 20, () => hostile++));
  await work('B', 20, () => undefined);
  expect(hostile).toBeLessThan(100); // of 600
  expect(done[0]).toBe('B');
  await Promise.all(all);
}, 60_000);
