// SPDX-License-Identifier: Apache-2.0
import type { Member } from 'yuanliu-demo/cast';
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
beforeAll(async () => {
  city = await openCity('produced');
}, 120_000);
afterAll(() => city.close());

const due = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
const to = (id: string, act: string, input: object = {}, by = cast.supervisor): ReturnType<City['act']> =>
  city.act(by, `finding:${act}`, id, input);
async function served(): Promise<string> {
  const id = fresh('F');
  const about = `product/${ids.derived}`;
  await to(id, 'raise', { about, against: cast.developer.code, summary: '抽查' });
  await to(id, 'serve');
  return id;
}

describe('a finding', () => {
  test('is rectified as ordered, verified and closed; what does not do is ordered still', async () => {
    const id = await served();
    await to(id, 'order-rectification', { measures: '删除', due: due(1) });
    expect(await refusal(to(id, 'close', { outcome: '已核' }))).toMatchObject({ code: 'WRONG_STATE' });
    expect(brokenBy(await to(id, 'rectified', { summary: '已删除' }, cast.developer))).toEqual([]);
    expect((await to(id, 'verify', { result: 'fail', opinion: '不全' })).record.state).toBe('ordered');
    await to(id, 'rectified', { summary: '已全部删除' }, cast.developer);
    await to(id, 'verify', { result: 'pass', opinion: '完成' });
    expect((await to(id, 'close', { outcome: '已整改' })).record.state).toBe('closed');
  });

  test('rectified late is recorded as such', async () => {
    const id = await served();
    await to(id, 'order-rectification', { measures: '删除', due: due(-1) });
    expect(brokenBy(await to(id, 'rectified', { summary: '已删除' }, cast.developer))).toContain('rectified-in-time');
  });

  test('is answered by the one concerned alone, even while suspended', async () => {
    const id = await served();
    expect(await refusal(to(id, 'appeal', { grounds: '不实' }, cast.rival))).toMatchObject({ code: 'FORBIDDEN' });
    await city.act(cast.authority, 'organization:suspend', cast.developer.code, { reason: '演示' });
    try {
      expect((await to(id, 'appeal', { grounds: '不实' }, cast.developer)).record.state).toBe('appealed');
    } finally {
      await city.act(cast.authority, 'organization:reinstate', cast.developer.code, { reason: '演示' });
    }
  });

  test('appealed against is ruled on by another than raised it: dismissed it goes on, upheld it is closed', async () => {
    const id = await served();
    await to(id, 'order-rectification', { measures: '删除', due: due(1) });
    await to(id, 'appeal', { grounds: '不实' }, cast.developer);
    expect(await refusal(to(id, 'decide-appeal', { result: 'dismissed', reason: '属实' }))).toMatchObject({
      rule: 'appeal-ruled-by-another',
    });
    const dismissed = await to(id, 'decide-appeal', { result: 'dismissed', reason: '属实' }, cast.authority);
    expect(dismissed.record.state).toBe('ordered');
    await to(id, 'appeal', { grounds: '新证据' }, cast.developer);
    const upheld = await to(id, 'decide-appeal', { result: 'upheld', reason: '不成立' }, cast.authority);
    expect(upheld.record.state).toBe('closed');
  });

  test('is handled by another than the one it is against, though that one oversees it too', async () => {
    const both: Member = { ...cast.supervisor, code: demoCode(970), name: '运营兼监督单位(演示)' };
    const roles = ['operator', 'supervisor'].map((role) => ({ role, region: CITY }));
    await city.act(cast.authority, 'organization:admit', both.code, { name: both.name, msp: both.msp, roles });
    const id = fresh('F');
    const about = `product/${ids.derived}`;
    await to(id, 'raise', { about, against: both.code, summary: '抽查' }, both);
    const itself = async (act: string, input: object = {}): Promise<string | undefined> =>
      (await refusal(to(id, act, { as: 'supervisor', ...input }, both))).rule;

    const rule = 'finding-handled-by-another';
    expect(await itself('close', { outcome: '无问题' })).toBe(rule);
    expect(await itself('serve')).toBe(rule);
    await to(id, 'serve');
    expect(await itself('order-rectification', { measures: '删除', due: due(1) })).toBe(rule);
    await to(id, 'appeal', { grounds: '不实' }, both);
    expect(await itself('decide-appeal', { result: 'upheld', reason: '不成立' })).toBe(rule);
    await to(id, 'decide-appeal', { result: 'dismissed', reason: '属实' });
    await to(id, 'order-rectification', { measures: '删除', due: due(1) });
    await to(id, 'rectified', { summary: '已删除' }, both);
    expect(await itself('verify', { result: 'pass', opinion: '完成' })).toBe(rule);
    await to(id, 'verify', { result: 'pass', opinion: '完成' });
    expect((await to(id, 'close', { outcome: '已整改' })).record.state).toBe('closed');
  });

  test('that is not served yet is not answered', async () => {
    const id = fresh('F');
    await to(id, 'raise', { about: `product/${ids.derived}`, against: cast.developer.code, summary: '抽查' });
    expect(await refusal(to(id, 'appeal', { grounds: '不实' }, cast.developer))).toMatchObject({ code: 'WRONG_STATE' });
  });
});

describe('a delivery', () => {
  const sent = { product: `product/${ids.basic}@1`, authority: `grant/${ids.grant}`, purpose: PURPOSE };
  const digest = madeUpDigest('所发');
  async function delivered(changed: object = {}, by = cast.operator): Promise<string> {
    const id = fresh('D');
    await city.act(by, 'delivery:deliver', id, { ...sent, to: cast.developer.code, digest, ...changed });
    return id;
  }

  test('is confirmed by its recipient, as it was sent', async () => {
    const id = await delivered();
    const other = city.act(cast.developer, 'delivery:confirm', id, { digest: madeUpDigest('所收') });
    expect(await refusal(other)).toMatchObject({ rule: 'received-as-sent' });
    const { record } = await city.act(cast.developer, 'delivery:confirm', id, { digest });
    expect(record).toMatchObject({ state: 'confirmed', version: 1, body: { receipt: { digest } } });
    expect(await refusal(city.act(cast.rival, 'delivery:refuse', id, { reason: '演示' }))).toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  test('by one who does not hold the product, or refused by its recipient, makes nobody a lawful holder', async () => {
    const requested = async (): Promise<string[]> => {
      const asked = city.act(cast.rival, 'usage:request', fresh('U'), use({ subject: sent.product }));
      return (await refusal(asked)).details.violations?.map(({ rule }) => rule) ?? [];
    };
    await delivered({ to: cast.rival.code }, cast.developer);
    expect(await requested()).toContain('product-obtained');
    const id = await delivered({ to: cast.rival.code });
    expect(await requested()).not.toContain('product-obtained');
    await city.act(cast.rival, 'delivery:refuse', id, { reason: '未收到' });
    expect(await requested()).toContain('product-obtained');
  });

  test('makes a lawful holder from when it happened on, and no use before it lawful', async () => {
    const before = new Date(Date.now() - 1).toISOString();
    await delivered({ to: cast.rival.code });
    const used = (more: object): ReturnType<City['act']> =>
      city.act(cast.rival, 'usage:record', fresh('U'), use({ subject: sent.product, ...more }));
    expect(brokenBy(await used({ occurredAt: before }))).toContain('product-obtained');
    expect(brokenBy(await used({}))).not.toContain('product-obtained');
  });

  test('confirmed is not undone by refusing another of the same product', async () => {
    const { code } = cast.operator;
    const derived = { product: `product/${ids.derived}@1`, to: code };
    const [bad, good] = [await delivered(derived, cast.developer), await delivered(derived, cast.developer)];
    await city.act(cast.operator, 'delivery:confirm', good, { digest });
    await city.act(cast.operator, 'delivery:refuse', bad, { reason: '损坏' });
    expect(brokenBy(await city.act(cast.operator, 'usage:record', fresh('U'), use()))).not.toContain(
      'product-obtained',
    );
  });

  test('makes a holder as long as one of the same product stands, confirmed or not, and from the earliest on', async () => {
    const [to] = city.departments;
    const derived = { product: `product/${ids.derived}@1`, to: to.code };
    const used = (more: object = {}): ReturnType<City['act']> => city.act(to, 'usage:record', fresh('U'), use(more));
    const refused = (id: string): ReturnType<City['act']> => city.act(to, 'delivery:refuse', id, { reason: '损坏' });
    const between = new Date(Date.now() - 1).toISOString();
    const [one, other] = [await delivered(derived, cast.developer), await delivered(derived, cast.developer)];
    await refused(one);
    expect(brokenBy(await used())).not.toContain('product-obtained');
    expect(brokenBy(await used({ occurredAt: between }))).toContain('product-obtained');
    const earlier = await delivered({ ...derived, occurredAt: between }, cast.developer);
    expect(brokenBy(await used({ occurredAt: between }))).not.toContain('product-obtained');
    await refused(other);
    expect(await refusal(refused(earlier))).toMatchObject({ rule: 'used-not-refused' }); // it has used it
    expect(brokenBy(await used())).not.toContain('product-obtained');
  });

  test('with a clause of exclusivity is put before market supervision', async () => {
    const id = fresh('D');
    const input = { ...sent, to: cast.developer.code, exclusivity: '独家' };
    const result = await city.act(cast.operator, 'delivery:deliver', id, input);
    expect(brokenBy(result)).toEqual(['exclusivity-clause']);
    expect(result.also).toHaveLength(1);
  });
});

test('a use is not under a permit that was given after it (fault B4)', async () => {
  const { record: before } = await city.act(cast.developer, 'usage:record', fresh('U'), use());
  const id = fresh('U');
  await city.act(cast.developer, 'usage:request', id, use());
  const early = { ...use(), occurredAt: before.act.time };
  expect(brokenBy(await city.act(cast.developer, 'usage:record', id, early))).toEqual(['inside-permit']);
  const other = fresh('U');
  const { record: permit } = await city.act(cast.developer, 'usage:request', other, use());
  const then = { ...use(), occurredAt: permit.act.time };
  expect(brokenBy(await city.act(cast.developer, 'usage:record', other, then))).toEqual([]);
});

test('uses beyond a permit count against the quota', async () => {
  const terms = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z', quota: 10 };
  await city.act(cast.agency, 'grant:amend', ids.grant, { terms, reason: '演示' });
  const id = fresh('U');
  await city.act(cast.developer, 'usage:request', id, use({ quantity: 1 }));
  await city.act(cast.developer, 'usage:record', id, use({ quantity: 9 }));
  const more = city.act(cast.developer, 'usage:request', fresh('U'), use({ quantity: 2 }));
  expect(await refusal(more)).toMatchObject({ rule: 'within-quota' });
});

test('a use as permitted is inside the quota that its permit has taken', async () => {
  const terms = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z', quota: 20 };
  await city.act(cast.agency, 'grant:amend', ids.grant, { terms, reason: '演示' });
  const id = fresh('U');
  await city.act(cast.developer, 'usage:request', id, use({ quantity: 10 }));
  expect(brokenBy(await city.act(cast.developer, 'usage:record', id, use({ quantity: 10 })))).toEqual([]);
});

test('whoever reports uses of another’s grant neither learns its quota nor uses it up', async () => {
  const terms = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z', quota: 40 };
  await city.act(cast.agency, 'grant:amend', ids.grant, { terms, reason: '演示' });
  const batch = { log: 'L-1', first: 1, root: madeUpDigest('批次'), since: '2026-06-01T00:00:00Z' };
  for (const [act, more] of [
    ['usage:record', {}],
    ['usage:anchor', { batch }],
  ] as const) {
    const result = await city.act(cast.rival, act, fresh('U'), use({ quantity: 1_000_000_000, ...more }));
    expect(brokenBy(result)).toContain('within-chain');
    expect(brokenBy(result)).not.toContain('within-quota');
  }
  const { record } = await city.act(cast.developer, 'usage:request', fresh('U'), use({ quantity: 1 }));
  expect(record.state).toBe('permitted');
});

describe('who oversees a finding', () => {
  const { agency, authority, operator, supervisor } = cast;
  const about = `product/${ids.derived}`;
  const place = { region: CITY, domains: ['金融服务'] };
  const district: Member = { ...cast.developer, code: demoCode(971), name: '区开发公司(演示)' };

  beforeAll(async () => {
    const roles = [{ role: 'developer', region: '310101' }];
    await city.act(authority, 'organization:admit', district.code, { name: district.name, msp: district.msp, roles });
  });

  test('is never told by its reporter (fault B2)', async () => {
    for (const told of [{ region: '990000' }, { domains: ['无人监管'] }]) {
      for (const [by, act] of [
        [operator, 'incident'],
        [agency, 'alert'],
        [supervisor, 'raise'],
      ] as const) {
        const { code } = await refusal(to(fresh('F'), act, { about, summary: '演示', ...told }, by));
        expect(code).toBe('INPUT_INVALID');
      }
    }
  });

  test('follows from what it is about, if its reporter may know that (fault B2)', async () => {
    const { record } = await to(fresh('F'), 'incident', { about, summary: '演示' }, operator);
    expect(record.body).toMatchObject(place);
    const [, other] = city.departments;
    const hidden = await to(fresh('F'), 'incident', { about: `grant/${ids.grant}`, summary: '演示' }, other);
    expect(hidden.record.body).toEqual({
      about: `grant/${ids.grant}`,
      region: CITY,
      raisedBy: other.code,
      rules: [],
      summary: '演示',
    });
    expect((await to(record.id, 'close', { outcome: '已核' })).record.state).toBe('closed');
  });

  test('follows from its reporter’s own role and division where there is no such record (fault B2)', async () => {
    const { record } = await to(fresh('F'), 'incident', { about: 'product/none', summary: '演示' }, district);
    expect(record.body).toMatchObject({ region: '310101' });
    expect((await to(record.id, 'serve', {}, authority)).record.state).toBe('served');
  });

  test('follows from the record, whichever of its roles the reporter acts in (fault B2)', async () => {
    const both: Member = { ...cast.developer, code: demoCode(973), name: '两区机构(演示)' };
    const roles = [
      { role: 'developer', region: '310101' },
      { role: 'operator', region: '310104' },
    ];
    await city.act(authority, 'organization:admit', both.code, { name: both.name, msp: both.msp, roles });
    for (const as of ['developer', 'operator']) {
      const input = { about: `organization/${district.code}`, summary: '演示', as };
      expect((await to(fresh('F'), 'incident', input, both)).record.body).toMatchObject({ region: '310101' });
    }
    expect((await to(fresh('F'), 'incident', { about, summary: '演示' }, district)).record.body).toMatchObject(place);
  });
});

describe('a finding is closed and ruled on by another', () => {
  const rule = 'finding-handled-by-another';

  test('than the one that reported the incident, overseer or agency (fault B2)', async () => {
    for (const by of [cast.agency, cast.supervisor, cast.authority]) {
      const { record } = await to(fresh('F'), 'incident', { about: `plan/${ids.plan}`, summary: '泄露' }, by);
      expect(await refusal(to(record.id, 'close', { outcome: '无' }, by))).toMatchObject({ rule });
      const other = by === cast.supervisor ? cast.authority : cast.supervisor;
      expect((await to(record.id, 'close', { outcome: '已处理' }, other)).record.state).toBe('closed');
    }
  });

  test('than the one whose record it is about, though it raised it against nobody (fault B2)', async () => {
    const id = fresh('F');
    await to(id, 'raise', { about: `catalogue/${ids.catalogue}`, summary: '自查' }, cast.agency);
    expect(await refusal(to(id, 'serve', {}, cast.agency))).toMatchObject({ rule });
    expect(await refusal(to(id, 'close', { outcome: '无' }, cast.agency))).toMatchObject({ rule });
    expect((await to(id, 'close', { outcome: '已核' })).record.state).toBe('closed');
  });
});

test('while a bar stands its supplier chooses no other department to lift it (fault B2)', async () => {
  const [first, second] = city.departments;
  const supplier: Member = { ...first, role: 'supplier', code: demoCode(972), name: '业务实施主体(演示)' };
  const roles = [{ role: 'supplier', region: CITY }];
  await city.act(cast.authority, 'organization:admit', supplier.code, {
    name: supplier.name,
    msp: supplier.msp,
    roles,
  });
  const id = fresh('R');
  const anchored = { title: '供水', domain: '金融服务', region: CITY, designatedBy: first.code };
  await city.act(supplier, 'resource:anchor', id, anchored);
  await city.act(supplier, 'resource:catalogue', id, { sharing: { type: 'barred', basis: '依法' } });
  const chosen = city.act(supplier, 'resource:revise', id, { designatedBy: second.code });
  expect(await refusal(chosen)).toMatchObject({ rule: 'lowered-by-decision' });
});
