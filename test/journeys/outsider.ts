// SPDX-License-Identifier: Apache-2.0
import type { RunningCity } from './city';

/** 公众的一天 — checks, without an account, that a product's source is lawful. */
export function outsidersDay(city: () => RunningCity): void {
  test('finds the released products and the published catalogue', async () => {
    const { body } = await city().get('/api/v1/products');
    expect(body.items.map((item: { record: { id: string } }) => item.record.id).sort()).toEqual(['P-basic', 'P-score']);
    expect((await city().get('/api/v1/catalogues/C-2026')).body.record.state).toBe('published');
  });

  test('learns that a product’s basis stood, and that there is more it may not see', async () => {
    const { body } = await city().get('/api/v1/products/P-score/origins');
    expect(body.hidden).toBe(true);
    expect(body.roots[0].basis).toMatchObject({ stood: true, stands: true, hidden: true });
    const links = body.roots[0].basis.links.map((link: { ref: string }) => link.ref);
    expect(links.filter((ref: string) => !ref.startsWith('organization/'))).toEqual([]); // no link it may not see
  });

  test('finds that the sources it names are registered', async () => {
    const { body: product } = await city().get('/api/v1/products/P-basic');
    for (const subject of product.record.body.inputs) {
      const { body } = await city().get(`/api/v1/registrations?subject=${subject}&state=coded`);
      expect(body.items).toHaveLength(1);
    }
  });

  test.each(['plans', 'agreements', 'scenarios', 'grants', 'deliveries', 'usages', 'findings', 'resources'])(
    'sees none of the %s',
    async (records) => {
      const { status, body } = await city().get(`/api/v1/${records}`);
      expect([status, body.items]).toEqual([200, []]);
    },
  );

  test('cannot tell a record it may not see from one that is not there', async () => {
    const hidden = await city().get('/api/v1/agreements/AGR-2026');
    const absent = await city().get('/api/v1/agreements/AGR-9999');
    expect([hidden.status, absent.status]).toEqual([404, 404]);
    const plain = (body: Record<string, unknown>, id: string): string =>
      JSON.stringify({ ...body, requestId: '' }).replaceAll(id, 'ID');
    expect(plain(hidden.body, 'AGR-2026')).toBe(plain(absent.body, 'AGR-9999'));
  });

  test('cannot write', async () => {
    const { status, headers, body } = await city().post('/api/v1/findings/F-x/raise', {
      about: 'product/P-score',
      summary: 'x',
    });
    expect([status, body.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect(headers.get('www-authenticate')).toContain('Bearer');
  });

  test('reads what the API is, and the rulebook, without an account', async () => {
    const { body } = await city().get('/openapi.json');
    expect(body.openapi).toMatch(/^3\.1/);
    const { body: rulebook } = await city().get('/api/v1/rulebook');
    expect(JSON.stringify(rulebook)).toContain('不得超授权范围使用公共数据资源');
  });
}
