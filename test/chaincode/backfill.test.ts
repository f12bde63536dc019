// SPDX-License-Identifier: Apache-2.0
import { demoRulebook } from 'yuanliu-demo/rulebook';
import { cast, madeUpDigest, openCity, use, type City } from '../builders';

const LONG_AGO = '2020-03-01T00:00:00.000Z';
const late = { reason: '上线前的使用，补录', documents: [madeUpDigest('使用台账')] };

let city: City;
let serial = 0;
beforeAll(async () => {
  city = await openCity('produced');
});
afterAll(() => city.close());

async function reported(input: object) {
  const { record, also } = await city.act(cast.developer, 'usage:record', `U-back-${++serial}`, use(input));
  return { entry: record.act, rules: record.act.violations.map(({ rule }) => rule), also };
}

async function amended(changes: object): Promise<void> {
  await city.act(cast.authority, 'rulebook:amend', 'city', { ...demoRulebook, ...changes });
}

describe('a report from before go-live', () => {
  test('is marked as backfilled, and what the ledger could not know is not judged, which is said by rule', async () => {
    const { entry, rules, also } = await reported({ occurredAt: LONG_AGO, late });
    expect(entry).toMatchObject({ backfilled: true, occurredAt: LONG_AGO, late });
    expect(rules).toEqual([]);
    expect(also).toEqual([]);
    const named = entry.unjudged ?? [];
    expect(named.map(({ rule }) => rule)).toEqual(
      expect.arrayContaining(['chain-stands', 'within-chain', 'product-released']),
    );
    expect(
      named.every(
        ({ article, code, params }) => article !== '' && code === 'before-go-live' && params['at'] === LONG_AGO,
      ),
    ).toBe(true);
  });

  test('is held against exact versions: what does not exist was not used', async () => {
    for (const [subject, rule] of [
      ['resource/R-1@9', 'inputs-exact'],
      ['product/P-none@1', 'product-released'],
    ]) {
      expect((await reported({ occurredAt: LONG_AGO, late, subject })).rules).toEqual([rule]);
    }
  });

  test('without a document breaks a rule, and opens a finding', async () => {
    const opened: number[] = [];
    for (const input of [{ occurredAt: LONG_AGO }, { occurredAt: LONG_AGO, late: { ...late, documents: [] } }]) {
      const { rules, also } = await reported(input);
      expect(rules).toEqual(['late-report']);
      opened.push(also.length);
    }
    expect(opened).toEqual([1, 0]); // the same breach on the same day: one finding
  });

  test('breaks a rule once the time to backfill is over', async () => {
    await amended({ goLive: '2026-01-01T00:00:00Z', limits: { backfill: '30d' } });
    try {
      expect((await reported({ occurredAt: LONG_AGO, late })).rules).toEqual(['late-report']);
    } finally {
      await amended({});
    }
  });

  test('is named as not judged for lateness, where that needs working days nobody knows', async () => {
    await amended({ goLive: '2026-12-30T00:00:00Z', limits: { backfill: '20wd' } });
    try {
      const { entry, rules } = await reported({ occurredAt: LONG_AGO, late });
      expect(rules).toEqual([]);
      expect(entry.unjudged?.map(({ rule }) => rule)).toContain('late-report');
    } finally {
      await amended({});
    }
  });
});

test('a report from after go-live is judged in full, and is not backfilled', async () => {
  const { entry, rules } = await reported({ purpose: '商业营销' });
  expect(rules).toContain('within-chain');
  expect(entry.backfilled).toBeUndefined();
  expect(entry.unjudged).toBeUndefined();
});
