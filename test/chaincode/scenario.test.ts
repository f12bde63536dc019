// SPDX-License-Identifier: Apache-2.0
import { cast, ids, openCity, PURPOSE, refusal, type City } from '../builders';

let city: City;
let serial = 0;
beforeAll(async () => {
  city = await openCity('authorized');
}, 120_000);
afterAll(() => city.close());

const reason = '演示';
const parts = { benefit: { text: '演示' }, compliance: { text: '演示' } };
async function applied(more: object = {}): Promise<string> {
  const id = `S-${++serial}`;
  const input = { title: '场景', agreement: `agreement/${ids.agreement}`, purpose: PURPOSE, parts, ...more };
  await city.act(cast.developer, 'scenario:apply', id, input);
  return id;
}

test.each([
  ['return', 'returned'],
  ['decline', 'declined'],
])('a scenario that the operator answers by %s can be applied for again, from the beginning', async (act, state) => {
  const id = await applied();
  expect((await city.act(cast.operator, `scenario:${act}`, id, { reason })).record).toMatchObject({
    state,
    body: { refusal: { act, reason } },
  });
  expect(await refusal(city.act(cast.operator, 'scenario:forward', id, { opinion: '同意' }))).toMatchObject({
    code: 'WRONG_STATE',
  });
  const { record } = await city.act(cast.developer, 'scenario:reapply', id, { title: '改过' });
  expect(record).toMatchObject({ state: 'applied', version: 2, body: { title: '改过', purpose: PURPOSE } });
  expect(record.body).not.toHaveProperty('refusal');
});

test('a rejected scenario can be applied for again, and keeps nothing of the assessment', async () => {
  const id = await applied();
  await city.act(cast.operator, 'scenario:forward', id, { opinion: '同意' });
  await city.act(cast.agency, 'scenario:assess', id, { result: 'reject', reason });
  const { record } = await city.act(cast.developer, 'scenario:reapply', id, {});
  expect(record.body).not.toHaveProperty('assessment');
  expect(record.body).not.toHaveProperty('forwarding');
});

test('a scenario of a developer that is suspended by now is rejected, and not approved', async () => {
  const id = await applied();
  await city.act(cast.operator, 'scenario:forward', id, { opinion: '同意' });
  await city.act(cast.agency, 'organization:suspend', cast.developer.code, { reason });
  const terms = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };
  const approval = { result: 'approve', reason, grant: { id: `G-${id}`, terms } };
  expect(await refusal(city.act(cast.agency, 'scenario:assess', id, approval))).toMatchObject({
    rule: 'parents-stand',
  });
  const { record } = await city.act(cast.agency, 'scenario:assess', id, { result: 'reject', reason });
  expect(record).toMatchObject({ state: 'rejected', act: { violations: [] } });
  await city.act(cast.agency, 'organization:reinstate', cast.developer.code, { reason });
});

describe('a grant is for the scenario that was assessed', () => {
  const term = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2027-01-01T00:00:00Z' };
  const domains = ['金融服务'];
  const rule = 'within-scenario';

  /** Approves a scenario about one domain, with a grant on these terms; gives the grant's id. */
  async function granted(terms: object): Promise<string> {
    const id = await applied({ domains });
    await city.act(cast.operator, 'scenario:forward', id, { opinion: '同意' });
    const grant = { id: `G-${id}`, terms: { ...term, ...terms } };
    await city.act(cast.agency, 'scenario:assess', id, { result: 'approve', reason, grant });
    return grant.id;
  }
  const amend = (id: string, terms: object): ReturnType<City['act']> =>
    city.act(cast.agency, 'grant:amend', id, { terms: { ...term, ...terms }, reason });

  test('and is so where its terms leave out purposes and domains, amended too', async () => {
    const id = await granted({});
    const its = { body: { terms: { purposes: [PURPOSE], domains } } };
    expect(await city.get(`grant/${id}`)).toMatchObject(its);
    expect((await amend(id, { actions: ['use'] })).record).toMatchObject(its);
    const named = await city.get(`grant/${await granted({ resources: ['R-1'] })}`);
    expect(named).toMatchObject({ body: { terms: { purposes: [PURPOSE], resources: ['R-1'] } } });
    const elsewhere = { subject: 'resource/R-1@1', authority: `grant/${id}`, purpose: '商业营销', action: 'use' };
    expect(await refusal(city.act(cast.developer, 'usage:request', 'U-beside', elsewhere))).toMatchObject({
      rule: 'within-chain',
    });
  });

  test.each([
    ['for another purpose', { purposes: [PURPOSE, '商业营销'] }],
    ['on another domain', { domains: [...domains, '医疗健康'] }],
    ['on a resource of another domain', { resources: ['R-1', 'R-3'] }],
  ])('and not %s, neither issued nor amended', async (_, terms) => {
    expect(await refusal(granted(terms))).toMatchObject({ rule });
    expect(await refusal(amend(await granted({}), terms))).toMatchObject({ rule });
  });
});

test('the developer complains of an operator that declines or sits on it; nobody complains for it', async () => {
  const id = await applied();
  await city.act(cast.developer, 'scenario:complain', id, { reason: '久拖不办' });
  await city.act(cast.operator, 'scenario:decline', id, { reason });
  const { record } = await city.act(cast.developer, 'scenario:complain', id, { reason: '理由不成立' });
  expect(record).toMatchObject({ state: 'declined', body: { complaints: [{}, { reason: '理由不成立' }] } });
  expect(await refusal(city.act(cast.rival, 'scenario:complain', id, { reason }))).toMatchObject({ code: 'FORBIDDEN' });
});

test('a reason is given, and the developer does not answer for the operator', async () => {
  const id = await applied();
  expect(await refusal(city.act(cast.operator, 'scenario:decline', id))).toMatchObject({ code: 'INPUT_INVALID' });
  expect(await refusal(city.act(cast.developer, 'scenario:return', id, { reason }))).toMatchObject({
    code: 'FORBIDDEN',
  });
});

test('only a department that the agency asked gives its opinion', async () => {
  const [asked, other] = city.departments;
  const id = await applied();
  await city.act(cast.operator, 'scenario:forward', id, { opinion: '同意' });
  await city.act(cast.agency, 'scenario:consult', id, { departments: [asked.code] });
  expect(await refusal(city.act(other, 'scenario:opine', id, { opinion: '同意' }))).toMatchObject({
    code: 'FORBIDDEN',
  });
  const { record } = await city.act(asked, 'scenario:opine', id, { opinion: '同意' });
  expect(record).toMatchObject({ version: 1, body: { opinions: [{ department: asked.code }] } });
  const again = await city.act(asked, 'scenario:opine', id, { opinion: '不同意' });
  expect(again.record.body).toMatchObject({ opinions: [{ department: asked.code, opinion: '不同意' }] });
  expect((again.record.body as { opinions: unknown[] }).opinions).toHaveLength(1);
});
