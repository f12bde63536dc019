// SPDX-License-Identifier: Apache-2.0
import type { RunningCity } from './city';

/** 部门的一天 — anchors its catalogue, and looks where its data went. */
export function departmentsDay(city: () => RunningCity): void {
  const me = () => city().account('department', '金融服务');
  const file = 'domain,category,item,summary\n金融服务,演示数据,网点分布信息,各银行网点\n金融服务,演示数据,利率信息,\n';

  test('tries its file first: the dry run says what would happen and writes nothing', async () => {
    const before = (await city().get('/api/v1/status')).body.ledgerHeight;
    const { status, body } = await city().post('/api/v1/imports?dryRun=true', file, me());
    expect([status, body.counts.anchored]).toEqual([200, 2]);
    expect((await city().get('/api/v1/status')).body.ledgerHeight).toBe(before);
  });

  test('sends it: every row gets its result and its transaction', async () => {
    const { status, body } = await city().post('/api/v1/imports', file, me());
    expect([status, body.state, body.counts.anchored]).toEqual([201, 'done', 2]);
    for (const row of body.results)
      expect(row).toMatchObject({ result: 'anchored', txId: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const { body: resource } = await city().get(`/api/v1/resources/${body.results[1].id}`, me());
    expect(resource.record.body).toMatchObject({ title: '利率信息', provider: me().organization });
    expect(resource.record.body).not.toHaveProperty('summary'); // what is not known stays empty
  });

  test('sends it again: nothing changes', async () => {
    const { body } = await city().post('/api/v1/imports', file, me());
    expect(body.counts).toMatchObject({ anchored: 0, unchanged: 2 });
  });

  test('finds its resources by filter, page by page, all of them once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = `/api/v1/resources?domain=${encodeURIComponent('金融服务')}&limit=25${cursor ? `&cursor=${cursor}` : ''}`;
      const { status, body } = await city().get(page, me());
      expect(status).toBe(200);
      seen.push(...body.items.map((item: { record: { id: string } }) => item.record.id));
      cursor = body.cursor;
    } while (cursor);
    expect(seen).toHaveLength(103);
    expect(new Set(seen).size).toBe(103);
  });

  test('sees where its data went: product, delivery, use and purpose, and under which authority', async () => {
    const { body: product } = await city().get('/api/v1/products/P-basic', me());
    const { body } = await city().get(
      `/api/v1/${product.record.body.inputs[0].replace('resource', 'resources').replace(/@.*/, '')}/destinations`,
      me(),
    );
    const reached = body.hops.map((hop: { from: string }) => hop.from);
    expect(reached).toEqual(
      expect.arrayContaining(['product/P-basic@1', 'product/P-score@1', 'delivery/D-score@1', 'usage/U-score-1@1']),
    );
    const use = body.hops.find((hop: { from: string }) => hop.from === 'usage/U-score-1@1').node;
    expect(use.about).toMatchObject({ purpose: '普惠金融授信', user: city().account('developer').organization });
    expect(use.transaction.txId).toMatch(/^[0-9a-f]{64}$/);
    expect(use.basis.stood).toBe(true);
  });

  test('cannot act for another department, nor see its resources', async () => {
    const other = city().account('department', '医疗健康');
    const { body } = await city().get(
      `/api/v1/resources?provider=${other.organization}&limit=1`,
      city().account('supervisor'),
    );
    const [{ record }] = body.items;
    expect((await city().get(`/api/v1/resources/${record.id}`, me())).status).toBe(404);
    expect((await city().post(`/api/v1/resources/${record.id}/withdraw`, { reason: '越权' }, me())).status).toBe(404);
    expect((await city().get(`/api/v1/resources/${record.id}`, other)).body.record.state).toBe('graded');
  });
}
