// SPDX-License-Identifier: Apache-2.0
import { brokenBy, cast, fresh, ids, madeUpDigest, openCity, PURPOSE, refusal, use, type City } from '../builders';

let city: City;
beforeEach(async () => {
  city = await openCity('produced');
  const parts = { scope: { text: '演示' } };
  await city.act(cast.agency, 'organization:qualify', rival.code, { role: 'developer', basis: document });
  const scenario = { title: '演示', agreement: `agreement/${ids.agreement}`, purpose: PURPOSE };
  const story = (await city.get(`scenario/${ids.scenario}`)).body as { parts: object };
  await city.act(rival, 'scenario:apply', 'SCN-rival', { ...scenario, parts: { ...parts, ...story.parts } });
  await city.act(cast.operator, 'scenario:forward', 'SCN-rival', { opinion: '演示' });
  await city.act(cast.agency, 'scenario:assess', 'SCN-rival', {
    result: 'approve',
    reason: '演示',
    grant: { id: 'GRANT-rival', terms: { catalogue: ids.catalogue, ...term } },
  });
}, 120_000);
afterEach(() => city.close());

const { rival, developer, agency, operator } = cast;
const document = { digest: madeUpDigest('文书') };
const reason = '演示';
const term = { from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z' };
const MANY = 1_000_000_000;

/** The agreement that both grants share, and the developer’s grant, with these quotas. */
async function limit({ shared, own }: { shared: number; own?: number }): Promise<void> {
  const terms = { catalogue: ids.catalogue, from: term.from, to: '2030-01-01T00:00:00Z', quota: shared };
  await city.act(agency, 'agreement:amend', ids.agreement, { changes: { terms }, reason, document });
  await city.act(operator, 'agreement:sign-amendment', ids.agreement, { document });
  const narrow = { catalogue: ids.catalogue, ...term, ...(own === undefined ? {} : { quota: own }) };
  await city.act(agency, 'grant:amend', ids.grant, { terms: narrow, reason });
}

const report = (quantity: number, id = fresh('U')) => city.act(developer, 'usage:record', id, use({ quantity }));
/** Another developer asks to use, under the same agreement. */
const asked = (quantity: number) =>
  city.act(rival, 'usage:request', fresh('U'), use({ quantity, authority: 'grant/GRANT-rival' }));
const delivered = () =>
  city.act(developer, 'delivery:deliver', fresh('D'), {
    product: `product/${ids.derived}@1`,
    to: rival.code,
    authority: `grant/${ids.grant}`,
    purpose: PURPOSE,
  });

describe('a false report leaves what others share as it was', () => {
  test('beyond its own grant: the agreement counts what the grant still allowed (fault B1)', async () => {
    await limit({ shared: 100, own: 10 });
    await delivered();
    await report(4);
    const result = await report(MANY);
    expect(new Set(brokenBy(result))).toEqual(new Set(['within-quota']));
    expect(result.also).toHaveLength(1);
    expect(await refusal(asked(91))).toMatchObject({ rule: 'within-quota' });
    expect((await asked(90)).record.state).toBe('permitted');
  });

  test('under a grant without a quota: what does not fit the agreement counts nothing (fault B1)', async () => {
    await limit({ shared: 100 });
    await delivered();
    expect(brokenBy(await report(MANY))).toEqual(['within-quota']);
    expect(await refusal(asked(101))).toMatchObject({ rule: 'within-quota' });
    expect((await asked(100)).record.state).toBe('permitted');
  });

  test('outside what its grant allows, or while that is suspended (fault B1)', async () => {
    await limit({ shared: 100 });
    await delivered();
    const beside = use({ quantity: 100, purpose: '商业营销' });
    expect(brokenBy(await city.act(developer, 'usage:record', fresh('U'), beside))).toEqual(['within-chain']);
    await city.act(agency, 'grant:suspend', ids.grant, { reason });
    expect(brokenBy(await report(100))).toContain('chain-stands');
    await city.act(agency, 'grant:resume', ids.grant, { reason });
    expect((await asked(100)).record.state).toBe('permitted');
  });

  test('of the operator, under the agreement itself (fault B1)', async () => {
    await limit({ shared: 100 });
    await delivered();
    const own = { subject: `product/${ids.basic}@1`, authority: `agreement/${ids.agreement}`, quantity: MANY };
    expect(brokenBy(await city.act(operator, 'usage:record', fresh('U'), use(own)))).toEqual(['within-quota']);
    expect((await asked(100)).record.state).toBe('permitted');
  });
});

describe('the agency corrects a false report', () => {
  const correct = (id: string, quantity: number, by = agency) =>
    city.act(by, 'usage:correct', id, { quantity, reason, document });

  test('and what that counted is free again, on every link, while the report stays (fault B1)', async () => {
    await limit({ shared: 100, own: 60 });
    await delivered();
    const id = fresh('U');
    await report(60, id);
    expect(await refusal(asked(41))).toMatchObject({ rule: 'within-quota' });
    const { record } = await correct(id, 10);
    expect(record).toMatchObject({ version: 1, state: 'recorded', body: { quantity: 60 } });
    expect(await refusal(asked(91))).toMatchObject({ rule: 'within-quota' });
    expect((await asked(90)).record.state).toBe('permitted');
    expect(brokenBy(await report(51))).toContain('within-quota');
  });

  test('downwards only, by the agency of its agreement only (fault B1)', async () => {
    await limit({ shared: 100, own: 60 });
    const id = fresh('U');
    await report(5, id);
    expect(await refusal(correct(id, 5))).toMatchObject({ rule: 'correction-takes-back' });
    await correct(id, 4);
    expect(await refusal(correct(id, 4))).toMatchObject({ rule: 'correction-takes-back' });
    await correct(id, 0);
    expect(await refusal(correct(id, 0, operator))).toMatchObject({ code: 'FORBIDDEN' });
    expect((await report(60)).record.act.violations).toEqual([]);
  });
});
