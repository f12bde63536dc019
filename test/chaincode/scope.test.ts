// SPDX-License-Identifier: Apache-2.0
import type { Member } from 'yuanliu-demo/cast';
import { demoRulebook } from 'yuanliu-demo/rulebook';
import {
  anchored,
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
let provider: Member;
beforeAll(async () => {
  city = await openCity('produced');
  [provider] = city.departments;
}, 120_000);
afterAll(() => city.close());

const rule = 'core-or-barred';
const general = { class: 'general', level: 2 };
const paper = (title: string): object => ({ digest: madeUpDigest(title) });
const regrade = (grade: object, more: object = {}): ReturnType<City['act']> =>
  city.act(provider, 'resource:regrade', 'R-1', { grade, basis: paper('定级依据'), ...more });
const share = (type: string, decision: object = {}): ReturnType<City['act']> =>
  city.act(provider, 'resource:change-sharing', 'R-1', { sharing: { type, basis: '依据(演示)', ...decision } });
const lifting = { document: paper('解除限制'), approver: '负责人(演示)' };
const develop = (inputs: readonly string[]): ReturnType<City['act']> =>
  city.act(cast.operator, 'product:develop', fresh('P'), {
    title: '产品',
    authority: `agreement/${ids.agreement}`,
    purpose: PURPOSE,
    inputs,
    environment: '域内',
    process: madeUpDigest('p'),
    digest: madeUpDigest('q'),
    form: 'dataset',
  });
const delivery = (more: object = {}): object => ({
  product: `product/${ids.basic}@1`,
  to: cast.developer.code,
  authority: `grant/${ids.grant}`,
  purpose: PURPOSE,
  ...more,
});

describe.each([
  ['regraded to core data', () => regrade({ class: 'core' }), () => regrade(general, { approver: '负责人(演示)' })],
  ['barred from sharing', () => share('barred'), () => share('conditional', lifting)],
])('a listed resource that is %s', (_, cut, restore) => {
  let before: string;
  let cleared: string;

  beforeAll(async () => {
    cleared = (await develop(['resource/R-1@1'])).record.id;
    await city.act(cast.operator, 'product:grade', cleared, { grade: general });
    const { record } = await city.act(cast.agency, 'product:clear-export', cleared, { conclusion: '准予出域' });
    before = record.act.time;
    await cut();
  });
  afterAll(() => restore());

  test('is neither used nor made into anything, in any version or through any product', async () => {
    expect(await refusal(city.act(cast.developer, 'usage:request', fresh('U'), use()))).toMatchObject({ rule });
    for (const input of ['resource/R-1@1', `product/${ids.basic}@1`]) {
      const { details } = await refusal(develop([input]));
      expect(details.violations?.map((one) => one.rule)).toContain(rule);
    }
  });

  test('keeps a product from being released', async () => {
    const attempt = city.act(cast.operator, 'product:release', cleared, { channel: '授权运营平台' });
    expect(await refusal(attempt)).toMatchObject({ rule, details: { article: '第十四条' } });
  });

  test('is a violation where it was used or delivered all the same, and not where that was before', async () => {
    expect(brokenBy(await city.act(cast.developer, 'usage:record', fresh('U'), use()))).toEqual([rule]);
    expect(brokenBy(await city.act(cast.operator, 'delivery:deliver', fresh('D'), delivery()))).toContain(rule);
    const past = { occurredAt: before };
    expect(brokenBy(await city.act(cast.developer, 'usage:record', fresh('U'), use(past)))).toEqual([]);
    expect(brokenBy(await city.act(cast.operator, 'delivery:deliver', fresh('D'), delivery(past)))).toEqual([]);
  });

  test('is named by no new grant', async () => {
    const id = fresh('SCN');
    const parts = { benefit: { text: '演示' }, compliance: { text: '演示' } };
    const scenario = { title: '场景', agreement: `agreement/${ids.agreement}`, purpose: PURPOSE, parts };
    await city.act(cast.developer, 'scenario:apply', id, scenario);
    await city.act(cast.operator, 'scenario:forward', id, { opinion: '同意' });
    const terms = { ...term, resources: ['R-1'] };
    const approval = { result: 'approve', reason: '通过', grant: { id: fresh('G'), terms } };
    expect(await refusal(city.act(cast.agency, 'scenario:assess', id, approval))).toMatchObject({ rule });
  });
});

const term = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z' };

test('a plan or agreement that names a resource is not approved or signed once that is core data', async () => {
  const [early, late, agreement] = [fresh('PLAN'), fresh('PLAN'), fresh('AGR')];
  const terms = { ...term, resources: ['R-1'] };
  const parts = (record: 'plan' | 'agreement'): object =>
    Object.fromEntries(demoRulebook.parts[record].map((part) => [part, { text: '演示' }]));
  for (const id of [early, late]) {
    await city.act(cast.agency, 'plan:draft', id, { title: '方案', region: CITY, terms, parts: parts('plan') });
  }
  await city.act(cast.authority, 'plan:approve', early, { document: paper('批复'), version: 1 });
  const proposal = { plan: `plan/${early}`, operator: cast.operator.code, terms, parts: parts('agreement') };
  await city.act(cast.agency, 'agreement:propose', agreement, proposal);
  await regrade({ class: 'core' });
  try {
    const approval = city.act(cast.authority, 'plan:approve', late, { document: paper('批复'), version: 1 });
    expect(await refusal(approval)).toMatchObject({ rule });
    const signature = city.act(cast.agency, 'agreement:sign', agreement, { document: paper('协议') });
    expect(await refusal(signature)).toMatchObject({ rule });
  } finally {
    await regrade(general, { approver: '负责人(演示)' });
  }
});

describe('a product is not brought to market outside its authority as it is now', () => {
  const outside = 'within-chain';
  async function cleared(by: Member, authority: string, input: string): Promise<string> {
    const id = fresh('P');
    const made = { title: '产品', authority, purpose: PURPOSE, inputs: [input], environment: '域内', form: 'dataset' };
    await city.act(by, 'product:develop', id, { ...made, process: madeUpDigest('p'), digest: madeUpDigest(id) });
    await city.act(by, 'product:grade', id, { grade: general });
    await city.act(cast.agency, 'product:clear-export', id, { conclusion: '准予出域' });
    return id;
  }

  test('once its grant is amended to other actions', async () => {
    const id = await cleared(cast.developer, `grant/${ids.grant}`, `product/${ids.basic}@1`);
    const amend = (more: object): ReturnType<City['act']> =>
      city.act(cast.agency, 'grant:amend', ids.grant, { terms: { ...term, ...more }, reason: '演示' });
    await amend({ actions: ['use'] });
    const request = (): ReturnType<City['act']> => city.act(cast.developer, 'product:request-release', id);
    expect(await refusal(request())).toMatchObject({ rule: outside });
    await amend({});
    await request();
    await city.act(cast.operator, 'product:check', id, { result: 'pass', opinion: '一致' });
    await amend({ actions: ['use'] });
    const release = city.act(cast.developer, 'product:release', id, { channel: '平台' });
    expect(await refusal(release)).toMatchObject({ rule: outside });
    await amend({});
  });

  test('once the catalogue does not list its source any more', async () => {
    const id = await cleared(cast.operator, `agreement/${ids.agreement}`, 'resource/R-2@1');
    const draft = fresh('C');
    const { version } = await city.get(`catalogue/${ids.catalogue}`);
    const of = `catalogue/${ids.catalogue}@${version}`;
    await city.act(cast.agency, 'catalogue:revise', draft, { of, drop: ['R-2'], reason: '演示' });
    await city.act(cast.agency, 'catalogue:publish', draft);
    const release = city.act(cast.operator, 'product:release', id, { channel: '平台' });
    expect(await refusal(release)).toMatchObject({ rule: outside });
  });
});

describe('a bar in law', () => {
  const lowered = { rule: 'lowered-by-decision', details: { article: '第二十五条' } };
  beforeAll(() => share('barred'));

  test('is lifted by a decision with its document and approver', async () => {
    const { document, approver } = lifting;
    for (const part of [{}, { document }, { approver }]) {
      expect(await refusal(share('withheld', part))).toMatchObject(lowered);
    }
    expect((await share('conditional', lifting)).record.body).toMatchObject({ sharing: lifting });
    expect(brokenBy(await share('withheld'))).toEqual([]);
    await share('barred');
  });

  test('is set, and not lifted, by a department that is suspended', async () => {
    await city.act(cast.authority, 'organization:suspend', provider.code, { reason: '演示' });
    expect(await refusal(share('conditional', lifting))).toMatchObject(lowered);
    await share('barred');
    await city.act(cast.authority, 'organization:reinstate', provider.code, { reason: '演示' });
  });

  test('is not lifted by a supplier, but by the department that designated it', async () => {
    const supplier = { ...provider, code: demoCode(961), name: '公用企业(演示)' };
    const { name, msp } = supplier;
    const roles = [{ role: 'supplier', region: CITY }];
    await city.act(cast.authority, 'organization:admit', supplier.code, { name, msp, roles });
    const [id, basis] = [fresh('R'), '依据(演示)'];
    await city.run(anchored({ id, domain: '金融服务', provider: supplier }));
    await city.act(supplier, 'resource:catalogue', id, { sharing: { type: 'barred', basis } });
    const sharing = { type: 'conditional', basis, ...lifting };
    expect(await refusal(city.act(supplier, 'resource:change-sharing', id, { sharing }))).toMatchObject(lowered);

    const lift = (): ReturnType<City['act']> => city.act(provider, 'resource:change-sharing', id, { sharing });
    expect(await refusal(lift())).toMatchObject({ code: 'FORBIDDEN' }); // a department, but not the one that answers for it
    await city.act(supplier, 'resource:revise', id, { designatedBy: provider.code });
    expect((await lift()).record.body).toMatchObject({ provider: supplier.code, sharing: lifting });
  });
});
