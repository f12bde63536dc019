// SPDX-License-Identifier: Apache-2.0
import { FairQueue, STRANGERS } from 'yuanliu-gateway/runtime/fair-queue';
import { slices, turnFor } from 'yuanliu-gateway/runtime/slices';

test('however many one group has waiting, another waits for one of them (fault C1)', () => {
  const queue = new FairQueue<string>();
  for (let n = 0; n < 1000; n++) queue.add('A', `A${n}`);
  const served: string[] = [];
  for (let n = 0; n < 100; n++) served.push(queue.next()?.item ?? '');
  for (let n = 0; n < 200; n++) queue.add('B', `B${n}`);
  for (let n = 0; n < 160; n++) served.push(queue.next()?.item ?? '');
  expect(served.slice(100, 150).every((item) => item.startsWith('B'))).toBe(true); // it asked for nothing before
  const later = served.slice(150);
  const ofB = later.filter((item) => item.startsWith('B')).length;
  expect(Math.abs(ofB - later.length / 2)).toBeLessThanOrEqual(1);
  expect(served.filter((item) => item.startsWith('A'))).toEqual(
    Array.from({ length: served.length - 50 - ofB }, (_, n) => `A${n}`),
  );
  expect(queue.length).toBe(1200 - served.length);
});

test('strangers together are one group, and get fewer turns than an organisation', () => {
  const queue = new FairQueue<string>();
  for (let n = 0; n < 200; n++) {
    queue.add(STRANGERS, 'stranger');
    queue.add('A', 'organisation');
  }
  const served = Array.from({ length: 200 }, () => queue.next()?.item);
  expect(served.filter((item) => item === 'stranger').length).toBeLessThanOrEqual(50);
});

test('a group that may not be served is passed over, and keeps its place', () => {
  const queue = new FairQueue<string>();
  queue.add('A', 'a');
  queue.add('B', 'b');
  expect(queue.next((group) => group !== 'A')?.item).toBe('b');
  expect(queue.next((group) => group !== 'A')).toBeUndefined();
  expect(queue.next()?.item).toBe('a');
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
  await turnFor('B');
  await Promise.all(all);
}, 60_000);
