// SPDX-License-Identifier: Apache-2.0
import { registered } from 'yuanliu-demo/story';
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
  storyTo,
  use,
  type City,
} from '../builders';

let city: City;
beforeAll(async () => {
  city = await openCity('produced');
}, 120_000);
afterAll(() => city.close());

const level = (n: number): object => ({ class: 'general', level: n });
const important = { class: 'important' };
const basis = { digest: madeUpDigest('定级依据') };
const approver = '负责人(演示)';

const onResource = (act: string, id: string, input: object): ReturnType<City['act']> =>
  city.act(city.departments[0], `resource:${act}`, id, input);
const byOperator = (act: string, id: string, input: object = {}): ReturnType<City['act']> =>
  city.act(cast.operator, `product:${act}`, id, input);

/** A resource in the catalogue, graded general 1. */
async function listed(): Promise<string> {
  const resource = { id: fresh('R'), domain: '金融服务', provider: city.departments[0] };
  await city.run(anchored(resource));
  await onResource('catalogue', resource.id, { sharing: { type: 'conditional' } });
  await onResource('grade', resource.id, { grade: level(1) });
  await city.run(registered(resource));
  const { version } = await city.get(`catalogue/${ids.catalogue}`);
  const draft = fresh('C');
  const of = `catalogue/${ids.catalogue}@${version}`;
  await city.act(cast.agency, 'catalogue:revise', draft, { of, add: [resource.id], reason: '演示' });
  await city.act(city.departments[0], 'catalogue:confirm', draft);
  await city.act(cast.agency, 'catalogue:publish', draft);
  return resource.id;
}

async function developed(inputs: readonly string[], more: object = {}): Promise<string> {
  const id = fresh('P');
  await byOperator('develop', id, {
    title: '产品',
    authority: `agreement/${ids.agreement}`,
    purpose: PURPOSE,
    inputs,
    environment: '域内',
    process: madeUpDigest('p'),
    digest: madeUpDigest(id),
    form: 'dataset',
    ...more,
  });
  return id;
}

async function cleared(resource: string, more: object = {}): Promise<string> {
  const id = await developed([`resource/${resource}@1`]);
  await byOperator('grade', id, { grade: level(1) });
  await city.act(cast.agency, 'product:clear-export', id, { conclusion: '准予出域', ...more });
  return id;
}

async function released(resource: string, more: object = {}): Promise<string> {
  const id = await cleared(resource, more);
  await byOperator('release', id, { channel: '授权运营平台' });
  return id;
}

const delivered = (id: string, more: object = {}): ReturnType<City['act']> =>
  city.act(cast.operator, 'delivery:deliver', fresh('D'), {
    product: `product/${id}@1`,
    to: cast.developer.code,
    authority: `grant/${ids.grant}`,
    purpose: PURPOSE,
    ...more,
  });
const inheritedBy = async (id: string): Promise<object> => (await city.get(`product/${id}`)).body as object;

describe('a product made from an old version of a resource', () => {
  test('takes the higher of that version’s grade and the current one, and the personal flag of either', async () => {
    const raised = await listed();
    await onResource('regrade', raised, { grade: level(3), basis, personal: true });
    const fromOld = await inheritedBy(await developed([`resource/${raised}@1`]));
    expect(fromOld).toMatchObject({ inheritedGrade: level(3), personal: true });
    await onResource('regrade', raised, { grade: level(1), basis, personal: false, approver });
    const fromHigh = await inheritedBy(await developed([`resource/${raised}@2`]));
    expect(fromHigh).toMatchObject({ inheritedGrade: level(3), personal: true });
  });

  test('is not graded below what the resource was raised to since it was made', async () => {
    const resource = await listed();
    const id = await developed([`resource/${resource}@1`]);
    await onResource('regrade', resource, { grade: level(4), basis });
    expect(await refusal(byOperator('grade', id, { grade: level(1) }))).toMatchObject({ rule: 'graded-down' });
    await byOperator('grade', id, { grade: level(4) });
  });
});

describe('a product whose input is regraded upward', () => {
  test('is not released below that; it is once it is regraded, as the same version', async () => {
    const resource = await listed();
    const id = await cleared(resource);
    await onResource('regrade', resource, { grade: important, basis });
    const release = (): ReturnType<City['act']> => byOperator('release', id, { channel: '授权运营平台' });
    expect(await refusal(release())).toMatchObject({ rule: 'graded-down' });
    const regraded = await byOperator('regrade', id, { grade: important });
    expect(regraded.record).toMatchObject({ version: 1, state: 'cleared', body: { regrades: [{ over: important }] } });
    expect((await release()).record.state).toBe('released');
  });

  test('is delivered on record with a violation, unless that was before, or it is regraded', async () => {
    const resource = await listed();
    const id = await released(resource);
    const before = (await city.get(`product/${id}`)).act.time;
    await onResource('regrade', resource, { grade: important, basis });
    expect(brokenBy(await delivered(id))).toEqual(['graded-down']);
    expect(brokenBy(await delivered(id, { occurredAt: before }))).toEqual([]);
    const during = (await city.get(`resource/${resource}`)).act.time;
    await byOperator('regrade', id, { grade: important });
    expect(brokenBy(await delivered(id))).toEqual([]);
    expect(brokenBy(await delivered(id, { occurredAt: during }))).toEqual(['graded-down']);
  });

  test('hands on the higher grade to what is made from it', async () => {
    const resource = await listed();
    const id = await released(resource);
    await onResource('regrade', resource, { grade: level(3), basis });
    expect(await inheritedBy(await developed([`product/${id}@1`]))).toMatchObject({ inheritedGrade: level(3) });
  });

  test('keeps a lower grade by a decision on that grade only, which what is made from it may rely on', async () => {
    const resource = await listed();
    const id = await released(resource);
    await onResource('regrade', resource, { grade: level(3), basis });
    const decision = { basis, approver };
    await byOperator('regrade', id, { grade: level(1), decision });
    const onwards = await developed([`product/${id}@1`]);
    expect(await inheritedBy(onwards)).toMatchObject({ inheritedGrade: level(1) });
    await byOperator('grade', onwards, { grade: level(1) });
    expect(brokenBy(await delivered(id))).toEqual([]);
    await onResource('regrade', resource, { grade: level(4), basis });
    expect(brokenBy(await delivered(id))).toEqual(['graded-down']); // decided on level 3, not on 4
    expect(await refusal(byOperator('regrade', onwards, { grade: level(1) }))).toMatchObject({ rule: 'graded-down' });
  });

  test('is regraded by its holder alone, suspended or not', async () => {
    const id = await released(await listed());
    const others = city.act(cast.developer, 'product:regrade', id, { grade: level(2) });
    expect(await refusal(others)).toMatchObject({ code: 'FORBIDDEN' });
    await city.act(cast.authority, 'organization:suspend', cast.operator.code, { reason: '演示' });
    try {
      expect((await byOperator('regrade', id, { grade: level(2) })).record.version).toBe(1);
    } finally {
      await city.act(cast.authority, 'organization:reinstate', cast.operator.code, { reason: '演示' });
    }
  });
});

describe('a product made from products', () => {
  test('counts as one of those is regraded, through however many steps (fault B8)', async () => {
    const first = await released(await listed());
    const made = async (from: string): Promise<string> => {
      const id = await developed([`product/${from}@1`]);
      await byOperator('grade', id, { grade: level(1) });
      await city.act(cast.agency, 'product:clear-export', id, { conclusion: '准予出域' });
      await byOperator('release', id, { channel: '平台' });
      return id;
    };
    const second = await made(first);
    const third = await made(second);
    expect(await inheritedBy(third)).toMatchObject({ through: [{ grade: level(1) }, { grade: level(1) }] });
    expect(brokenBy(await delivered(third))).toEqual([]);
    const before = (await city.get(`product/${third}`)).act.time;
    await byOperator('regrade', first, { grade: level(3) });
    expect(brokenBy(await delivered(third))).toEqual(['graded-down']);
    expect(brokenBy(await delivered(third, { occurredAt: before }))).toEqual([]);
    expect(await refusal(byOperator('regrade', third, { grade: level(2) }))).toMatchObject({ rule: 'graded-down' });
    await byOperator('regrade', third, { grade: level(3) });
    expect(brokenBy(await delivered(third))).toEqual([]);
    await byOperator('regrade', first, { grade: { class: 'core' } });
    expect(brokenBy(await delivered(third))).toContain('core-or-barred');
  });
});

describe('a product that is regraded', () => {
  test('after its check is checked again (fault B8)', async () => {
    const id = await cleared(await listed());
    await byOperator('regrade', id, { grade: level(3) });
    await byOperator('request-release', id);
    const check = (): ReturnType<City['act']> =>
      city.act(cast.agency, 'product:check', id, { result: 'pass', opinion: '通过' });
    await check();
    expect((await byOperator('regrade', id, { grade: level(2) })).record.state).toBe('returned');
    const release = (): ReturnType<City['act']> => byOperator('release', id, { channel: '平台' });
    expect(await refusal(release())).toMatchObject({ code: 'WRONG_STATE' });
    await byOperator('request-release', id);
    expect((await check()).record.state).toBe('checked');
    expect((await release()).record.state).toBe('released');
  });

  test('lower after it was cleared is cleared again, and lower on the market only by a decision (fault B8)', async () => {
    const id = await cleared(await listed());
    expect((await byOperator('regrade', id, { grade: level(3) })).record.state).toBe('cleared');
    expect((await byOperator('regrade', id, { grade: level(2) })).record.state).toBe('graded');
    await city.act(cast.agency, 'product:clear-export', id, { conclusion: '准予出域' });
    await byOperator('release', id, { channel: '平台' });
    expect(await refusal(byOperator('regrade', id, { grade: level(1) }))).toMatchObject({ rule: 'graded-down' });
    const decision = { basis, approver };
    expect((await byOperator('regrade', id, { grade: level(1), decision })).record.state).toBe('released');
  });
});

describe('a product that counts as core data', () => {
  const core = { class: 'core' };
  const rule = 'core-or-barred';
  const clear = (id: string): ReturnType<City['act']> =>
    city.act(cast.agency, 'product:clear-export', id, { conclusion: '准予出域' });
  const regrade = (id: string): ReturnType<City['act']> => byOperator('regrade', id, { grade: core });

  test('is not cleared, asked for, passed, priced or released; one that is important is (fault B3)', async () => {
    const resource = await listed();
    const id = await developed([`resource/${resource}@1`]);
    await byOperator('grade', id, { grade: core });
    expect(await refusal(clear(id))).toMatchObject({ rule });
    await byOperator('regrade', id, { grade: important });
    await clear(id);
    await regrade(id);
    const price = { use: 'industry', terms: { mode: 'charged', amount: 1, unit: '次' } };
    expect(await refusal(byOperator('price', id, price))).toMatchObject({ rule });
    expect(await refusal(byOperator('release', id, { channel: '平台' }))).toMatchObject({ rule });
    expect(await refusal(byOperator('request-release', id))).toMatchObject({ rule });
    await byOperator('regrade', id, { grade: important });
    await clear(id);
    await byOperator('request-release', id);
    await regrade(id);
    const check = (result: string): ReturnType<City['act']> =>
      city.act(cast.agency, 'product:check', id, { result, opinion: '审核' });
    expect(await refusal(check('pass'))).toMatchObject({ rule });
    expect((await check('fail')).record.state).toBe('returned');
  });

  test('is delivered, used or made into another with a violation, or not at all (fault B3)', async () => {
    const id = await released(await listed());
    const before = (await city.get(`product/${id}`)).act.time;
    await delivered(id);
    await regrade(id);
    expect(brokenBy(await delivered(id))).toEqual([rule]);
    expect(brokenBy(await delivered(id, { occurredAt: before }))).toEqual([]);
    const used = use({ subject: `product/${id}@1` });
    expect(brokenBy(await city.act(cast.developer, 'usage:record', fresh('U'), used))).toEqual([rule]);
    expect(await refusal(city.act(cast.developer, 'usage:request', fresh('U'), used))).toMatchObject({ rule });
    expect(await refusal(developed([`product/${id}@1`]))).toMatchObject({ rule: 'core-or-barred' });
  });
});

test('what an operator makes under its own agreement is basic, in whichever role it comes (fault B8)', async () => {
  const both = { ...cast.operator, code: demoCode(961), name: '运营兼开发机构(演示)' };
  const roles = ['operator', 'developer'].map((role) => ({ role, region: CITY }));
  await city.act(cast.authority, 'organization:admit', both.code, { name: both.name, msp: both.msp, roles });
  const story = storyTo('authorized').find(({ act }) => act === 'agreement:propose')?.input ?? {};
  const agreement = fresh('AGR');
  await city.act(cast.agency, 'agreement:propose', agreement, { ...story, operator: both.code });
  for (const by of [cast.agency, both]) await city.act(by, 'agreement:sign', agreement, { document: basis });
  const id = fresh('P');
  const { record } = await city.act(both, 'product:develop', id, {
    title: '产品',
    as: 'developer',
    authority: `agreement/${agreement}`,
    purpose: PURPOSE,
    inputs: ['resource/R-1@1'],
    environment: '域内',
    process: madeUpDigest('p'),
    digest: madeUpDigest(id),
    form: 'dataset',
  });
  expect(record).toMatchObject({ act: { role: 'developer' }, body: { tier: 'basic' } });
  expect(record.body).not.toHaveProperty('developer');
  await city.act(both, 'product:grade', id, { grade: level(2) });
  await city.act(cast.agency, 'product:clear-export', id, { conclusion: '准予出域' });
  const price = { use: 'welfare', terms: { mode: 'charged', amount: 1, unit: '次' } };
  expect(await refusal(city.act(both, 'product:price', id, price))).toMatchObject({ rule: 'free-for-welfare' });
});

describe('a product whose source turns out to hold personal information', () => {
  const anonymization = { method: '去标识化后聚合', evidence: madeUpDigest('匿名化评估') };
  const flag = (resource: string): ReturnType<City['act']> => onResource('revise', resource, { personal: true });

  test('is not released until it is cleared anew as anonymized', async () => {
    const resource = await listed();
    const id = await cleared(resource);
    await flag(resource);
    const release = (): ReturnType<City['act']> => byOperator('release', id, { channel: '授权运营平台' });
    expect(await refusal(release())).toMatchObject({ rule: 'personal-leaves' });
    const clear = (more: object): ReturnType<City['act']> =>
      city.act(cast.agency, 'product:clear-export', id, { conclusion: '准予出域', ...more });
    expect(await refusal(clear({}))).toMatchObject({ rule: 'personal-leaves' });
    await clear({ anonymization });
    expect((await release()).record.state).toBe('released');
  });

  test('is delivered on record with a violation, unless it was anonymized', async () => {
    for (const [more, broken] of [
      [{}, ['personal-delivered']],
      [{ anonymization }, []],
    ] as const) {
      const resource = await listed();
      const id = await released(resource, more);
      await flag(resource);
      expect(brokenBy(await delivered(id))).toEqual(broken);
    }
  });
});

test('raw data that are not open any more do not go to market, as used, through a product or by a delivery (fault B3)', async () => {
  const resource = await listed();
  await onResource('revise', resource, { lawfullyOpened: true });
  const ready = async (): Promise<string> => {
    const id = await developed([`resource/${resource}@1`], { form: 'raw' });
    await byOperator('grade', id, { grade: level(1) });
    await city.act(cast.agency, 'product:clear-export', id, { conclusion: '准予出域' });
    return id;
  };
  const [open, closed] = [await ready(), await ready()];
  await byOperator('release', open, { channel: '授权运营平台' });
  const onward = await developed([`product/${open}@1`], { form: 'raw' });
  await byOperator('grade', onward, { grade: level(1) });
  await city.act(cast.agency, 'product:clear-export', onward, { conclusion: '准予出域' });
  expect(brokenBy(await delivered(open))).toEqual([]);
  await onResource('revise', resource, { lawfullyOpened: false });
  expect(brokenBy(await delivered(open))).toEqual(['raw-to-market']);
  const through = byOperator('release', onward, { channel: '授权运营平台' });
  expect(await refusal(through)).toMatchObject({ rule: 'raw-to-market' });
  const late = byOperator('release', closed, { channel: '授权运营平台' });
  expect(await refusal(late)).toMatchObject({ rule: 'raw-to-market' });
});
