// SPDX-License-Identifier: Apache-2.0
import type { RunningCity } from './city';

const digest = (fill: string): string => `sha256:${fill.repeat(64)}`;

/** 运营机构的一天 — makes a basic product, delivers it, checks a release, proves compliance. */
export function operatorsDay(city: () => RunningCity): void {
  const me = () => city().account('operator');
  const development = {
    title: '又一基础数据集',
    authority: 'agreement/AGR-2026',
    purpose: '普惠金融授信',
    environment: '授权运营域',
    process: digest('a'),
    digest: digest('b'),
    form: 'dataset',
  };
  let inputs: string[] = [];

  test('picks resources of the published catalogue', async () => {
    const { body } = await city().get('/api/v1/catalogues/C-2026', me());
    expect(body.record.body.entries).toHaveLength(326);
    inputs = body.record.body.entries
      .slice(0, 2)
      .map((entry: { resource: string; version: number }) => `resource/${entry.resource}@${entry.version}`);
  });

  test('learns from a dry run what is missing, then develops', async () => {
    const { environment: _, ...incomplete } = development;
    const tried = await city().post('/api/v1/products/P-op/develop?dryRun=true', { ...incomplete, inputs }, me());
    expect(tried.body).toMatchObject({
      status: 422,
      code: 'REFUSED',
      rule: 'environment-named',
      article: '第二十二条',
      remedy: expect.any(String),
    });
    const { status, body } = await city().post('/api/v1/products/P-op/develop', { ...development, inputs }, me());
    expect([status, body.record.state, body.record.body.tier]).toEqual([201, 'developed', 'basic']);
    expect(body.receipt).toMatchObject({ channel: 'public-data', chaincode: 'yuanliu', validationCode: 'VALID' });
    expect(body.violations[0]).toMatchObject({ rule: 'registered', due: expect.any(String) }); // 登记 may follow
  });

  test('cannot release it raw, nor grade it below its inputs without a decision', async () => {
    const low = await city().post('/api/v1/products/P-op/grade', { grade: { class: 'general', level: 1 } }, me());
    expect(low.body).toMatchObject({ code: 'REFUSED', rule: 'graded-down' });
    expect(
      (await city().post('/api/v1/products/P-op/grade', { grade: { class: 'general', level: 2 } }, me())).status,
    ).toBe(201);
  });

  test('does not itself develop further what it delivered (Art. 17)', async () => {
    const again = { ...development, inputs: ['product/P-basic@1'] };
    const { status, body } = await city().post('/api/v1/products/P-op2/develop', again, me());
    expect([status, body.rule, body.article]).toEqual([422, 'operator-redevelops', '第十七条']);
  });

  test('proves where its product came from, without gaps', async () => {
    const { body } = await city().get('/api/v1/products/P-basic/origins', me());
    expect(body).toMatchObject({ hidden: false, truncated: false });
    expect(body.roots[0].basis).toMatchObject({ stood: true, stands: true });
    expect(body.hops.every((hop: { node: { evidence: unknown[] } }) => hop.node.evidence.length > 0)).toBe(true);
  });

  test('finds which record carries a file it is shown', async () => {
    const { body: product } = await city().get('/api/v1/products/P-basic', me());
    const { body } = await city().get(`/api/v1/lookup?digest=${product.record.body.digest}`, me());
    expect(body.items.map((item: { ref: string }) => item.ref)).toContain('product/P-basic@1');
  });
}
