// SPDX-License-Identifier: Apache-2.0
import type { RoleName } from 'yuanliu-chaincode/vocabulary/vocabulary';
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
  PURPOSE,
  refusal,
  storyTo,
  type City,
} from '../builders';

let city: City;
beforeAll(async () => {
  city = await openCity('produced');
}, 120_000);
afterAll(() => city.close());

const { agency, authority, developer, operator } = cast;
const rule = 'decided-by-another';
const document = { digest: madeUpDigest('文书') };
const agreement = `agreement/${ids.agreement}`;
const pass = { result: 'pass', opinion: '通过' };
let serial = 980;

/** An organisation that holds several roles. */
async function holding(like: Member, ...roles: readonly RoleName[]): Promise<Member> {
  const one = { ...like, code: demoCode(serial++), name: `兼任机构(演示)${serial}` };
  await city.act(authority, 'organization:admit', one.code, {
    name: one.name,
    msp: one.msp,
    roles: roles.map((role) => ({ role, region: CITY })),
  });
  return one;
}
const told = (act: string, id: string): object =>
  storyTo('produced').find((one) => one.act === act && one.id === id)?.input ?? {};

async function graded(by: Member, authorized: string, more: object = {}): Promise<string> {
  const id = fresh('P');
  const made = { title: '产品', purpose: PURPOSE, inputs: ['resource/R-1@1'], environment: '域内', form: 'report' };
  await city.act(by, 'product:develop', id, {
    ...made,
    ...{ authority: authorized, process: madeUpDigest('p'), digest: madeUpDigest(id) },
    ...more,
  });
  await city.act(by, 'product:grade', id, { grade: { class: 'general', level: 2 } });
  return id;
}

describe('an organisation decides on nothing of its own', () => {
  test('an operator does not clear its own product: the agency does (fault B7)', async () => {
    const id = await graded(operator, agreement);
    const clear = (by: Member) => city.act(by, 'product:clear-export', id, { conclusion: '准予出域' });
    expect(await refusal(clear(operator))).toMatchObject({ rule });
    expect((await clear(agency)).record.state).toBe('cleared');
    expect(
      (
        await city.act(operator, 'product:clear-export', await graded(developer, `grant/${ids.grant}`), {
          conclusion: '准',
        })
      ).record.state,
    ).toBe('cleared');
  });

  test('an operator does not check its own product: the agency does (fault B7)', async () => {
    const id = await graded(operator, agreement);
    await city.act(agency, 'product:clear-export', id, { conclusion: '准予出域' });
    await city.act(operator, 'product:request-release', id);
    expect(await refusal(city.act(operator, 'product:check', id, pass))).toMatchObject({ rule });
    expect((await city.act(agency, 'product:check', id, pass)).record.state).toBe('checked');
  });

  test('an operator does not forward its own scenario: the agency takes it up, and has no other’s to (fault B7)', async () => {
    const both = await holding(operator, 'operator', 'developer');
    await city.act(agency, 'organization:qualify', both.code, { role: 'developer', basis: document });
    const own = fresh('AGR');
    const proposal = { ...told('agreement:propose', ids.agreement), operator: both.code };
    await city.act(agency, 'agreement:propose', own, proposal);
    for (const by of [agency, both]) await city.act(by, 'agreement:sign', own, { document });
    const id = fresh('SCN');
    const scene = { ...told('scenario:apply', ids.scenario), agreement: `agreement/${own}` };
    await city.act(both, 'scenario:apply', id, { ...scene, as: 'developer' });
    const forward = (by: Member, scenario: string) => city.act(by, 'scenario:forward', scenario, { opinion: '同意' });
    expect(await refusal(forward(both, id))).toMatchObject({ rule });
    expect((await forward(agency, id)).record.state).toBe('forwarded');
    const others = fresh('SCN');
    await city.act(developer, 'scenario:apply', others, told('scenario:apply', ids.scenario));
    expect(await refusal(forward(agency, others))).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('an agency does not agree with itself or qualify itself (fault B7)', async () => {
    const all = await holding(agency, 'implementing-agency', 'operator', 'developer', 'data-authority');
    const itself = { role: 'developer', basis: document };
    expect(await refusal(city.act(all, 'organization:qualify', all.code, itself))).toMatchObject({ rule });
    const proposal = { ...told('agreement:propose', ids.agreement), operator: agency.code };
    expect(await refusal(city.act(agency, 'agreement:propose', fresh('AGR'), proposal))).toMatchObject({ rule });
  });

  test('a data-authority does not approve its own plan (fault B7)', async () => {
    const both = await holding(authority, 'data-authority', 'implementing-agency');
    const id = fresh('PLAN');
    await city.act(both, 'plan:draft', id, told('plan:draft', ids.plan));
    const approve = (by: Member) => city.act(by, 'plan:approve', id, { document, version: 1 });
    const { details } = await refusal(approve(both));
    expect(details.violations?.map((one) => one.rule)).toContain(rule);
    const other = await refusal(approve(authority)); // the catalogue is the city's agency's
    expect(other.details.violations?.map((one) => one.rule)).not.toContain(rule);
  });

  test('a registrar does not accept, review or code what it registers itself or for another (fault B7)', async () => {
    const both = await holding(cast.registrar, 'registrar', 'department');
    const id = fresh('R');
    await city.act(both, 'resource:anchor', id, { title: '登记', domain: '金融服务', region: CITY });
    const registration = fresh('REG');
    await city.act(both, 'registration:apply', registration, { subject: `resource/${id}@1` });
    const by = (who: Member, act: string, input: object = {}) =>
      city.act(who, `registration:${act}`, registration, input);
    expect(await refusal(by(both, 'accept'))).toMatchObject({ rule });
    expect(await refusal(by(both, 'decline', { reason: '不予' }))).toMatchObject({ rule });
    await by(cast.registrar, 'accept');
    expect(await refusal(by(both, 'review', pass))).toMatchObject({ rule });
    await by(cast.registrar, 'review', pass);
    expect(await refusal(by(both, 'publicize'))).toMatchObject({ rule });
    await by(cast.registrar, 'publicize');
    expect(await refusal(by(both, 'code', { code: 'N-own' }))).toMatchObject({ rule });
    expect((await by(cast.registrar, 'code', { code: 'N-own' })).record.state).toBe('coded');
  });

  test('that an affiliate of its holder clears a product is on record for the agency (fault B7)', async () => {
    const since = '2026-01-01T00:00:00Z';
    const control = { basis: 'equity', since };
    await city.act(operator, 'organization:declare-control', operator.code, { ...control, over: developer.code });
    await city.act(developer, 'organization:declare-control', developer.code, {
      ...control,
      controller: operator.code,
    });
    const id = await graded(developer, `grant/${ids.grant}`);
    expect(brokenBy(await city.act(operator, 'product:clear-export', id, { conclusion: '准' }))).toEqual([rule]);
    expect(brokenBy(await city.act(agency, 'product:clear-export', id, { conclusion: '准' }))).toEqual([]);
  });

  test('unless the rulebook lets it, with a due date (fault B7)', async () => {
    const entry = { article: '第二十五条', requirement: '事后复核', dueWithin: 'P10D' };
    const lenient = { ...demoRulebook, rules: { ...demoRulebook.rules, [rule]: entry } };
    await city.act(authority, 'rulebook:amend', 'city', lenient);
    const id = await graded(operator, agreement);
    const { record } = await city.act(operator, 'product:clear-export', id, { conclusion: '准予出域' });
    expect(record.act.violations).toMatchObject([{ rule, due: expect.stringMatching(/^20/) as string }]);
    await city.act(authority, 'rulebook:amend', 'city', demoRulebook);
  });
});
