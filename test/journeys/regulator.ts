// SPDX-License-Identifier: Apache-2.0
import type { RunningCity } from './city';

/** 监管者的一天 — traces flows, finds violations, has an agreement suspended. */
export function regulatorsDay(city: () => RunningCity): void {
  const me = () => city().account('supervisor');

  test('finds the misuse that was reported, with rule and article', async () => {
    const { body } = await city().get('/api/v1/findings?state=open', me());
    const finding = body.items.find(
      (item: { record: { body: { about: string } } }) => item.record.body.about === 'usage/U-score-2@1',
    );
    expect(finding.record.body).toMatchObject({
      rules: ['within-chain'],
      against: city().account('developer').organization,
    });
    const { body: usage } = await city().get('/api/v1/usages/U-score-2', me());
    expect(usage.record.act.violations[0]).toMatchObject({ rule: 'within-chain', article: '第二十二条' });
  });

  test('keeps it sealed from the one concerned until it is served', async () => {
    const { body } = await city().get('/api/v1/findings?about=usage/U-score-2@1', me());
    const path = `/api/v1/findings/${body.items[0].record.id}`;
    const concerned = city().account('developer', '普惠金融');
    expect((await city().get(path, concerned)).status).toBe(404);
    const agency = city().account('implementing-agency');
    expect((await city().post(`${path}/close?dryRun=true`, { outcome: 'x' }, agency)).status).toBe(404);
    expect((await city().post(`${path}/serve`, {}, me())).status).toBe(201);
    expect((await city().get(path, concerned)).body.record.state).toBe('served');
  });

  test('traces the misused product to its resources, every hop with transaction and lawful basis', async () => {
    const { body } = await city().get('/api/v1/usages/U-score-2/origins', me());
    expect(body).toMatchObject({ hidden: false, truncated: false });
    const resources = body.hops.filter((hop: { to: string }) => hop.to.startsWith('resource/'));
    expect(resources).toHaveLength(3);
    for (const { node } of resources) {
      expect(node.transaction).toMatchObject({ act: 'anchor', txId: expect.any(String) });
      expect(node.evidence.map((one: { kind: string }) => one.kind).sort()).toEqual(['catalogue', 'registration']);
    }
    const derived = body.hops.find((hop: { to: string }) => hop.to === 'product/P-score@1').node;
    expect(derived.basis.links.map((link: { ref: string }) => link.ref)).toEqual(
      expect.arrayContaining(['grant/GRANT-credit', 'agreement/AGR-2026', 'plan/PLAN-2026']),
    );
  });

  test('sees what a suspension cuts, at once and for all below, and what stood before still did', async () => {
    const agency = city().account('implementing-agency');
    const before = (await city().get('/api/v1/status')).body.ledgerHeight - 1;
    expect((await city().post('/api/v1/agreements/AGR-2026/suspend', { reason: '检查' }, agency)).status).toBe(201);
    try {
      const now = (await city().get('/api/v1/products/P-score/origins', me())).body.roots[0].basis;
      expect(now).toMatchObject({ stood: true, stands: false, brokenNow: { ref: 'agreement/AGR-2026' } });
      const then = (await city().get(`/api/v1/products/P-score/origins?asOf=${before}`, me())).body.roots[0].basis;
      expect(then).toMatchObject({ stood: true, stands: true });
    } finally {
      await city().post('/api/v1/agreements/AGR-2026/resume', { reason: '检查完毕' }, agency);
    }
  });

  test('raises a finding and closes it, and its history says who did what', async () => {
    const raised = await city().post(
      '/api/v1/findings/F-inspection/raise',
      { about: 'product/P-score', summary: '抽查留痕' },
      me(),
    );
    expect(raised.status).toBe(201);
    await city().post('/api/v1/findings/F-inspection/close', { outcome: '未见异常' }, me());
    const { body } = await city().get('/api/v1/findings/F-inspection/history', me());
    const acts = body.items.map((entry: { act: { name: string; role: string } }) => [entry.act.name, entry.act.role]);
    expect(acts).toEqual([
      ['raise', 'supervisor'],
      ['close', 'supervisor'],
    ]);
  });

  test('takes a block as Fabric wrote it', async () => {
    const { status, headers } = await city().get('/api/v1/blocks/1', me());
    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('json');
    const raw = await fetch(new URL('/api/v1/blocks/1', city().run.gateway), {
      headers: { accept: 'application/x-protobuf', authorization: `Bearer ${me().token ?? ''}` },
    });
    expect(raw.headers.get('content-type')).toContain('application/x-protobuf');
    expect((await raw.arrayBuffer()).byteLength).toBeGreaterThan(1000);
  });
}
