// SPDX-License-Identifier: Apache-2.0
import { brokenBy, cast, ids, madeUpDigest, openCity, PURPOSE, refusal, use, type City } from '../builders';

let city: City;
let serial = 0;
let now = Date.parse('2026-03-01T00:00:00Z');
const long = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z' };
const own = { authority: 'grant/G-own' };
const reason = '演示';

/** The other developer has a grant of its own, and the derived product was delivered to it. */
beforeAll(async () => {
  city = await openCity('produced', { clock: () => new Date(now++) });
  const parts = { benefit: { text: reason }, compliance: { text: reason } };
  const scenario = { title: '场景', agreement: `agreement/${ids.agreement}`, purpose: PURPOSE, parts };
  const basis = { digest: madeUpDigest('资质') };
  await city.act(cast.agency, 'organization:qualify', cast.rival.code, { role: 'developer', basis });
  await city.act(cast.rival, 'scenario:apply', 'SCN-own', scenario);
  await city.act(cast.operator, 'scenario:forward', 'SCN-own', { opinion: '同意' });
  const approval = { result: 'approve', reason, grant: { id: 'G-own', terms: long } };
  await city.act(cast.agency, 'scenario:assess', 'SCN-own', approval);
}, 120_000);
afterAll(() => city.close());

const request = (): ReturnType<City['act']> => city.act(cast.rival, 'usage:request', `U-o${++serial}`, use(own));
const cut = (act: string, more: object = {}): ReturnType<City['act']> =>
  city.act(cast.agency, `grant:${act}`, ids.grant, { reason, ...more });

describe('a released product under another’s authority', () => {
  test('is not taken once what it rests on itself is cut', async () => {
    await cut('suspend');
    const rule = 'chain-stands';
    expect(await refusal(request())).toMatchObject({ rule });
    const product = `product/${ids.derived}@1`;
    const making = { title: '产品', purpose: PURPOSE, inputs: [product], environment: '域内', form: 'model' };
    const digests = { process: madeUpDigest('p'), digest: madeUpDigest('q') };
    const made = city.act(cast.rival, 'product:develop', 'P-own', { ...making, ...digests, ...own });
    expect(await refusal(made)).toMatchObject({ rule });
    const delivery = { product, to: cast.rival.code, purpose: PURPOSE, ...own };
    expect(brokenBy(await city.act(cast.developer, 'delivery:deliver', 'D-own', delivery))).toEqual([rule]);
    await cut('resume');
    expect((await request()).record.state).toBe('permitted');
  });

  test('is still taken while the wind-down of that cut keeps it', async () => {
    await cut('suspend', { windDown: { keeps: [`product/${ids.derived}`], until: '2026-05-01T00:00:00Z' } });
    expect((await request()).record.state).toBe('permitted');
    await cut('resume');
  });

  test('is still taken once the term that it was released in is over', async () => {
    await city.act(cast.agency, 'grant:amend', ids.grant, { terms: { ...long, to: '2026-04-01T00:00:00Z' }, reason });
    now = Date.parse('2026-04-02T00:00:00Z');
    const after = city.act(cast.developer, 'usage:request', 'U-over', use());
    expect(await refusal(after)).toMatchObject({ rule: 'chain-stands' });
    expect((await request()).record.state).toBe('permitted');
  });
});
