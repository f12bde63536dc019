// SPDX-License-Identifier: Apache-2.0
import { newPlaces, type Taker } from 'yuanliu-gateway/http/places';
import { Problem } from 'yuanliu-gateway/http/problem';
import { cast } from '../../builders';
import { expectProblem, openDoor } from './door';

/** Somebody at an address, and the end of their connection. */
function caller(address: string): { readonly by: Taker; readonly leave: () => void } {
  const connection = new AbortController();
  return {
    by: { subject: undefined, address, signal: connection.signal },
    leave: () => {
      connection.abort();
    },
  };
}

const places = () =>
  newPlaces({ each: 2, inAll: 3, none: () => new Problem('RATE_LIMITED', { message: 'no place', remedy: 'wait' }) });

test('each caller has so many places, all have so many together, and one that is left is taken again', async () => {
  const all = places();
  const [a, b, c] = [caller('a'), caller('b'), caller('c')];
  const done = (): string => 'done';
  expect([await all.hold(a.by, done), await all.hold(a.by, done)]).toEqual(['done', 'done']);
  await expect(all.hold(a.by, done)).rejects.toThrow('no place');
  expect(await all.hold(b.by, done)).toBe('done');
  await expect(all.hold(c.by, done)).rejects.toThrow('no place');
  b.leave();
  expect(await all.hold(c.by, done)).toBe('done');
});

test('who leaves while the work goes on keeps the place until it is done, whether it succeeds or fails', async () => {
  const all = places();
  const a = caller('a');
  const ends: ((error?: Error) => void)[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      ends.push((error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  const held = [all.hold(a.by, work), all.hold(a.by, work)];
  a.leave();
  await expect(all.hold(caller('a').by, () => undefined)).rejects.toThrow('no place');
  ends.forEach((end, n) => {
    end(n === 0 ? undefined : new Error('failed'));
  });
  expect((await Promise.allSettled(held)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  await all.hold(caller('a').by, () => undefined);
});

test('of many traces asked for at once, each is answered or told when to come again; none keeps its place', async () => {
  const door = await openDoor('founded', { YUANLIU_TRACES: '1' });
  const agency = await door.as(cast.agency);
  const ask = (of = agency) => of.get(`/api/v1/organizations/${cast.agency.code}/impact`);
  const replies = await Promise.all(Array.from({ length: 40 }, () => ask()));
  const refused = replies.filter(({ status }) => status !== 200);
  expect(refused.length).toBeLessThan(replies.length);
  for (const reply of refused) {
    expectProblem(reply, 429, 'RATE_LIMITED');
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0);
  }
  for (let turn = 0; turn < 5; turn++) expect((await ask()).status).toBe(200);
  await door.close();
}, 60_000);
