// SPDX-License-Identifier: Apache-2.0
import { cast, ids, madeUpDigest, openCity, use, type City } from '../builders';
import { brokenBy, refusal } from './refusal';

let city: City;
let serial = 0;
beforeAll(async () => {
  city = await openCity('produced');
}, 120_000);
afterAll(() => city.close());

const rule = 'batch-continues';
const since = '2026-01-01T00:00:00Z';
const [first, second, third] = ['一', '二', '三'].map(madeUpDigest);
const anchor = (batch: object, more: object = {}, by = cast.developer): ReturnType<City['act']> =>
  city.act(
    by,
    'usage:anchor',
    `U-b${++serial}`,
    use({ quantity: 50, batch: { log: 'L-1', since, ...batch }, ...more }),
  );

describe('a batch of uses', () => {
  test('goes on where the one before it ended, and counts as that many uses', async () => {
    const { record } = await anchor({ first: 1, root: first });
    expect(record).toMatchObject({ state: 'recorded', body: { quantity: 50, batch: { root: first } } });
    expect(brokenBy({ record })).toEqual([]);
    expect(brokenBy(await anchor({ first: 51, root: second, previous: first }))).toEqual([]);
  });

  test('that leaves some out, comes twice, or does not name the root before it is on record as a violation', async () => {
    expect(brokenBy(await anchor({ first: 51, root: second, previous: first }))).toEqual([rule, rule]);
    expect(brokenBy(await anchor({ first: 101, root: third, previous: first }))).toEqual([rule]);
    expect(brokenBy(await anchor({ first: 200, root: first, previous: third }))).toEqual([rule]);
    expect(brokenBy(await anchor({ first: 250, root: second, previous: first }))).toEqual([]); // from there it goes on
  });

  test('is of a log of the one who used it: another’s goes on by itself', async () => {
    const others = await anchor({ first: 1, root: third }, {}, cast.rival);
    expect(brokenBy(others)).not.toContain(rule);
    expect(brokenBy(await anchor({ log: 'L-2', first: 1, root: third }))).toEqual([]);
  });

  test('is judged as a use is', async () => {
    const outside = await anchor({ log: 'L-3', first: 1, root: third }, { purpose: '商业营销' });
    expect(brokenBy(outside)).toEqual(['within-chain']);
    await city.act(cast.agency, 'grant:suspend', ids.grant, { reason: '演示' });
    expect(brokenBy(await anchor({ log: 'L-4', first: 1, root: third }))).toEqual(['chain-stands']);
  });

  test('says how many it is, under which root', async () => {
    for (const wrong of [{ quantity: undefined }, { batch: { log: 'L-1', since, first: 1 } }, { batch: undefined }]) {
      const attempt = anchor({ first: 300, root: first }, wrong);
      expect(await refusal(attempt)).toMatchObject({ code: 'INPUT_INVALID' });
    }
  });
});
