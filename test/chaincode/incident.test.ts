// SPDX-License-Identifier: Apache-2.0
import { earliestEnd } from 'yuanliu-chaincode/rulebook/period';
import type { Member } from 'yuanliu-demo/cast';
import { demoRulebook } from 'yuanliu-demo/rulebook';
import {
  brokenBy,
  cast,
  CITY,
  demoCode,
  fresh,
  ids,
  madeUpDigest,
  openCity,
  refusal,
  use,
  type City,
} from '../builders';

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
const haltedUntil = async (): Promise<string | undefined> => {
  const { state, body } = await city.get(`grant/${ids.grant}`);
  return state === 'halted' ? (body as { halt?: { until: string } }).halt?.until : undefined;
};
const request = (): ReturnType<City['act']> => city.act(developer, 'usage:request', fresh('U'), use());
const onGrant = (act: string, input: object = { reason }): ReturnType<City['act']> =>
  city.act(agency, `grant:${act}`, ids.grant, input);
/** What halts the grant is ruled on, so that its operator may take another measure. */
const ruledOn = async (): Promise<void> => {
  const { operatorHalt } = (await city.get(`grant/${ids.grant}`)).body as { operatorHalt?: string };
  if (operatorHalt === undefined || (await city.get(operatorHalt)).state === 'closed') return;
  await city.act(supervisor, 'finding:close', operatorHalt.replace('finding/', ''), { outcome: '已处置' });
};
/** The agency lifts the measure, and the incident is ruled on. */
const settled = async (): Promise<void> => {
  await onGrant('resume');
  await ruledOn();
};

describe('an alert', () => {
  test('is raised by those who oversee and the agency, and warns whom it is served on', async () => {
    const id = fresh('F');
    const input = { about: `product/${ids.derived}`, against: developer.code, summary };
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
    await settled();
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
    now += DAY; // of one day, the breaches of a rule open one finding
    const reported = await report(by, halting(more));
    expect(brokenBy(reported)).toEqual([rule]);
    expect(reported.also).toHaveLength(1); // the finding that the violation opens
    expect((await city.get(`grant/${ids.grant}`)).state).toBe('in-force');
  });

  test('longer than the rulebook allows is a violation, and halts the link for as long as is allowed', async () => {
    const reported = await report(operator, halting({ until: inDays(30) }));
    expect(brokenBy(reported)).toEqual([rule]);
    expect(await haltedUntil()).toBe(new Date(Date.parse(reported.record.act.time) + 3 * DAY).toISOString());
    await settled();
  });

  test('lasts no longer for an incident of before there was a limit', async () => {
    const { 'emergency-measure': _, ...limits } = demoRulebook.limits ?? {};
    const amend = (more: object): ReturnType<City['act']> =>
      city.act(cast.authority, 'rulebook:amend', 'city', { ...demoRulebook, ...more });
    await amend({ limits });
    const occurredAt = new Date((now += DAY)).toISOString();
    await amend({});
    const { record } = await report(operator, { ...halting({ until: inDays(30) }), occurredAt });
    expect(await haltedUntil()).toBe(new Date(Date.parse(record.act.time) + 3 * DAY).toISOString());
    await settled();
  });

  test('is capped in plain days where the rulebook has no holidays to count working days by', async () => {
    const limits = { ...demoRulebook.limits, 'emergency-measure': '3wd' };
    await city.act(cast.authority, 'rulebook:amend', 'city', { ...demoRulebook, limits, calendar: {} });
    const { record } = await report(operator, halting({ until: inDays(30) }));
    expect(record.act.unjudged).toMatchObject([{ rule }]);
    expect(await haltedUntil()).toBe(earliestEnd(record.act.time, '3wd'));
    await city.act(cast.authority, 'rulebook:amend', 'city', demoRulebook);
    await settled();
  });

  test('is not shortened by another, and may be made longer', async () => {
    const [short, long] = [inDays(1), inDays(2)];
    await report(supervisor, halting({ until: long }));
    expect(brokenBy(await report(operator, halting({ until: short })))).toEqual([]);
    expect(await haltedUntil()).toBe(long);
    const longer = inDays(2);
    const { record } = await report(operator, halting({ until: longer }));
    expect(await haltedUntil()).toBe(longer);
    expect((await city.get(`grant/${ids.grant}`)).body).toMatchObject({ halt: { incident: `finding/${record.id}` } });
    await settled();
  });
});

describe('emergency measures in a row, unanswered by the agency', () => {
  test('last no longer than one may, whether or not the one before has lapsed', async () => {
    const { record: first } = await report(operator, halting({ until: inDays(1) }));
    const since = first.act.time;
    const latest = new Date(Date.parse(since) + 3 * DAY).toISOString();
    now += 2 * DAY; // it has lapsed
    expect(brokenBy(await report(operator, halting({ until: inDays(2) })))).toEqual([rule]);
    expect(await haltedUntil()).toBe(latest);
    expect((await city.get(`grant/${ids.grant}`)).body).toMatchObject({ halt: { since } });
    now += 2 * DAY;
    expect(brokenBy(await report(supervisor, halting({ until: inDays(2) })))).toEqual([rule]);
    expect(await haltedUntil()).toBe(latest);
    expect((await request()).record.state).toBe('permitted');
  });

  test.each([['resume'], ['suspend', 'resume']])(
    'once it has answered by %s, another may be taken: by the operator when its incident is ruled on (fault B11)',
    async (...acts) => {
      for (const act of acts) await onGrant(act);
      expect(brokenBy(await report(operator, halting()))).toEqual([rule]);
      expect((await city.get(`grant/${ids.grant}`)).state).toBe('in-force');
      expect(brokenBy(await report(operator, { ...halting(), about: `product/${ids.basic}` }))).toEqual([rule]);
      await ruledOn();
      const reported = await report(operator, halting());
      expect(brokenBy(reported)).toEqual([]);
      expect((await city.get(`grant/${ids.grant}`)).body).not.toHaveProperty('halt.since');
      expect(await refusal(request())).toMatchObject({ rule: 'chain-stands' });
    },
  );

  test('are told of to those only who may halt the link', async () => {
    now += 4 * DAY;
    const { record } = await report(rival, halting({ until: inDays(2) }));
    expect(record.act.violations).toHaveLength(1); // that it is not theirs, and no word of how long it is halted
    await settled();
  });
});

describe('who may halt a link', () => {
  const admitted = async (serial: number, ...roles: readonly object[]): Promise<Member> => {
    const member = { ...supervisor, code: demoCode(serial), name: `机构${serial}(演示)` };
    const { code, name, msp } = member;
    await city.act(cast.authority, 'organization:admit', code, { name, msp, roles });
    return member;
  };
  const isHaltedBy = async (by: Member, more: object = {}): Promise<boolean> => {
    const reported = await report(by, { ...halting(), ...more });
    expect(reported.record.state).toBe('incident');
    const isHalted = (await city.get(`grant/${ids.grant}`)).state === 'halted';
    expect(brokenBy(reported)).toEqual(isHalted ? [] : [rule]);
    if (isHalted) await settled();
    return isHalted;
  };

  test.each([
    ['a supervisor of other domains', { role: 'supervisor', region: CITY, remit: ['医疗健康'] }, false],
    ['a supervisor of its domain', { role: 'supervisor', region: CITY, remit: ['金融服务'] }, true],
    ['a supervisor of a district', { role: 'supervisor', region: '310101' }, false],
    ['a department of a district', { role: 'department', region: '310101' }, false],
  ])('%s: what it reports is on record', async (_, role, may) => {
    expect(await isHaltedBy(await admitted(900 + ++serial, role))).toBe(may);
  });

  test('one that oversees it does, in whichever of its roles it reports', async () => {
    const roles = ['developer', 'supervisor'].map((role) => ({ role, region: CITY }));
    const both = await admitted(900 + ++serial, ...roles);
    for (const as of ['developer', 'supervisor']) expect(await isHaltedBy(both, { as })).toBe(true);
  });

  test('a supervisor of some domains, of an agreement that names its whole catalogue, and of no grant about others', async () => {
    const other = await admitted(900 + ++serial, { role: 'supervisor', region: CITY, remit: ['医疗健康'] });
    for (const scope of [{ resources: ['R-1', 'R-2'] }, {}]) {
      const terms = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z', ...scope };
      await onGrant('amend', { terms, reason });
      expect(await isHaltedBy(other)).toBe(false); // what it leaves out, its scenario says
    }
    const halts = `agreement/${ids.agreement}`;
    expect(brokenBy(await report(other, halting({ halts })))).toEqual([]);
    expect((await city.get(halts)).state).toBe('halted');
    await city.act(agency, 'agreement:resume', ids.agreement, { reason });
  });

  test('not one that is suspended', async () => {
    const other = await admitted(900 + ++serial, { role: 'supervisor', region: CITY });
    await city.act(cast.authority, 'organization:suspend', other.code, { reason });
    expect(await isHaltedBy(other)).toBe(false);
  });
});
