// SPDX-License-Identifier: Apache-2.0
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
  use,
  type City,
} from '../builders';

let city: City;
let now: number;
beforeAll(async () => {
  now = Date.now();
  city = await openCity('produced', { clock: () => new Date((now += 10)) });
}, 120_000);
afterAll(() => city.close());

const { agency, authority, operator, developer } = cast;
const paper = (of: string): { digest: string } => ({ digest: madeUpDigest(of) });
const terms = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2031-01-01T00:00:00Z' };
const parts = (record: 'plan' | 'agreement'): object =>
  Object.fromEntries(demoRulebook.parts[record].map((part) => [part, paper(part)]));
const draft = (id: string, more: object = {}, by: Member = agency): ReturnType<City['act']> =>
  city.act(by, 'plan:draft', id, { title: '实施方案', region: CITY, terms, parts: parts('plan'), ...more });
const approve = (id: string, version = 1): ReturnType<City['act']> =>
  city.act(authority, 'plan:approve', id, { document: paper('批复'), version });
const supersede = (input: object, by = authority, id: string = ids.plan): ReturnType<City['act']> =>
  city.act(by, 'plan:supersede', id, input);
const propose = (plan: string, by = agency): ReturnType<City['act']> => {
  const proposal = { plan: `plan/${plan}`, operator: operator.code, terms, parts: parts('agreement') };
  return city.act(by, 'agreement:propose', fresh('AGR'), proposal);
};

describe('actions', () => {
  test.each([[['开发']], [['develop', 'analyse']], [[]], [['develop', 'deliver', 'use', 'use']]])(
    'that are none of those a link can allow are refused where they are stated: %j (fault E8)',
    async (actions) => {
      const wrong = { terms: { ...terms, actions } };
      const stated = [
        draft(fresh('PLAN'), wrong),
        city.act(agency, 'agreement:amend', ids.agreement, { changes: wrong, reason: '演示', document: paper('变更') }),
        city.act(agency, 'grant:amend', ids.grant, { ...wrong, reason: '演示' }),
      ];
      for (const attempt of stated) expect(await refusal(attempt)).toMatchObject({ code: 'INPUT_INVALID' });
    },
  );

  test('the refusal says which there are (fault E8)', async () => {
    const { details } = await refusal(draft(fresh('PLAN'), { terms: { ...terms, actions: ['开发'] } }));
    expect(JSON.stringify(details.issues)).toMatch(/develop 开发, deliver 交付, use 使用/);
  });

  test('without delivery are on record as incomplete where they are stated (fault E8)', async () => {
    const id = fresh('PLAN');
    const bare = await draft(id, { terms: { ...terms, actions: ['develop', 'use'] } });
    expect(bare.record.act.violations).toMatchObject([
      { rule: 'actions-suffice', params: { missing: ['actions:deliver'] } },
    ]);
    expect(brokenBy(await approve(id))).toEqual(['actions-suffice']);
    expect(brokenBy(await draft(fresh('PLAN'), { terms: { ...terms, actions: ['develop', 'deliver'] } }))).toEqual([]);
    expect(brokenBy(await draft(fresh('PLAN')))).toEqual([]);
  });
});

test('an agreement is drafted, signed and filed before the term of its plan begins; use waits (fault E13)', async () => {
  const day = 86_400_000;
  const [plan, agreed, scenario, grant] = [fresh('PLAN'), fresh('AGR'), fresh('SCN'), fresh('GRANT')];
  const begins = new Date(now + 30 * day).toISOString();
  const ahead = { ...terms, from: begins };
  await draft(plan, { terms: ahead });
  await approve(plan);
  const proposal = { plan: `plan/${plan}`, operator: operator.code, parts: parts('agreement') };
  const early = city.act(agency, 'agreement:propose', agreed, { ...proposal, terms });
  expect(await refusal(early)).toMatchObject({ rule: 'not-wider' });
  await city.act(agency, 'agreement:propose', agreed, { ...proposal, terms: ahead });
  for (const by of [agency, operator]) await city.act(by, 'agreement:sign', agreed, { document: paper('协议') });
  await city.act(agency, 'agreement:file', agreed, { document: paper('备案') });
  const application = { title: '场景', agreement: `agreement/${agreed}`, purpose: PURPOSE };
  const said = { benefit: { text: '演示' }, compliance: { text: '演示' } };
  await city.act(developer, 'scenario:apply', scenario, { ...application, parts: said });
  await city.act(operator, 'scenario:forward', scenario, { opinion: '同意' });
  const approval = { result: 'approve', reason: '通过', grant: { id: grant, terms: ahead } };
  await city.act(agency, 'scenario:assess', scenario, approval);
  const request = (): ReturnType<City['act']> =>
    city.act(developer, 'usage:request', fresh('U'), use({ authority: `grant/${grant}` }));
  expect(await refusal(request())).toMatchObject({ rule: 'chain-stands' });
  now = Date.parse(begins);
  expect((await request()).record.state).toBe('permitted');
  now = Date.parse(terms.to);
  expect(
    await refusal(city.act(agency, 'agreement:propose', fresh('AGR'), { ...proposal, terms: ahead })),
  ).toMatchObject({
    rule: 'parents-stand',
  });
  now = Date.parse(begins);
});

describe('a draft', () => {
  test('is guided by the data-authority, and drawn up again until it is approved', async () => {
    const id = fresh('PLAN');
    await draft(id, { parts: {} });
    const guidance = { opinion: '补充退出机制和收益分配机制' };
    expect(await refusal(city.act(agency, 'plan:guide', id, guidance))).toMatchObject({ code: 'FORBIDDEN' });
    await city.act(authority, 'plan:guide', id, guidance);
    const again = await draft(id, { title: '实施方案(修改稿)' });
    expect(again.record).toMatchObject({ version: 2, body: { guidance: [{ ...guidance, by: authority.code }] } });
    expect(await refusal(approve(id, 1))).toMatchObject({ rule: 'approved-as-laid' });
    expect((await approve(id, 2)).record.body).toMatchObject({ approval: { version: 2 } });
    expect(await refusal(draft(id))).toMatchObject({ code: 'EXISTS' });
    expect(await refusal(city.act(authority, 'plan:guide', id, guidance))).toMatchObject({ code: 'WRONG_STATE' });
  });

  test('lacks a required part whatever that part is called (fault A5)', async () => {
    const required = { ...demoRulebook.parts, plan: [...demoRulebook.parts.plan, 'constructor'] };
    await city.act(authority, 'rulebook:amend', 'city', { ...demoRulebook, parts: required });
    const id = fresh('PLAN');
    await draft(id);
    expect(await refusal(approve(id))).toMatchObject({
      rule: 'required-parts',
      message: expect.stringContaining('parts missing: constructor') as string,
    });
    const again = await draft(id, { parts: { ...parts('plan'), constructor: paper('constructor') } });
    await approve(id, again.record.version);
    await city.act(authority, 'rulebook:amend', 'city', demoRulebook);
  });

  test('is approved with a catalogue of its own agency, and no other', async () => {
    const [none, others] = [fresh('PLAN'), fresh('PLAN')];
    await draft(none, { terms: { ...terms, catalogue: 'C-none' } });
    expect(await refusal(approve(none))).toMatchObject({ rule: 'catalogue-own' });
    await draft(others, {}, await secondAgency(972));
    expect(await refusal(approve(others))).toMatchObject({ rule: 'catalogue-own' });
  });

  test('is drawn up by its own agency', async () => {
    const other = await secondAgency();
    const id = fresh('PLAN');
    await draft(id);
    expect(await refusal(draft(id, {}, other))).toMatchObject({ code: 'FORBIDDEN' });
    await approve(id);
    expect(await refusal(propose(id, other))).toMatchObject({ rule: 'plan-current' });
  });
});

test('a draft drawn up again stays within the region of its agency', async () => {
  const district = await secondAgency(971, '310101');
  const id = fresh('PLAN');
  await draft(id, { region: '310101' }, district);
  expect(await refusal(draft(id, { region: CITY }, district))).toMatchObject({ code: 'FORBIDDEN' });
  await draft(id, { region: '310101', title: '实施方案(修改稿)' }, district);
});

describe('a plan that another takes the place of', () => {
  const next = 'PLAN-next';

  test('is superseded by an approved plan of the same agency and region, as the data-authority records', async () => {
    const rule = 'superseded-by-approved';
    await draft(next);
    expect(await refusal(supersede({ by: `plan/${next}` }))).toMatchObject({ rule });
    await approve(next);
    const district = fresh('PLAN');
    await draft(district, { region: '310101' });
    await city.act(authority, 'plan:approve', district, {
      document: paper('批复'),
      leadingGroup: paper('同意'),
      version: 1,
    });
    for (const by of [ids.plan, district, 'PLAN-none']) {
      expect(await refusal(supersede({ by: `plan/${by}` }))).toMatchObject({ rule });
    }
    for (const until of ['2020-01-01T00:00:00Z', '2040-01-01T00:00:00Z']) {
      expect(await refusal(supersede({ by: `plan/${next}`, until }))).toMatchObject({ rule });
    }
    expect(await refusal(supersede({ by: `plan/${next}` }, agency))).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('lets what was agreed under it go on, and nothing new be agreed', async () => {
    const pending = (await propose(ids.plan)).record.id;
    const until = new Date(now + 86_400_000).toISOString();
    const { record } = await supersede({ by: `plan/${next}`, until });
    expect(record).toMatchObject({ version: 1, state: 'superseded' });
    expect(brokenBy(await city.act(developer, 'usage:record', fresh('U'), use()))).toEqual([]);
    expect(await refusal(propose(ids.plan))).toMatchObject({ rule: 'plan-current' });
    const signature = city.act(agency, 'agreement:sign', pending, { document: paper('协议') });
    expect(await refusal(signature)).toMatchObject({ rule: 'plan-current' });
    const amendment = { changes: { exclusivity: '无' }, reason: '演示', document: paper('变更') };
    expect(await refusal(city.act(agency, 'agreement:amend', ids.agreement, amendment))).toMatchObject({
      rule: 'plan-current',
    });
    expect(await refusal(supersede({ by: `plan/${next}` }))).toMatchObject({ code: 'WRONG_STATE' });
  });

  test('keeps nothing after the date stated, unless the agreement was amended to be under the next', async () => {
    const asked = (): ReturnType<City['act']> => city.act(developer, 'usage:request', fresh('U'), use());
    now += 2 * 86_400_000;
    expect(await refusal(asked())).toMatchObject({ rule: 'chain-stands' });
    const amendment = { changes: { plan: `plan/${next}` }, reason: '新方案', document: paper('变更') };
    await city.act(agency, 'agreement:amend', ids.agreement, amendment);
    await city.act(operator, 'agreement:sign-amendment', ids.agreement, { document: paper('变更') });
    expect((await asked()).record.state).toBe('permitted');
  });
});

/** Another agency, of the same city or of a district. */
async function secondAgency(serial = 970, region = CITY): Promise<Member> {
  const other = { ...agency, code: demoCode(serial), name: '又一实施机构(演示)' };
  await city.act(authority, 'organization:admit', other.code, {
    name: other.name,
    msp: other.msp,
    roles: [{ role: 'implementing-agency', region }],
  });
  return other;
}
