// SPDX-License-Identifier: Apache-2.0
import { newPlaces, type Taker } from 'yuanliu-gateway/http/middleware/places';
import { Problem } from 'yuanliu-gateway/errors/problem';
import { cast } from '../../../builders';
import { expectProblem, openDoor } from '../door';

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
  newPlaces({
    each: 2,
    inAll: 3,
    strangers: { each: 2, inAll: 3 },
    patience: 0,
    none: () => new Problem('RATE_LIMITED', { message: 'no place', remedy: 'wait' }),
  });

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

test('strangers fill their own pool and no organisation’s; organisations that wait come in turn (fault C1)', async () => {
  const all = newPlaces({
    each: 2,
    inAll: 2,
    strangers: { each: 1, inAll: 2 },
    patience: 60_000,
    none: () => new Problem('RATE_LIMITED', { message: 'no place', remedy: 'wait' }),
  });
  const of = (organization: string) => {
    const { by, leave } = caller('behind one proxy');
    return { by: { ...by, subject: { user: 'u', organization, until: Infinity } }, leave };
  };
  const strangers = ['a', 'b'].map(caller);
  for (const { by } of strangers) await all.hold(by, () => undefined);
  await expect(all.hold(caller('a').by, () => undefined)).rejects.toThrow('no place');
  const [one, two] = [of('A'), of('A')];
  await all.hold(one.by, () => undefined);
  await all.hold(two.by, () => undefined);
  await expect(all.hold(of('A').by, () => undefined)).rejects.toThrow('no place'); // its share
  const served: string[] = [];
  const waiting = ['B', 'B', 'C'].map((name) => ({ name, who: of(name) }));
  const done = waiting.map(({ name, who }) => all.hold(who.by, () => served.push(name)));
  one.leave();
  await done[0];
  two.leave();
  await done[2];
  expect(served).toEqual(['B', 'C']);
  for (const { who } of waiting) who.leave();
  await Promise.all(done);
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

test('walks of strangers from many addresses refuse no walk of an organisation (fault C1)', async () => {
  const door = await openDoor('founded', { YUANLIU_TRACES: '1', YUANLIU_TRUSTED_PROXIES: '127.0.0.1' });
  const supervisor = await door.as(cast.supervisor);
  const path = `/api/v1/organizations/${cast.agency.code}/impact`;
  const strangers = Array.from({ length: 60 }, (_, n) => door.anyone.get(path, { 'x-forwarded-for': `192.0.2.${n}` }));
  for (let turn = 0; turn < 10; turn++) expect((await supervisor.get(path)).status).toBe(200);
  expect((await Promise.all(strangers)).map(({ status }) => status)).toContain(200);
  await door.close();
}, 60_000);
