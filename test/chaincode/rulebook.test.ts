// SPDX-License-Identifier: Apache-2.0
import { demoRulebook } from 'yuanliu-demo/rulebook';
import { cast, fresh, openCity, refusal, use, type City } from '../builders';

let city: City;
beforeAll(async () => {
  city = await openCity('produced');
}, 120_000);
afterAll(() => city.close());

test('an amendment of the rulebook is a version, though it only adds or changes nothing (fault E3)', async () => {
  const { version: first, act } = await city.get('rulebook/city');
  const used = await city.act(cast.developer, 'usage:record', fresh('U'), use());
  const added = { ...demoRulebook, limits: { ...demoRulebook.limits, backfill: 'P90D' } };
  const { record } = await city.act(cast.authority, 'rulebook:amend', 'city', added);
  expect(record.version).toBe(first + 1);
  const again = await city.act(cast.authority, 'rulebook:amend', 'city', added);
  expect(again.record.version).toBe(first + 2);

  const later = await city.act(cast.developer, 'usage:record', fresh('U'), use());
  expect([used, later].map((one) => one.record.act.rulebook)).toEqual([first, first + 2]);
  const earlier = { occurredAt: used.record.act.time, late: { reason: '补录', documents: [] } };
  expect(earlier.occurredAt > act.time).toBe(true);
  const late = await city.act(cast.developer, 'usage:record', fresh('U'), use(earlier));
  expect(late.record.act.rulebook).toBe(first);
});

test('a rulebook stays within the reach of who amends it, so that it can be amended again (fault B42)', async () => {
  const amend = (region: string) => city.act(cast.authority, 'rulebook:amend', 'city', { ...demoRulebook, region });
  for (const region of ['320100', '440000']) {
    expect(await refusal(amend(region))).toMatchObject({ code: 'FORBIDDEN', rule: 'acts-for-itself' });
  }
  const { version } = await city.get('rulebook/city');
  expect((await amend(demoRulebook.region)).record.version).toBe(version + 1);
});
