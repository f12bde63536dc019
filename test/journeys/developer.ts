// SPDX-License-Identifier: Apache-2.0
import type { RunningCity } from './city';

/** 开发主体的一天 — uses what it is granted, reports it, and cannot step outside. */
export function developersDay(city: () => RunningCity): void {
  const me = () => city().account('developer', '普惠金融');
  const use = { subject: 'product/P-score@1', authority: 'grant/GRANT-credit', purpose: '普惠金融授信', action: 'use' };

  test('asks to use, then reports the use under its permit', async () => {
    expect((await city().post('/api/v1/usages/U-day/request', { ...use, quantity: 10 }, me())).body.record.state).toBe(
      'permitted',
    );
    const { status, body } = await city().post('/api/v1/usages/U-day/record', { ...use, quantity: 9 }, me());
    expect([status, body.record.state, body.violations]).toEqual([201, 'recorded', []]);
  });

  test('repeats a request whose answer was lost, and gets the first one', async () => {
    const key = { 'idempotency-key': 'lost-answer-1' };
    const first = await city().post('/api/v1/usages/U-lost/record', use, me(), key);
    const again = await city().post('/api/v1/usages/U-lost/record', use, me(), key);
    expect(again.body.receipt).toEqual(first.body.receipt);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  test('is refused a use outside its grant, with rule, article and remedy', async () => {
    const { status, headers, body } = await city().post(
      '/api/v1/usages/U-out/request',
      { ...use, purpose: '商业营销' },
      me(),
    );
    expect(status).toBe(422);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(body).toMatchObject({
      code: 'REFUSED',
      rule: 'within-chain',
      article: '第二十二条',
      remedy: expect.any(String),
    });
    expect((await city().get('/api/v1/usages/U-out', me())).status).toBe(404);
  });

  test('has a backfilled use judged by what was in force then', async () => {
    const { body: grant } = await city().get('/api/v1/grants/GRANT-credit', me());
    const early = new Date(Date.parse(grant.record.timeline[0].at) - 1).toISOString(); // and after go-live
    const { status, body } = await city().post('/api/v1/usages/U-early/record', { ...use, occurredAt: early }, me());
    expect(status).toBe(201);
    expect(body.violations.map((one: { rule: string }) => one.rule)).toContain('chain-stands');
  });

  test('sees its grant and its product, not the resources behind them', async () => {
    expect((await city().get('/api/v1/grants/GRANT-credit', me())).status).toBe(200);
    const { body } = await city().get('/api/v1/products/P-score/origins', me());
    expect(body.hidden).toBe(true);
    expect(JSON.stringify(body.hops)).not.toContain('"resource/');
  });

  test('learns nothing from a dry run or a refusal of what another developer was granted', async () => {
    const rival = city().account('developer', '商业保险');
    const ask = (act: string, authority: string) =>
      city().post(`/api/v1/usages/U-probe/${act}?dryRun=true`, { ...use, purpose: 'zzz', authority }, rival);
    for (const act of ['record', 'request']) {
      const hidden = await ask(act, 'grant/GRANT-credit');
      const absent = await ask(act, 'grant/GRANT-none');
      expect([hidden.status, absent.status]).toEqual([404, 404]);
      const plain = (answer: typeof hidden): string => JSON.stringify({ ...answer.body, requestId: '' });
      expect(plain(hidden).replaceAll('GRANT-credit', 'X')).toBe(plain(absent).replaceAll('GRANT-none', 'X'));
    }
    const draft = (id: string) => city().post(`/api/v1/plans/${id}/draft?dryRun=true`, {}, rival);
    expect((await draft('PLAN-2026')).status).toBe((await draft('PLAN-none')).status);
  });

  test('does not see another developer’s affairs', async () => {
    const rival = city().account('developer', '商业保险');
    expect((await city().get('/api/v1/usages/U-score-1', rival)).status).toBe(404);
    expect((await city().get('/api/v1/usages', rival)).body.items).toEqual([]);
    expect((await city().get('/api/v1/deliveries', rival)).body.items).toHaveLength(1); // the one it received
  });
}
