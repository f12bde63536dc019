// SPDX-License-Identifier: Apache-2.0
import { cast, fresh, openCity, use, type City } from '../builders';

let city: City;
let now = Date.parse('2026-11-29T02:00:00Z');
beforeAll(async () => {
  city = await openCity('produced', { clock: () => new Date(now) });
}, 120_000);
afterAll(() => city.close());

const misuse = (input: object = {}) =>
  city.act(cast.developer, 'usage:record', fresh('U'), use({ purpose: '商业营销', ...input }));
const close = (id: string) => city.act(cast.supervisor, 'finding:close', id, { outcome: '已核实' });

test('reports that break one rule under one authority open one finding a day, until it is closed', async () => {
  const [first] = (await misuse()).also;
  for (let again = 0; again < 5; again++) expect((await misuse()).also).toEqual([]);
  now += 24 * 3_600_000;
  const [next] = (await misuse()).also;
  expect(next).not.toBe(first);
  await close(next?.split('/')[1] ?? '');
  expect((await misuse()).also).toHaveLength(1);
  expect((await misuse()).also).toEqual([]);
});

test('a rule that is broken besides, or another authority, opens its own', async () => {
  const none = { subject: 'product/P-none@1' };
  await city.act(cast.developer, 'usage:record', fresh('U'), use(none));
  const { also } = await misuse(none);
  expect(also).toHaveLength(1);
  const { body } = await city.get(also[0] ?? '');
  expect((body as { rules: string[] }).rules).toEqual(['within-chain']);
  expect((await misuse({ authority: 'grant/GRANT-none' })).also).toHaveLength(1);
});

test('of many at once, each is recorded, and the finding that the first opened counts the others', async () => {
  now += 24 * 3_600_000;
  await misuse();
  const done = await Promise.allSettled(Array.from({ length: 30 }, () => misuse()));
  expect(done.filter(({ status }) => status === 'rejected')).toEqual([]);
});

test('a breach in another domain opens its own finding, for those who oversee that (fault B41)', async () => {
  now += 24 * 3_600_000;
  const [finance, health] = city.resources.filter((_, i) => i % 2 === 0);
  await misuse({ subject: `resource/${finance?.id ?? ''}@1` });
  const { also } = await misuse({ subject: `resource/${health?.id ?? ''}@1` });
  expect(also).toHaveLength(1);
  expect((await city.get(also[0] ?? '')).body).toMatchObject({ domains: [health?.domain] });
});

test('a breach after the finding was rectified opens another, and is not closed with it (fault B41)', async () => {
  now += 24 * 3_600_000;
  const [first = ''] = (await misuse()).also;
  const id = first.split('/')[1] ?? '';
  await city.act(cast.supervisor, 'finding:serve', id);
  await city.act(cast.supervisor, 'finding:order-rectification', id, { measures: '删除', due: '2099-01-01T00:00:00Z' });
  expect((await misuse()).also).toEqual([]);
  await city.act(cast.developer, 'finding:rectified', id, { summary: '已删除' });
  expect((await misuse()).also).toHaveLength(1);
});
