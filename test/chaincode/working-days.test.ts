// SPDX-License-Identifier: Apache-2.0
import { addPeriod, BeyondCalendar, calendar, earliestEnd, period } from 'yuanliu-chaincode/rulebook/period';
import { demoRulebook } from 'yuanliu-demo/rulebook';
import { cast, openCity, refusal, type City } from '../builders';

const years = demoRulebook.calendar ?? {};

describe('a period', () => {
  test.each([
    [
      'over the National Day holiday and its worked Saturday',
      '2026-09-29T02:00:00.000Z',
      '4wd',
      '2026-10-10T16:00:00.000Z',
    ],
    ['over a plain weekend', '2026-11-20T02:00:00.000Z', '1wd', '2026-11-23T16:00:00.000Z'],
    ['onto a worked Sunday', '2026-09-18T02:00:00.000Z', '1wd', '2026-09-20T16:00:00.000Z'],
    ['from an evening in UTC that is tomorrow in China', '2026-11-23T17:00:00.000Z', '1wd', '2026-11-25T16:00:00.000Z'],
    ['begun on a holiday', '2026-10-03T02:00:00.000Z', '1wd', '2026-10-08T16:00:00.000Z'],
    ['over the turn of a known year', '2025-12-31T02:00:00.000Z', '1wd', '2026-01-04T16:00:00.000Z'],
  ])('of working days %s ends at midnight in China of its last one', (_, from, wd, end) => {
    expect(addPeriod(from, wd, years)).toBe(end);
  });

  test('in days is that many times 24 hours', () => {
    expect(addPeriod('2026-02-27T02:00:00.000Z', '30d', years)).toBe('2026-03-29T02:00:00.000Z');
  });

  test('in months is counted on the calendar in China', () => {
    expect(addPeriod('2026-01-30T20:00:00.000Z', 'P1M')).toBe('2026-02-27T20:00:00.000Z'); // 31 January there
  });

  test('in working days into a year without holidays is not guessed', () => {
    expect(() => addPeriod('2026-12-31T02:00:00.000Z', '1wd', years)).toThrow(BeyondCalendar);
    expect(() => addPeriod('2026-12-01T02:00:00.000Z', '1wd')).toThrow(BeyondCalendar);
  });

  test.each([
    ['as it ends, where that is known', '2026-09-29T02:00:00.000Z', '4wd', '2026-10-10T16:00:00.000Z'],
    ['as if every day were worked that is not known', '2026-12-30T02:00:00.000Z', '4wd', '2027-01-03T16:00:00.000Z'],
    ['as it ends, if that is not in working days', '2026-12-30T02:00:00.000Z', '4d', '2027-01-03T02:00:00.000Z'],
  ])('ends at the earliest %s', (_, from, duration, end) => {
    expect(earliestEnd(from, duration, years)).toBe(end);
  });

  test.each(['0wd', 'wd', '20w', '1.5wd', '-3d', '99999wd'])('is not written %j', (text) => {
    expect(period.safeParse(text).success).toBe(false);
  });
});

test.each([
  ['a day of another year', { '2026': { holidays: ['2025-10-01'], workdays: [] } }],
  ['a worked day in the week', { '2026': { holidays: [], workdays: ['2026-11-24'] } }],
  ['a day off and worked', { '2026': { holidays: ['2026-10-10'], workdays: ['2026-10-10'] } }],
])('a calendar with %s is refused', (_, wrong) => {
  expect(calendar.safeParse(wrong).success).toBe(false);
});

describe('a rulebook', () => {
  let city: City;
  beforeAll(async () => {
    city = await openCity('founded');
  });
  afterAll(() => city.close());

  test('with a period in working days and no calendar is refused', async () => {
    const { calendar: _, ...without } = demoRulebook;
    const input = { ...without, periods: { ...demoRulebook.periods, publicity: '10wd' } };
    const error = await refusal(city.act(cast.authority, 'rulebook:amend', 'city', input));
    expect(error).toMatchObject({ code: 'INPUT_INVALID' });
    expect(JSON.stringify(error.details.issues)).toContain('calendar');
  });

  test('is amended by the data-authority only, and adopted once', async () => {
    expect(await refusal(city.act(cast.agency, 'rulebook:amend', 'city', demoRulebook))).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await refusal(city.act(cast.authority, 'rulebook:adopt', 'city', demoRulebook))).toMatchObject({
      code: 'EXISTS',
    });
    expect(await refusal(city.act(cast.authority, 'rulebook:adopt', 'other', demoRulebook))).toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  test('that is silent on a rule, or speaks of one that is not, is refused', async () => {
    const { registered: _, ...silent } = demoRulebook.rules;
    const invented = { ...demoRulebook.rules, invented: { article: '第一条', requirement: '无' } };
    for (const rules of [silent, invented]) {
      const amendment = city.act(cast.authority, 'rulebook:amend', 'city', { ...demoRulebook, rules });
      expect(await refusal(amendment)).toMatchObject({ code: 'INPUT_INVALID' });
    }
  });
});
