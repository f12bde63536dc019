// SPDX-License-Identifier: Apache-2.0
import { cast, demoCode, fresh, ids, madeUpDigest, openCity, refusal, type City } from '../builders';

let city: City;
beforeAll(async () => {
  city = await openCity('produced');
}, 120_000);
afterAll(() => city.close());

const basis = { digest: madeUpDigest('认定') };
const { agency, authority, developer, operator, registrar, rival, supervisor } = cast;
/** Does it until the share is full, and returns the rule that refuses the next. */
async function filled(most: number, act: () => Promise<unknown>): Promise<string | undefined> {
  for (let i = 0; i < most; i++) await act();
  return (await refusal(act())).rule;
}

describe('a full share of a list shuts out only the organisation that filled it', () => {
  test('in the objections to a registration (fault B5)', async () => {
    const id = fresh('REG');
    const [resource] = city.resources;
    const holder = resource?.provider ?? operator;
    const change = { subject: `resource/R-1@1`, type: 'change', of: 'registration/REG-R-1' };
    const { periods, ...rulebook } = (await city.get('rulebook/city')).body as { periods: object };
    const slow = { ...rulebook, periods: { ...periods, publicity: 'P1D' } };
    await city.act(authority, 'rulebook:amend', 'city', slow);
    await city.act(holder, 'registration:apply', id, change);
    await city.act(registrar, 'registration:accept', id);
    await city.act(registrar, 'registration:review', id, { result: 'pass', opinion: '通过' });
    await city.act(registrar, 'registration:publicize', id);
    const objection = { reason: '异议', evidence: madeUpDigest('证据') };
    expect(await filled(3, () => city.act(rival, 'registration:object', id, objection))).toBe('own-share');
    expect((await city.act(developer, 'registration:object', id, objection)).record.state).toBe('objected');
  });

  test('in the qualifications of a developer, which many agencies fill (fault B5)', async () => {
    const second = { ...agency, code: demoCode(960) };
    const roles = [{ role: 'implementing-agency', region: '310000' }];
    await city.act(authority, 'organization:admit', second.code, { name: '另一机构(演示)', msp: second.msp, roles });
    const qualify = (by: typeof agency) =>
      city.act(by, 'organization:qualify', rival.code, { role: 'developer', basis });
    expect(await filled(20, () => qualify(second))).toBe('own-share');
    expect((await qualify(agency)).record.state).toBe('admitted');
  });

  test('in the proposals to amend an agreement (fault B5)', async () => {
    const proposal = { changes: { exclusivity: '无' }, reason: '演示', document: basis };
    const amend = (by: typeof agency) => city.act(by, 'agreement:amend', ids.agreement, proposal);
    expect(await filled(20, () => amend(operator))).toBe('own-share');
    await amend(agency);
    await city.act(operator, 'agreement:sign-amendment', ids.agreement, { document: basis });
    expect((await amend(operator)).record.state).toBe('signed');
  });

  test('in the appeals against a finding, which hold it up (fault B5)', async () => {
    const id = fresh('F');
    const about = { about: `product/${ids.derived}`, against: developer.code, summary: '抽查' };
    await city.act(supervisor, 'finding:raise', id, about);
    await city.act(supervisor, 'finding:serve', id);
    const appeal = async (): Promise<void> => {
      await city.act(developer, 'finding:appeal', id, { grounds: '不服' });
      await city.act(authority, 'finding:decide-appeal', id, { result: 'dismissed', reason: '属实' });
    };
    expect(await filled(3, appeal)).toBe('own-share');
    const order = { measures: '整改', due: '2029-01-01T00:00:00Z' };
    expect((await city.act(supervisor, 'finding:order-rectification', id, order)).record.state).toBe('ordered');
  });
});
