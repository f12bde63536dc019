// SPDX-License-Identifier: Apache-2.0
import type { Member } from 'yuanliu-demo/cast';
import { brokenBy, cast, CITY, demoCode, ids, madeUpDigest, openCity, PURPOSE, refusal, type City } from '../builders';

let city: City;
let serial = 0;
beforeAll(async () => {
  city = await openCity('produced');
}, 120_000);
afterAll(() => city.close());

const { operator, developer, rival } = cast;
const rule = 'operator-redevelops';
const since = '2026-01-01T00:00:00.000Z';

/** Develops further the basic product that the operator delivered to the developer. */
const develop = (by: Member, authority: string, more: object = {}): ReturnType<City['act']> =>
  city.act(by, 'product:develop', `P-r${++serial}`, {
    title: '再开发',
    authority,
    purpose: PURPOSE,
    inputs: [`product/${ids.basic}@1`],
    environment: '域内',
    process: madeUpDigest('p'),
    digest: madeUpDigest(`r${serial}`),
    form: 'model',
    ...more,
  });
const redevelop = (): ReturnType<City['act']> => develop(developer, `grant/${ids.grant}`);
const declare = (by: Member, relation: object): ReturnType<City['act']> =>
  city.act(by, 'organization:declare-control', by.code, { basis: 'equity', since, ...relation });
const end = (by: Member, relation: object): ReturnType<City['act']> =>
  city.act(by, 'organization:end-control', by.code, { basis: 'equity', until: new Date().toISOString(), ...relation });

test('the operator itself does not develop further what it delivered', async () => {
  expect(await refusal(develop(operator, `agreement/${ids.agreement}`))).toMatchObject({ rule });
});

describe('what a developer made of it and delivered on', () => {
  const onward = { inputs: [`product/${ids.derived}@1`] };
  const deliver = (to: Member): ReturnType<City['act']> =>
    city.act(developer, 'delivery:deliver', `D-on${++serial}`, {
      product: `product/${ids.derived}@1`,
      to: to.code,
      authority: `grant/${ids.grant}`,
      purpose: PURPOSE,
    });

  test('is not developed further by the operator either, to which it came back', async () => {
    await deliver(operator);
    expect(await refusal(develop(operator, `agreement/${ids.agreement}`, onward))).toMatchObject({ rule });
  });

  test('is developed further by developers, and that is on record where one is affiliated with the operator', async () => {
    expect(brokenBy(await develop(developer, `grant/${ids.grant}`, onward))).toEqual([]);
    await declare(developer, { controller: operator.code });
    await declare(operator, { over: developer.code });
    expect(brokenBy(await develop(developer, `grant/${ids.grant}`, onward))).toEqual([rule]);
    await end(developer, { controller: operator.code });
    await end(operator, { over: developer.code });
  });
});

test('the operator does not develop further what another made of its product under another operator (fault B31)', async () => {
  const second: Member = { ...operator, code: demoCode(970), name: '第二运营机构(演示)' };
  const [agreement, scenario, grant] = ['AGR-b31', 'SCN-b31', 'GRANT-b31'];
  const document = { digest: madeUpDigest('协议') };
  const parts = { benefit: { text: '演示' }, compliance: { text: '演示' } };
  const first = (await city.get(`agreement/${ids.agreement}`)).body as { terms: object; parts: object };
  const { terms } = (await city.get(`grant/${ids.grant}`)).body as { terms: object };
  await city.run([
    {
      by: cast.authority,
      act: 'organization:admit',
      id: second.code,
      input: { name: second.name, msp: second.msp, roles: [{ role: 'operator', region: CITY }] },
    },
    {
      by: cast.agency,
      act: 'agreement:propose',
      id: agreement,
      input: { plan: `plan/${ids.plan}`, operator: second.code, terms: first.terms, parts: first.parts },
    },
    { by: cast.agency, act: 'agreement:sign', id: agreement, input: { document } },
    { by: second, act: 'agreement:sign', id: agreement, input: { document } },
    { by: cast.agency, act: 'agreement:file', id: agreement, input: { document } },
    {
      by: developer,
      act: 'scenario:apply',
      id: scenario,
      input: { title: '场景', agreement: `agreement/${agreement}`, purpose: PURPOSE, parts },
    },
    { by: second, act: 'scenario:forward', id: scenario, input: { opinion: '同意' } },
    {
      by: cast.agency,
      act: 'scenario:assess',
      id: scenario,
      input: { result: 'approve', reason: '通过', grant: { id: grant, terms } },
    },
  ]);
  const { id } = (await develop(developer, `grant/${grant}`)).record;
  await city.run([
    { by: developer, act: 'product:grade', id, input: { grade: { class: 'general', level: 2 } } },
    { by: cast.agency, act: 'product:clear-export', id, input: { conclusion: '准予出域' } },
    { by: developer, act: 'product:request-release', id, input: {} },
    { by: second, act: 'product:check', id, input: { result: 'pass', opinion: '通过' } },
    { by: developer, act: 'product:release', id, input: { channel: '平台' } },
    {
      by: developer,
      act: 'delivery:deliver',
      id: 'D-b31',
      input: { product: `product/${id}@1`, to: operator.code, authority: `grant/${grant}`, purpose: PURPOSE },
    },
  ]);
  const onward = develop(operator, `agreement/${ids.agreement}`, { inputs: [`product/${id}@1`] });
  expect(await refusal(onward)).toMatchObject({ rule });
});

test('the operator develops further what its only recipient refused, and not what another has', async () => {
  const agreement = `agreement/${ids.agreement}`;
  const { id } = (await develop(operator, agreement, { inputs: ['resource/R-1@1'] })).record;
  const ref = `product/${id}@1`;
  await city.act(operator, 'product:grade', id, { grade: { class: 'general', level: 2 } });
  await city.act(cast.agency, 'product:clear-export', id, { conclusion: '准予出域' });
  await city.act(operator, 'product:release', id, { channel: '平台' });
  const deliver = (to: Member, as: string): ReturnType<City['act']> =>
    city.act(operator, 'delivery:deliver', as, {
      product: ref,
      to: to.code,
      authority: `grant/${ids.grant}`,
      purpose: PURPOSE,
    });
  const refuse = (as: string): ReturnType<City['act']> =>
    city.act(developer, 'delivery:refuse', as, { reason: '未收到' });

  await deliver(developer, 'D-r1');
  expect(await refusal(develop(operator, agreement, { inputs: [ref] }))).toMatchObject({ rule });
  await refuse('D-r1');
  expect(brokenBy(await develop(operator, agreement, { inputs: [ref] }))).toEqual([]);
  await deliver(developer, 'D-r2');
  await deliver(rival, 'D-r3');
  await refuse('D-r2');
  expect(await refusal(develop(operator, agreement, { inputs: [ref] }))).toMatchObject({ rule });
});

describe('a development and a delivery are judged by when they happened, whichever is reported first', () => {
  const agreement = `agreement/${ids.agreement}`;
  const released = async (): Promise<string> => {
    const { id } = (await develop(operator, agreement, { inputs: ['resource/R-1@1'] })).record;
    await city.act(operator, 'product:grade', id, { grade: { class: 'general', level: 2 } });
    await city.act(cast.agency, 'product:clear-export', id, { conclusion: '准予出域' });
    await city.act(operator, 'product:release', id, { channel: '平台' });
    return id;
  };
  const deliver = (id: string, occurredAt?: string, as = `D-b4-${++serial}`): ReturnType<City['act']> =>
    city.act(operator, 'delivery:deliver', as, {
      product: `product/${id}@1`,
      to: developer.code,
      authority: `grant/${ids.grant}`,
      purpose: PURPOSE,
      ...(occurredAt === undefined ? {} : { occurredAt }),
    });
  const onward = async (id: string, by = operator, authority = agreement): Promise<{ id: string; time: string }> => {
    const { record } = await develop(by, authority, { inputs: [`product/${id}@1`] });
    await city.act(by, 'product:grade', record.id, { grade: { class: 'general', level: 2 } });
    await city.act(cast.agency, 'product:clear-export', record.id, { conclusion: '准予出域' });
    return { id: record.id, time: record.act.time };
  };
  const release = (id: string): ReturnType<City['act']> =>
    city.act(operator, 'product:release', id, { channel: '平台' });
  const use = (id: string): ReturnType<City['act']> =>
    city.act(developer, 'usage:record', `U-b4-${++serial}`, {
      subject: `product/${id}@1`,
      authority: `grant/${ids.grant}`,
      purpose: PURPOSE,
      action: 'use',
    });
  const refuse = (as: string): ReturnType<City['act']> =>
    city.act(developer, 'delivery:refuse', as, { reason: '未收到' });

  test('a delivery dated before the development breaks the rule, and stops the release; one after it does not (fault B4)', async () => {
    const [first, second] = [await released(), await released()];
    const [made, later] = [await onward(first), await onward(second)];
    const told = await deliver(first, made.time);
    expect(brokenBy(told)).toEqual([rule]);
    expect(told.also).toHaveLength(1);
    expect(await refusal(release(made.id))).toMatchObject({ rule });
    expect(brokenBy(await deliver(second))).toEqual([]);
    expect((await release(later.id)).record.state).toBe('released');
  });

  const control = async (said: typeof declare): Promise<void> => {
    await said(operator, { over: developer.code });
    await said(developer, { controller: operator.code });
  };

  test('by an affiliate too, also of one that is declared after the development (fault B4)', async () => {
    const id = await released();
    await control(declare);
    await deliver(id);
    const made = await onward(id, developer, `grant/${ids.grant}`);
    expect(brokenBy(await deliver(id, made.time))).toEqual([rule]);
    await control(end);

    const other = await onward(
      await released().then(async (one) => (await deliver(one), one)),
      developer,
      `grant/${ids.grant}`,
    );
    await city.act(developer, 'product:request-release', other.id);
    await city.act(operator, 'product:check', other.id, { result: 'pass', opinion: '通过' });
    await control(declare);
    expect(brokenBy(await city.act(developer, 'product:release', other.id, { channel: '平台' }))).toEqual([rule]);
    await control(end);
  });

  test('what its recipient has used, or developed further, it cannot refuse (fault B4)', async () => {
    const id = await released();
    await deliver(id, undefined, 'D-b4-used');
    await use(id);
    expect(await refusal(refuse('D-b4-used'))).toMatchObject({ rule: 'used-not-refused' });
    expect(await refusal(develop(operator, agreement, { inputs: [`product/${id}@1`] }))).toMatchObject({ rule });

    const other = await released();
    await deliver(other, undefined, 'D-b4-made');
    await develop(developer, `grant/${ids.grant}`, { inputs: [`product/${other}@1`] });
    expect(await refusal(refuse('D-b4-made'))).toMatchObject({ rule: 'used-not-refused' });
    await deliver(other, undefined, 'D-b4-again');
    expect((await refuse('D-b4-again')).record.state).toBe('refused'); // it has it by the first
  });

  test('a use that is reported after its delivery was refused was none of its user’s (fault B4)', async () => {
    const id = await released();
    const { record } = await deliver(id, undefined, 'D-b4-unused');
    expect((await refuse('D-b4-unused')).record.state).toBe('refused');
    const late = { subject: `product/${id}@1`, authority: `grant/${ids.grant}`, purpose: PURPOSE, action: 'use' };
    const used = city.act(developer, 'usage:record', 'U-b4-late', { ...late, occurredAt: record.act.time });
    expect(brokenBy(await used)).toEqual(['product-obtained']);
  });
});

test('a developer that it has nothing to do with does', async () => {
  expect(brokenBy(await redevelop())).toEqual([]);
});

describe('where a party affiliated with the operator develops it further, that is on record, not refused', () => {
  test.each([
    ['one that it controls', [[operator, developer]]],
    [
      'one that it controls through another',
      [
        [operator, rival],
        [rival, developer],
      ],
    ],
    ['the one that controls it', [[developer, operator]]],
    [
      'a sister under one controller',
      [
        [rival, operator],
        [rival, developer],
      ],
    ],
  ] as const)('%s', async (_, pairs) => {
    const relations = pairs.flatMap(([above, below]) => [
      [above, { over: below.code }] as const,
      [below, { controller: above.code }] as const,
    ]);
    for (const [by, relation] of relations) {
      expect(brokenBy(await redevelop())).toEqual([]);
      await declare(by, relation);
    }
    const { record, also } = await redevelop();
    expect(record).toMatchObject({ state: 'developed', act: { violations: [{ rule, article: '第十七条' }] } });
    expect(record.act.violations[0]).not.toHaveProperty('due');
    expect(also).toEqual([]);
    for (const [by, relation] of relations) await end(by, relation);
    expect(brokenBy(await redevelop())).toEqual([]);
  });

  test.each([
    ['the one above', operator, { over: developer.code }],
    ['the one below', developer, { controller: operator.code }],
    ['a rival, of both', rival, { over: operator.code }],
  ] as const)('but not where %s alone claims it: that is for the agency, sealed (fault B6)', async (_, by, claim) => {
    const all = by === rival ? [claim, { over: developer.code }] : [claim];
    for (const one of all) await declare(by, one);
    const { record, also } = await redevelop();
    expect(record.act.violations).toEqual([]);
    const clue = await city.get(also[0] ?? '');
    expect(clue).toMatchObject({ state: 'alerted', body: { about: `product/${record.id}@1`, told: cast.agency.code } });
    for (const one of all) await end(by, one);
    expect((await redevelop()).also).toEqual([]);
  });

  test('but not two that the State owns as such', async () => {
    for (const by of [operator, developer]) await declare(by, { controller: rival.code, state: true });
    expect(brokenBy(await redevelop())).toEqual([]);
  });
});

test('control that an office determined counts, whatever its party claimed or says of its end (fault B30)', async () => {
  const relation = { controller: operator.code, basis: 'personnel' };
  const claim = { over: developer.code, basis: 'personnel' };
  const determine = (result: string): ReturnType<City['act']> =>
    city.act(cast.authority, 'organization:determine-control', developer.code, {
      ...relation,
      result,
      reason: '查证',
      document: { digest: madeUpDigest('认定') },
    });
  await declare(operator, { ...claim, state: true });
  await determine('stands');
  expect(brokenBy(await redevelop())).toEqual([rule]);
  expect(await refusal(end(operator, { ...claim, until: since }))).toMatchObject({ code: 'INPUT_INVALID' });
  expect(brokenBy(await redevelop())).toEqual([rule]);
  await determine('struck');
  expect(brokenBy(await redevelop())).toEqual([]);
});

test('what is made under a grant is derived, and by a developer, in whichever of its roles its maker comes', async () => {
  const both: Member = { ...operator, code: demoCode(960), name: '运营兼开发公司(演示)' };
  const [scenario, grant] = ['SCN-both', 'GRANT-both'];
  const roles = ['operator', 'developer'].map((role) => ({ role, region: CITY }));
  await city.act(cast.authority, 'organization:admit', both.code, { name: both.name, msp: both.msp, roles });
  const basis = { digest: madeUpDigest('资质') };
  await city.act(cast.agency, 'organization:qualify', both.code, { role: 'developer', basis });
  await city.act(both, 'scenario:apply', scenario, {
    title: '场景',
    agreement: `agreement/${ids.agreement}`,
    purpose: PURPOSE,
    parts: { benefit: { text: '演示' }, compliance: { text: '演示' } },
  });
  await city.act(operator, 'scenario:forward', scenario, { opinion: '同意' });
  const { terms } = (await city.get(`grant/${ids.grant}`)).body as { terms: object };
  const approval = { result: 'approve', reason: '通过', grant: { id: grant, terms } };
  await city.act(cast.agency, 'scenario:assess', scenario, approval);
  const more = { as: 'operator', inputs: ['resource/R-1@1'] };
  const { record } = await develop(both, `grant/${grant}`, more);
  expect(record).toMatchObject({ act: { role: 'operator' }, body: { tier: 'derived', developer: both.code } });
});
