// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { apiShapes } from 'yuanliu-gateway/http/app';
import { resourceId } from 'yuanliu-gateway/imports/resource-rows';
import { departmentOf } from 'yuanliu-demo/cast';
import { cast } from '../../builders';
import { expectProblem, openDoor, type Client, type Door, type Reply } from '../http/door';

const department = departmentOf('金融服务', 0);
const other = departmentOf('医疗健康', 1);
const catalogue = readFileSync(join(__dirname, '../../../demo/authorized-catalogue.csv'), 'utf8');
const HEADER = 'domain,category,item,id\n';

describe('imports through the HTTP door', () => {
  let door: Door;
  let provider: Client;
  beforeAll(async () => {
    door = await openDoor('founded');
    provider = await door.as(department);
  });
  afterAll(() => door.close());

  const send = (client: Client, csv: string, query = '', headers = {}): Promise<Reply> =>
    client.post(`/api/v1/imports${query}`, csv, { 'content-type': 'text/csv', ...headers });

  test('tells in a dry run what would happen to each row, and writes nothing', async () => {
    const before = await door.mark();
    const reply = await send(provider, catalogue, '?dryRun=true');
    expect(reply).toMatchObject({ status: 200, body: { dryRun: true, state: 'done', counts: { anchored: 326 } } });
    expect(reply.body.results.every(({ txId }) => txId === undefined)).toBe(true);
    expect(await door.mark()).toEqual(before);
  });

  test('anchors a whole catalogue, and the same file again changes nothing', async () => {
    const first = await send(provider, catalogue);
    expect(first).toMatchObject({ status: 201, body: { state: 'done', rows: 326, counts: { anchored: 326 } } });
    expect(apiShapes.get('Import')?.parse(first.body)).toEqual(first.body);
    expect(first.body.results.map(({ line }) => line)).toEqual(Array.from({ length: 326 }, (_, n) => n + 2));
    const read = await provider.get(`/api/v1/resources/${first.body.results[325]?.id ?? ''}`);
    expect(read.body.record).toMatchObject({ state: 'anchored', body: { provider: department.code } });

    const before = await door.mark();
    const again = await send(provider, `\ufeff${catalogue}`);
    expect(again.body.counts).toMatchObject({ anchored: 0, unchanged: 326 });
    expect(again.body.results.map(({ txId }) => txId)).toEqual(first.body.results.map(({ txId }) => txId));
    expect((await send(provider, catalogue, '?dryRun=true')).body.counts).toMatchObject({ unchanged: 326 });
    expect(await door.mark()).toEqual(before);
  });

  test('tells progress while it runs, and results row by row', async () => {
    const rows = Array.from({ length: 400 }, (_, n) => `金融服务,进度,第 ${n} 项,P-${n}`);
    const started = await send(provider, HEADER + rows.join('\n'), '', { Prefer: 'respond-async' });
    expect(started).toMatchObject({ status: 202, body: { state: 'running', rows: 400 } });
    const path = String(started.headers['location']);
    let progress = await provider.get(path);
    for (; progress.body.state === 'running'; progress = await provider.get(path)) {
      expect(progress.body.counts.anchored).toBeLessThanOrEqual(400);
    }
    expect(progress.body).toMatchObject({ state: 'done', counts: { anchored: 400 } });
    const { body: first } = await provider.get(`${path}?limit=398&result=anchored`);
    const part = await provider.get(`${path}?cursor=${first.cursor}&limit=5&result=anchored`);
    expect(part.body.results.map(({ id }) => id)).toEqual(['P-398', 'P-399']);
    expect(part.body).not.toHaveProperty('cursor');
    expectProblem(await (await door.as(other)).get(path), 404, 'NOT_FOUND');
  });

  test('gives every row its own result: other content, another provider, twice in the file, not well-formed', async () => {
    await send(provider, `${HEADER}金融服务,甲,原来的,M-1\n`);
    await send(await door.as(other), `${HEADER}医疗健康,甲,别人的,M-2\n`);
    const file = `${HEADER}金融服务,甲,原来的,M-1\n金融服务,甲,改了的,M-1\n金融服务,甲,想要的,M-2\n金融服务,甲,新的,M-3\n金融服务,甲,坏的,M/4\n,甲,没有领域,M-5\n`;
    const { status, body } = await send(provider, file);
    expect(status).toBe(201);
    expect(body.results.map(({ id, result }) => [id, result])).toEqual([
      ['M-1', 'unchanged'],
      ['M-1', 'duplicate'],
      ['M-2', 'conflict'],
      ['M-3', 'anchored'],
      ['M/4', 'invalid'],
      ['M-5', 'invalid'],
    ]);
    expect(body.results[1]?.message).toContain('line 2');
    expect(body.results[2]?.remedy).toContain('another id');
    expect(body.results[4]?.issues?.[0]?.path).toBe('id');
    expect(body.results[5]?.issues?.[0]?.path).toBe('domain');

    const changed = await send(provider, `${HEADER}金融服务,甲,改了的,M-1\n`);
    expect(changed.body.results[0]).toMatchObject({ result: 'conflict', code: 'EXISTS' });
    expect(changed.body.results[0]?.remedy).toContain('/api/v1/resources/M-1/revise');
    expect((await provider.get('/api/v1/resources/M-1/history')).body.items).toHaveLength(1);
  });

  test('calls a row unchanged that was anchored by hand', async () => {
    const anchored = { title: '手工', domain: '金融服务', category: '甲', region: '310000' };
    await provider.act('resource:anchor', 'H-1', anchored);
    const { body } = await send(provider, `${HEADER}金融服务,甲,手工,H-1\n`);
    expect(body.results[0]).toMatchObject({ id: 'H-1', result: 'unchanged' });
  });

  test('gives each provider ids of its own, which no other can take first (fault B10)', async () => {
    const row = '金融服务,抢注,一项\n';
    const rival = await door.as(other);
    const taken = resourceId({ domain: '金融服务', category: '抢注', item: '一项' }, department.code);
    const anchored = { title: '一项', domain: '金融服务', category: '抢注', region: '310000' };
    expectProblem(await rival.act('resource:anchor', taken, anchored), 400, 'INPUT_INVALID');
    const squatted = await send(rival, `domain,category,item\n${row}`);
    const { body } = await send(provider, `domain,category,item\n${row}`);
    expect(squatted.body.results[0]).toMatchObject({ result: 'anchored' });
    expect(body.results[0]).toMatchObject({ id: taken, result: 'anchored' });
  });

  test('knows the rows of files that were imported before ids named their provider (fault B10)', async () => {
    const earlier = 'R-0e686ba3490bf2c77f73';
    const anchored = { title: '旧文件', domain: '金融服务', category: '甲', region: '310000' };
    await provider.act('resource:anchor', earlier, anchored);
    const { body } = await send(provider, `domain,category,item\n金融服务,甲,旧文件\n`);
    expect(body.results[0]).toMatchObject({ id: earlier, result: 'unchanged' });
  });

  test('lets simultaneous imports of one file anchor each row once', async () => {
    const rows = Array.from({ length: 50 }, (_, n) => `金融服务,同时,第 ${n} 项,S-${n}`);
    const replies = await Promise.all([1, 2].map(() => send(provider, HEADER + rows.join('\n'))));
    for (const { body } of replies) expect(body.counts.anchored + body.counts.unchanged).toBe(50);
    const { body } = await provider.get('/api/v1/resources/S-7/history');
    expect(body.items).toHaveLength(1);
  });

  test.each([
    ['a quote left open', 'domain,category,item\n金融服务,甲,"乙\n', 'line 2, column 3'],
    ['a missing column', 'domain,category\n金融服务,乙\n', 'line 1'],
    ['nothing in it', '', 'line 1'],
  ])('refuses a file with %s as a whole', async (_what, csv, path) => {
    const before = await door.mark();
    const problem = expectProblem(await send(provider, csv), 400, 'INPUT_INVALID');
    expect(problem.issues[0]?.path).toBe(path);
    expect(await door.mark()).toEqual(before);
  });

  test('reads GBK and GB18030 as what they are, and says so', async () => {
    // 金融服务,甲,企业登记 in GBK; 㐀 takes the four bytes of GB18030
    const words: Readonly<Record<string, readonly number[]>> = {
      金融服务: [0xbd, 0xf0, 0xc8, 0xda, 0xb7, 0xfe, 0xce, 0xf1],
      甲: [0xbc, 0xd7],
      企业登记: [0xc6, 0xf3, 0xd2, 0xb5, 0xb5, 0xc7, 0xbc, 0xc7],
      㐀: [0x81, 0x39, 0xee, 0x39],
    };
    const comma = 0x2c;
    for (const [id, rare] of [
      ['GBK-1', ''],
      ['GB18030-1', '㐀'],
    ] as const) {
      const cells = [words['金融服务'], words['甲'], [...(words['企业登记'] ?? []), ...(words[rare] ?? [])]];
      const row = cells.flatMap((bytes = []) => [...bytes, comma]);
      const file = Buffer.concat([Buffer.from(HEADER), Buffer.from(row), Buffer.from(`${id}\n`)]);
      const { status, body } = await provider.post('/api/v1/imports', file, { 'content-type': 'text/csv' });
      expect({ status, encoding: body.encoding, counts: body.counts }).toMatchObject({
        status: 201,
        encoding: 'gb18030',
        counts: { anchored: 1 },
      });
      const { record } = (await provider.get(`/api/v1/resources/${id}`)).body;
      expect(record.body).toMatchObject({ title: `企业登记${rare}`, domain: '金融服务', category: '甲' });
    }
    expect((await send(provider, `${HEADER}金融服务,甲,企业登记,UTF-1\n`)).body.encoding).toBe('utf-8');
    const json = Buffer.concat([Buffer.from('{"title":"'), Buffer.from(words['甲'] ?? []), Buffer.from('"}')]);
    expectProblem(await provider.post('/api/v1/resources/J-1/anchor', json), 400, 'NOT_JSON');
  });

  test('refuses what is no CSV, no text, too large, or from whom nothing is taken', async () => {
    const before = await door.mark();
    expectProblem(await provider.post('/api/v1/imports', { rows: [] }), 415, 'UNSUPPORTED_MEDIA');
    const neither = Buffer.concat([Buffer.from(HEADER), Buffer.from([0xff, 0xfe, 0x2c, 0xc1, 0x2c, 0xc6, 0x2c, 0x31])]);
    const reply = await provider.post('/api/v1/imports', neither, { 'content-type': 'text/csv' });
    const { detail, remedy } = expectProblem(reply, 400, 'INPUT_INVALID');
    expect(detail).toBe('the body cannot be read: it is not text in UTF-8, GB18030, BIG5, UTF-16LE, UTF-16BE');
    expect(remedy).toBe('save it as UTF-8');
    expectProblem(await send(provider, 'x'.repeat(17_000_000)), 413, 'TOO_LARGE');
    expectProblem(await send(door.anyone, catalogue), 401, 'UNAUTHENTICATED');
    expectProblem(await send(await door.as(cast.developer), catalogue), 403, 'FORBIDDEN');
    expectProblem(await send(provider, catalogue, '?force=true'), 400, 'UNKNOWN_PARAMETER');
    expect(await door.mark()).toEqual(before);
  });

  test('is interrupted by a stop, says so afterwards, and goes on when the file is sent again', async () => {
    const rows = Array.from({ length: 1500 }, (_, n) => `金融服务,中断,第 ${n} 项,I-${n}`);
    const file = HEADER + rows.join('\n');
    const started = await send(provider, file, '', { Prefer: 'respond-async' });
    const path = String(started.headers['location']);
    await door.restart();
    const { body } = await provider.get(path);
    expect(body.state).toBe('interrupted');
    const done = body.counts.anchored;
    expect(done).toBeLessThan(1500);
    const again = await ended(`/api/v1/imports/${(await send(provider, file)).body.import}`);
    expect(again.counts.anchored + again.counts.unchanged).toBe(1500);
    expect(again.counts.unchanged).toBe(done);
  });

  test('tells every row of a large file where each tenth is bad, page by page and by result, by cursors of its own only (fault C6)', async () => {
    const rows = Array.from({ length: 3000 }, (_, n) =>
      n % 10 === 9 ? `金融服务,大,坏的,B/${n}` : `金融服务,大,第 ${n} 项,N-${n}`,
    );
    const started = await send(provider, HEADER + rows.join('\n'), '', { Prefer: 'respond-async' });
    const path = String(started.headers['location']);
    const now = await ended(path);
    expect(now).toMatchObject({ state: 'done', rows: 3000, counts: { anchored: 2700, invalid: 300 } });
    const all = [];
    let cursor = '';
    for (let page = 0; page < 3; page++) {
      const { body } = await provider.get(`${path}?limit=1000${cursor}`);
      expect('cursor' in body).toBe(page < 2);
      cursor = `&cursor=${body.cursor}`;
      all.push(...body.results);
    }
    expect(all.map(({ line }) => line)).toEqual(rows.map((_, n) => n + 2));
    const bad = (await provider.get(`${path}?result=invalid&limit=5000`)).body;
    expect(bad.results).toEqual(all.filter((_, n) => n % 10 === 9));
    expect(bad.results.every(({ code, remedy, issues }) => code === 'INPUT_INVALID' && remedy && issues)).toBe(true);
    const { body: first } = await provider.get(`${path}?result=invalid&limit=299`);
    const last = await provider.get(`${path}?result=invalid&cursor=${first.cursor}`);
    expect(last.body.results).toEqual(bad.results.slice(299));
    const invented = [
      `${path}?cursor=${first.cursor}`, // of rows with one result
      `${path}?cursor=${Buffer.from('1').toString('base64url')}`,
      `/api/v1/imports?cursor=${first.cursor}`,
      `/api/v1/imports?cursor=${Buffer.from('~').toString('base64url')}`,
      '/api/v1/imports?cursor=nonsense',
    ];
    for (const wrong of invented) expectProblem(await provider.get(wrong), 400, 'INPUT_INVALID');
  });

  /** On a busy machine it is not done within the wait for an answer. */
  async function ended(path: string): Promise<Reply['body']> {
    for (let asked = 0; ; asked++) {
      const { body } = await provider.get(`${path}?limit=1`);
      if (body.state !== 'running' || asked === 1200) return body;
      await setTimeout(100);
    }
  }
});
