// SPDX-License-Identifier: Apache-2.0
import { demoRulebook } from 'yuanliu-demo/rulebook';
import { brokenBy, cast, ids, madeUpDigest, openCity, refusal, use, type City } from '../builders';

let city: City;
let serial = 0;
let since: string;
beforeAll(async () => {
  city = await openCity('produced');
  since = new Date().toISOString();
}, 120_000);
afterAll(() => city.close());

const rule = 'batch-continues';
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
    expect(brokenBy(outside)).toEqual(['within-chain', 'batch-throughout']);
    await city.act(cast.agency, 'grant:suspend', ids.grant, { reason: '演示' });
    expect(brokenBy(await anchor({ log: 'L-4', first: 1, root: third }))).toEqual(['chain-stands', 'batch-throughout']);
  });

  test('is judged from its first use on: a suspension in between shows, and so do an action that was not allowed yet and a wind-down that ended', async () => {
    let now = Date.parse('2026-03-01T00:00:00Z');
    const clocked = await openCity('produced', { clock: () => new Date(now) });
    const on = (day: string): string => {
      const time = `2026-${day}T00:00:00.000Z`;
      now = Date.parse(time) + 1;
      return time;
    };
    const batchOf = (from: string | undefined, to: string, log: string, more = {}): ReturnType<City['act']> =>
      clocked.act(
        cast.developer,
        'usage:anchor',
        `U-${log}`,
        use({ batch: { log, first: 1, root: first, since: from }, quantity: 9, occurredAt: to, ...more }),
      );
    try {
      const founded = on('03-02');
      const suspended = on('03-10');
      await clocked.act(cast.agency, 'grant:suspend', ids.grant, { reason: '演示' });
      on('03-20');
      await clocked.act(cast.agency, 'grant:resume', ids.grant, { reason: '演示' });
      on('03-25');
      const terms = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z' };
      await clocked.act(cast.agency, 'grant:amend', ids.grant, { terms, reason: '演示' });
      const end = on('03-26');
      const [during, resumed, amended] = ['03-10', '03-20', '03-25'].map((day) => `2026-${day}T00:00:01.000Z`);
      const throughout = ['batch-throughout'];
      const rulesOf = async (act: ReturnType<City['act']>): Promise<string[]> =>
        brokenBy(await act).filter((one) => one !== 'late-report');

      expect(await rulesOf(batchOf(founded, suspended, 'L-before'))).toEqual([]);
      expect(await rulesOf(batchOf(founded, end, 'L-across'))).toEqual(throughout);
      expect(await rulesOf(batchOf(during, end, 'L-during'))).toEqual(throughout);
      expect(await rulesOf(batchOf(resumed, end, 'L-after'))).toEqual([]);
      expect(await rulesOf(batchOf(resumed, end, 'L-other', { action: '训练' }))).toEqual(throughout);
      expect(await rulesOf(batchOf(amended, end, 'L-allowed', { action: '训练' }))).toEqual([]);

      const { record } = await batchOf('2026-02-01T00:00:00Z', suspended, 'L-old');
      expect(record.act.unjudged).toMatchObject([{ rule: 'batch-throughout' }]);

      const cut = on('03-27');
      const windDown = { keeps: [`product/${ids.derived}`], until: '2026-03-28T00:00:00Z' };
      await clocked.act(cast.agency, 'grant:suspend', ids.grant, { reason: '演示', windDown });
      expect(await rulesOf(batchOf(cut, '2026-03-27T00:00:00.001Z', 'L-kept'))).toEqual([]);
      expect(await rulesOf(batchOf(cut, on('03-30'), 'L-lapsed'))).toEqual(['chain-stands', ...throughout]);
    } finally {
      await clocked.close();
    }
  });

  test('is as late as its first use, whenever its last one was', async () => {
    const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString();
    const late = { reason: '系统故障', documents: [] };
    const rulesOf = async (log: string, from: string, more = {}): Promise<string[]> =>
      brokenBy(await anchor({ log, first: 1, root: third, since: from }, more)).filter((one) => one === 'late-report');
    await city.act(cast.authority, 'rulebook:amend', 'city', { ...demoRulebook, goLive: daysAgo(9) });
    expect(await rulesOf('L-fresh', since)).toEqual([]);
    expect(await rulesOf('L-late', daysAgo(3))).toEqual(['late-report']);
    expect(await rulesOf('L-told', daysAgo(3), { late })).toEqual([]);
    expect(await rulesOf('L-back', daysAgo(10), { late })).toEqual(['late-report']); // before go-live: its documents too
  });

  test('says how many it is, under which root', async () => {
    for (const wrong of [{ quantity: undefined }, { batch: { log: 'L-1', since, first: 1 } }, { batch: undefined }]) {
      const attempt = anchor({ first: 300, root: first }, wrong);
      expect(await refusal(attempt)).toMatchObject({ code: 'INPUT_INVALID' });
    }
  });
});
