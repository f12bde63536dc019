// SPDX-License-Identifier: Apache-2.0
import { finding } from 'yuanliu-chaincode/records/finding/finding';
import { findingOf } from 'yuanliu-chaincode/records/finding/violated';
import { brokenBy, cast, demoCode, ids, madeUpDigest, openCity, PURPOSE, use, type City } from '../builders';

let city: City;
beforeAll(async () => {
  city = await openCity('produced');
}, 120_000);
afterAll(() => city.close());

/** Of one district and one line of work; what it gets is the whole city's. */
const district = { ...cast.developer, code: demoCode(920), name: '区级机构(演示)' };
beforeAll(async () => {
  const { code, name, msp } = district;
  const roles = (['department', 'developer'] as const).map((role) => ({ role, region: '310101', remit: ['体育'] }));
  await city.act(cast.authority, 'organization:admit', code, { name, msp, roles });
});

describe('an organisation of a district', () => {
  const delivery = {
    product: `product/${ids.basic}@1`,
    to: district.code,
    authority: `grant/${ids.grant}`,
    purpose: PURPOSE,
  };

  test.each([
    ['confirm', {}, 'confirmed'],
    ['refuse', { reason: '未收到' }, 'refused'],
  ])('answers for a product of the city that it was delivered: %s', async (act, input, state) => {
    await city.act(cast.operator, 'delivery:deliver', `D-e-${act}`, delivery);
    expect((await city.act(district, `delivery:${act}`, `D-e-${act}`, input)).record.state).toBe(state);
  });

  test('has its misuse of the city’s authority on record, and rectifies or contests what is found against it', async () => {
    const batch = { log: 'L-1', first: 1, root: madeUpDigest('批次'), since: '2026-06-01T00:00:00Z' };
    for (const [act, input] of [
      ['usage:record', use()],
      ['usage:anchor', use({ quantity: 2, batch })],
      ['delivery:deliver', { ...delivery, to: cast.rival.code }],
    ] as const) {
      expect(brokenBy(await city.act(district, act, `X-${act.replace(':', '-')}`, input))).toContain('within-chain');
    }
    const about = { about: `product/${ids.basic}`, against: district.code, summary: '抽查' };
    await city.act(cast.supervisor, 'finding:raise', 'F-e', about);
    await city.act(cast.supervisor, 'finding:serve', 'F-e');
    expect((await city.act(district, 'finding:appeal', 'F-e', { grounds: '不实' })).record.state).toBe('appealed');
    await city.act(cast.authority, 'finding:decide-appeal', 'F-e', { result: 'dismissed', reason: '属实' });
    const order = { measures: '删除', due: '2099-01-01T00:00:00Z' };
    await city.act(cast.supervisor, 'finding:order-rectification', 'F-e', order);
    expect((await city.act(district, 'finding:rectified', 'F-e', { summary: '已删除' })).record.state).toBe(
      'rectified',
    );
  });
});

test('a report that breaks rules opens a finding, however many domains it concerns', async () => {
  const { record } = await city.act(cast.rival, 'usage:record', 'U-e', use());
  const domains = Array.from({ length: 201 }, (_, i) => `领域${i}`);
  const body = { ...(record.body as object), domains };
  const violated = { about: 'usage/U-e@1', against: cast.rival.code, body, violations: record.act.violations };
  const none = () => Promise.resolve(undefined);
  const { txId, time } = record.act;
  const [opened] = (await findingOf(violated, { find: none, marked: none, txId, time })).also;
  expect(finding.body.parse(opened?.body)).toMatchObject({ domains });
});
