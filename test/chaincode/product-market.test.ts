// SPDX-License-Identifier: Apache-2.0
import type { Member } from 'yuanliu-demo/cast';
import {
  anchored,
  brokenBy,
  cast,
  CITY,
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

const reason = '演示';
const source = {
  title: '企业用电(演示)',
  source: { from: 'non-public', name: '供电企业(演示)' },
  licence: { digest: madeUpDigest('许可') },
  personal: false,
  period: { from: '2026-01-01T00:00:00Z' },
  region: CITY,
};
const declare = async (changed: object = {}, by = cast.operator): Promise<string> => {
  const id = fresh('X');
  await city.act(by, 'external-input:declare', id, { ...source, ...changed });
  return id;
};
const develop = (inputs: readonly string[], id = fresh('P')): ReturnType<City['act']> =>
  city.act(cast.operator, 'product:develop', id, {
    title: '融合产品',
    authority: `agreement/${ids.agreement}`,
    purpose: PURPOSE,
    inputs,
    environment: '域内',
    process: madeUpDigest('p'),
    digest: madeUpDigest(id),
    form: 'dataset',
  });

describe('an external input', () => {
  test('is fused at its exact version, and hands on that it is personal', async () => {
    const id = await declare({ personal: true });
    const { record } = await develop(['resource/R-1@1', `external-input/${id}@1`]);
    expect(record.body).toMatchObject({ personal: true, sources: [{ resource: 'R-1' }] });
    expect(await refusal(develop([`external-input/${id}@2`]))).toMatchObject({ rule: 'inputs-exact' });
  });

  test('declared by another, withdrawn, or out of its licence is not fused', async () => {
    const others = await declare({}, cast.developer);
    expect(await refusal(develop([`external-input/${others}@1`]))).toMatchObject({ rule: 'external-licensed' });
    const over = await declare({ period: { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' } });
    expect(await refusal(develop([`external-input/${over}@1`]))).toMatchObject({ rule: 'external-licensed' });
    const gone = await declare();
    await city.act(cast.operator, 'external-input:withdraw', gone, { reason });
    expect(await refusal(develop([`external-input/${gone}@1`]))).toMatchObject({ rule: 'inputs-exact' });
  });

  test('is declared and withdrawn by its holder alone, with licence and period', async () => {
    expect(await refusal(declare({}, cast.agency))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refusal(declare({ licence: undefined }))).toMatchObject({ code: 'INPUT_INVALID' });
    const backwards = { from: '2026-02-01T00:00:00Z', to: '2026-01-01T00:00:00Z' };
    expect(await refusal(declare({ period: backwards }))).toMatchObject({ code: 'INPUT_INVALID' });
    const id = await declare();
    const stranger = city.act(cast.developer, 'external-input:withdraw', id, { reason });
    expect(await refusal(stranger)).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a withdrawn resource', () => {
  test('is withdrawn at its past versions too: neither fused nor used', async () => {
    const [provider] = city.departments;
    const id = fresh('R');
    await city.run(anchored({ id, domain: '金融服务', provider }));
    await city.act(provider, 'resource:catalogue', id, { sharing: { type: 'unconditional' } });
    await city.act(provider, 'resource:grade', id, { grade: { class: 'general', level: 1 } });
    await city.act(provider, 'resource:revise', id, { title: '新版' });
    await city.act(provider, 'resource:withdraw', id, { reason });
    for (const version of [1, 2]) {
      const subject = `resource/${id}@${version}`;
      const { message, details } = await refusal(develop([subject]));
      expect(details.violations?.map(({ rule }) => rule)).toContain('inputs-exact');
      expect(message).toContain('withdrawn');
    }
    const asked = city.act(cast.developer, 'usage:request', fresh('U'), use({ subject: `resource/${id}@1` }));
    expect((await refusal(asked)).details.violations?.map(({ rule }) => rule)).toContain('inputs-exact');
  });

  test('a resource that is not there is not used either', async () => {
    const asked = city.act(cast.developer, 'usage:request', fresh('U'), use({ subject: 'resource/nowhere@1' }));
    expect(await refusal(asked)).toMatchObject({ rule: 'inputs-exact' });
  });
});

describe('a delivery that was charged for', () => {
  const deliver = (charge: object, by: Member = cast.operator, more: object = {}): ReturnType<City['act']> =>
    city.act(by, 'delivery:deliver', fresh('D'), {
      product: `product/${ids.basic}@1`,
      to: cast.developer.code,
      authority: `agreement/${ids.agreement}`,
      purpose: PURPOSE,
      charge,
      ...more,
    });
  const law = '某法第九条(演示)';

  test('under an agreement in force breaks no rule; free is a basic product for governance and welfare', async () => {
    expect(brokenBy(await deliver({ use: 'industry' }))).toEqual([]);
    for (const use of ['governance', 'welfare']) expect(brokenBy(await deliver({ use }))).toEqual(['free-for-welfare']);
  });

  test('once the agreement is cut is a violation of its own, unless a special law lets it be charged', async () => {
    await city.act(cast.agency, 'agreement:suspend', ids.agreement, { reason });
    try {
      expect(brokenBy(await deliver({ use: 'industry' }))).toEqual(['chain-stands', 'charged-under-agreement']);
      expect(brokenBy(await deliver({ use: 'industry', law }))).toEqual(['chain-stands']);
    } finally {
      await city.act(cast.agency, 'agreement:resume', ids.agreement, { reason });
    }
  });

  test('is no violation while a wind-down keeps the product by name', async () => {
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const windDown = { keeps: [`product/${ids.basic}`], until };
    await city.act(cast.agency, 'agreement:suspend', ids.agreement, { reason, windDown });
    try {
      expect(brokenBy(await deliver({ use: 'industry' }))).toEqual([]);
    } finally {
      await city.act(cast.agency, 'agreement:resume', ids.agreement, { reason });
    }
  });

  test('breaks no rule under a grant of one’s own, and does under what others hold', async () => {
    const own = { product: `product/${ids.derived}@1`, to: cast.rival.code, authority: `grant/${ids.grant}` };
    expect(brokenBy(await deliver({ use: 'industry' }, cast.developer, own))).toEqual([]);
    const [department] = city.departments;
    for (const authority of [`agreement/${ids.agreement}`, `grant/${ids.grant}`, 'agreement/none']) {
      const handed = await deliver({ use: 'industry' }, department, { authority });
      expect(brokenBy(handed)).toEqual(expect.arrayContaining(['charged-under-agreement', 'delivers-own']));
    }
  });

  test('says for which use, and not how much', async () => {
    expect(await refusal(deliver({ use: 'industry', amount: 100 }))).toMatchObject({ code: 'INPUT_INVALID' });
  });
});

describe('a product on the market', () => {
  const price = (input: object, by = cast.operator, id: string = ids.basic): ReturnType<City['act']> =>
    city.act(by, 'product:price', id, input);
  const charged = (use: string, amount: unknown = 1200): object => ({
    use,
    terms: { mode: 'charged', amount, unit: '次' },
  });

  test('has a price in fen by use, and stays the version that was delivered', async () => {
    await price(charged('industry'));
    const { record } = await price(charged('industry', 900));
    expect(record.version).toBe(1);
    expect((record.body as { prices: object[] }).prices).toMatchObject([
      { terms: { amount: 1200 } },
      { terms: { amount: 900 } },
    ]);
  });

  test.each(['governance', 'welfare'])('of the operator is free for %s, under conditions', async (use) => {
    expect(await refusal(price(charged(use)))).toMatchObject({ rule: 'free-for-welfare' });
    await price({ use, terms: { mode: 'free', conditions: '仅限履职使用' } });
  });

  test('is not charged for once its agreement is cut, nor priced by another', async () => {
    expect(await refusal(price(charged('industry'), cast.developer))).toMatchObject({ code: 'FORBIDDEN' });
    await city.act(cast.agency, 'agreement:suspend', ids.agreement, { reason });
    try {
      expect(await refusal(price(charged('industry')))).toMatchObject({ rule: 'charged-under-agreement' });
      await price({ use: 'industry', terms: { mode: 'free', conditions: '试用' } });
    } finally {
      await city.act(cast.agency, 'agreement:resume', ids.agreement, { reason });
    }
  });

  test('is charged for outside an agreement where a special law lets it be', async () => {
    await city.act(cast.agency, 'agreement:suspend', ids.agreement, { reason });
    try {
      const terms = { mode: 'charged', amount: 100, unit: '份', law: '某法第九条(演示)' };
      expect((await price({ use: 'industry', terms })).record.act.violations).toEqual([]);
    } finally {
      await city.act(cast.agency, 'agreement:resume', ids.agreement, { reason });
    }
  });

  test.each([1.5, -1, 0, '12'])('has no price of %p', async (amount) => {
    expect(await refusal(price(charged('industry', amount)))).toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('carries its certificates by number and digest', async () => {
    const certificate = { number: '演示登字1号', digest: madeUpDigest('证书') };
    const { record } = await city.act(cast.developer, 'product:certify-ip', ids.derived, certificate);
    expect(record).toMatchObject({ version: 1, body: { certificates: [certificate] } });
    const others = city.act(cast.rival, 'product:certify-ip', ids.derived, certificate);
    expect(await refusal(others)).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('withdrawn is neither used nor delivered any more', async () => {
    await city.act(cast.developer, 'product:withdraw', ids.derived, { reason });
    expect(await refusal(city.act(cast.developer, 'usage:request', fresh('U'), use()))).toMatchObject({
      rule: 'product-released',
    });
    const again = city.act(cast.developer, 'product:withdraw', ids.derived, { reason });
    expect(await refusal(again)).toMatchObject({ code: 'WRONG_STATE' });
  });
});
