// SPDX-License-Identifier: Apache-2.0
import type { Member } from 'yuanliu-scripts/demo/cast';
import { cast, CITY, ids, madeUpDigest, openCity, use, type City } from '../builders';
import { brokenBy, refusal } from './refusal';

const DAY = 86_400_000;
const { agency, developer, operator, rival, supervisor } = cast;
const summary = '异常批量调用(演示)';
const reason = '演示';
const rule = 'emergency-measure';

let city: City;
let now: number;
let serial = 0;
beforeAll(async () => {
  now = Date.now();
  city = await openCity('produced', { clock: () => new Date((now += 10)) });
}, 120_000);
afterAll(() => city.close());

const fresh = (prefix: string): string => `${prefix}-e${++serial}`;
const inDays = (count: number): string => new Date(now + count * DAY).toISOString();
const halting = (more: object = {}): object => ({
  measure: { halts: `grant/${ids.grant}`, reason, until: inDays(2), ...more },
});
const report = (by: Member, more: object = {}): ReturnType<City['act']> =>
  city.act(by, 'finding:incident', fresh('F'), {
    about: `product/${ids.derived}`,
    against: developer.code,
    summary,
    evidence: { digest: madeUpDigest('日志') },
    ...more,
  });
const request = (): ReturnType<City['act']> => city.act(developer, 'usage:request', fresh('U'), use());
const onGrant = (act: string, input: object = { reason }): ReturnType<City['act']> =>
  city.act(agency, `grant:${act}`, ids.grant, input);

describe('an alert', () => {
  test('is raised by those who oversee and the agency, and warns whom it is served on', async () => {
    const id = fresh('F');
    const input = { about: `product/${ids.derived}`, against: developer.code, summary, region: CITY };
    expect(await refusal(city.act(operator, 'finding:alert', id, input))).toMatchObject({ code: 'FORBIDDEN' });
    expect((await city.act(agency, 'finding:alert', id, input)).record.state).toBe('alerted');
    expect((await city.act(agency, 'finding:serve', id)).record.state).toBe('served');
    await city.act(agency, 'finding:order-rectification', id, { measures: '限流', due: inDays(5) });
    await city.act(developer, 'finding:rectified', id, { summary: '已限流' });
  });

  test('that comes to nothing is closed', async () => {
    const id = fresh('F');
    await city.act(supervisor, 'finding:alert', id, { about: `product/${ids.derived}`, summary });
    expect((await city.act(supervisor, 'finding:close', id, { outcome: '误报' })).record.state).toBe('closed');
  });
});

describe('an incident', () => {
  test('is reported by whoever meets it, suspended or not, and goes the way of a finding', async () => {
    await city.act(cast.authority, 'organization:suspend', rival.code, { reason });
    const { record } = await report(rival);
    await city.act(cast.authority, 'organization:reinstate', rival.code, { reason });
    expect(record).toMatchObject({ state: 'incident', act: { nature: 'report', violations: [] } });
    expect((await city.act(supervisor, 'finding:serve', record.id)).record.state).toBe('served');
  });
});

describe('an emergency measure', () => {
  test('halts the link at once, and lapses by itself', async () => {
    const { record, also } = await report(operator, halting());
    expect(also).toEqual([`grant/${ids.grant}`]);
    expect(await city.get(`grant/${ids.grant}`)).toMatchObject({
      version: 1,
      state: 'halted',
      body: { halt: { incident: `finding/${record.id}`, by: operator.code } },
    });
    expect(await refusal(request())).toMatchObject({ rule: 'chain-stands' });
    now += 3 * DAY;
    expect((await request()).record.state).toBe('permitted');
    await onGrant('resume');
  });

  test('is confirmed by the agency, which suspends the link, or lifted', async () => {
    await report(supervisor, halting());
    await onGrant('suspend');
    now += 3 * DAY;
    expect(await refusal(request())).toMatchObject({ rule: 'chain-stands' });
    await onGrant('resume');
    await report(supervisor, halting());
    expect((await onGrant('resume')).record.state).toBe('in-force');
    expect((await request()).record.state).toBe('permitted');
  });

  test('of an agreement is its agency’s and the overseers’ to take', async () => {
    const halts = `agreement/${ids.agreement}`;
    expect(brokenBy(await report(operator, halting({ halts })))).toEqual([rule]);
    expect((await city.get(halts)).state).toBe('signed');
    await report(agency, halting({ halts }));
    expect(await refusal(request())).toMatchObject({ rule: 'chain-stands' });
    await city.act(agency, 'agreement:resume', ids.agreement, { reason });
  });

  test.each([
    ['by one who is no party', rival, {}],
    ['on a link that is not there', operator, { halts: 'grant/none' }],
    ['that is over', operator, { until: '2026-01-01T00:00:00Z' }],
  ])('%s is on record, and halts nothing', async (_, by, more) => {
    const reported = await report(by, halting(more));
    expect(brokenBy(reported)).toEqual([rule]);
    expect(reported.also).toHaveLength(1); // the finding that the violation opens
    expect((await city.get(`grant/${ids.grant}`)).state).toBe('in-force');
  });

  test('longer than the rulebook allows halts the link, and that is a violation', async () => {
    const reported = await report(operator, halting({ until: inDays(30) }));
    expect(brokenBy(reported)).toEqual([rule]);
    expect((await city.get(`grant/${ids.grant}`)).state).toBe('halted');
    await onGrant('resume');
  });
});
