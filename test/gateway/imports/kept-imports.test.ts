// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { folderSizes } from 'yuanliu-gateway/storage/data-folder';
import { apiShapes } from 'yuanliu-gateway/http/app';
import { keepFor } from 'yuanliu-gateway/imports/retention';
import { NO_COUNTS, type ImportReport } from 'yuanliu-gateway/imports/report';
import { openImportStore, type ImportStore } from 'yuanliu-gateway/imports/store';
import { departmentOf } from 'yuanliu-demo/cast';
import { expectProblem, openDoor, type Client, type Door, type Reply } from '../http/door';
import { newDirectory } from '../index/indexed';

const HEADER = 'domain,category,item,id\n';

describe('imports that are kept', () => {
  let door: Door;
  let provider: Client;
  let other: Client;
  beforeAll(async () => {
    door = await openDoor('founded', { YUANLIU_WAIT_MS: '60000' });
    provider = await door.as(departmentOf('金融服务', 0));
    other = await door.as(departmentOf('医疗健康', 1));
  });
  afterAll(() => door.close());

  const send = (client: Client, name: string, rows: number, headers = {}): Promise<Reply> => {
    const lines = Array.from({ length: rows }, (_, n) => `金融服务,类,第 ${n} 项,${name}-${n}`);
    return client.post('/api/v1/imports', HEADER + lines.join('\n'), { 'content-type': 'text/csv', ...headers });
  };
  const listed = async (client: Client, query = ''): Promise<{ items: ImportReport[]; cursor?: string }> => {
    const { bytes } = await client.get(`/api/v1/imports?${query}`);
    return apiShapes.get('ImportList')?.parse(JSON.parse(bytes.toString('utf8'))) as { items: ImportReport[] };
  };

  test('are listed to the organisation that sent them, newest first, a page at a time (fault C6)', async () => {
    const sent: string[] = [];
    for (const name of ['A', 'B', 'C', 'D', 'E']) sent.unshift((await send(provider, name, 1)).body.import);
    await send(other, 'O', 1);
    expect((await listed(provider)).items.map(({ import: id }) => id)).toEqual(sent);
    expect((await listed(other)).items).toHaveLength(1);
    const paged: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page = await listed(provider, `limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      paged.push(...page.items.map(({ import: id }) => id));
      if (cursor === '') await send(provider, 'F', 1); // what came meanwhile moves no page
      cursor = page.cursor;
    }
    expect(paged).toEqual(sent);
    const { cursor } = await listed(provider, 'limit=2');
    for (const own of [`cursor=${cursor}&state=done`, `cursor=${Buffer.from('~').toString('base64url')}`]) {
      expectProblem(await provider.get(`/api/v1/imports?${own}`), 400, 'INPUT_INVALID');
    }
    expectProblem(await other.get(`/api/v1/imports?cursor=${cursor}`), 400, 'INPUT_INVALID');
    expect((await listed(provider, 'state=interrupted')).items).toEqual([]);
    expectProblem(await door.anyone.get('/api/v1/imports'), 401, 'UNAUTHENTICATED');
  });

  test('are deleted by the organisation that sent them alone; what they put on the ledger stays', async () => {
    const { import: id } = (await send(provider, 'X', 3)).body;
    const path = `/api/v1/imports/${id}`;
    expectProblem(await other.send('DELETE', path), 404, 'NOT_FOUND');
    expectProblem(await other.post(`${path}/cancel`), 404, 'NOT_FOUND');
    expectProblem(await door.anyone.send('DELETE', path), 401, 'UNAUTHENTICATED');
    expect((await provider.get(path)).status).toBe(200);
    const deleted = await provider.send('DELETE', path);
    expect(deleted).toMatchObject({ status: 200, body: { import: id, state: 'done', counts: { anchored: 3 } } });
    expect(apiShapes.get('ImportReport')?.parse(deleted.body)).toEqual(deleted.body);
    expectProblem(await provider.get(path), 404, 'NOT_FOUND');
    expectProblem(await provider.send('DELETE', path), 404, 'NOT_FOUND');
    expect((await listed(provider)).items.map((one) => one.import)).not.toContain(id);
    expect((await provider.get('/api/v1/resources/X-2')).status).toBe(200);
  });

  test('are not deleted while they run: cancelled, they begin no further row, and say so over a restart', async () => {
    const rows = 3000;
    const { import: id } = (await send(provider, 'R', rows, { Prefer: 'respond-async' })).body;
    const path = `/api/v1/imports/${id}`;
    expect(expectProblem(await provider.send('DELETE', path), 409, 'WRONG_STATE').remedy).toContain(`${path}/cancel`);
    const cancelled = (await provider.post(`${path}/cancel`)).body;
    expect(cancelled.state).toBe('cancelled');
    expect(cancelled.counts.anchored).toBeLessThan(rows);
    expect((await provider.post(`${path}/cancel`)).body).toEqual(cancelled); // a repeat changes nothing
    await door.restart();
    const after = (await provider.get(`${path}?limit=5000`)).body;
    expect(after).toMatchObject({ state: 'cancelled', counts: cancelled.counts });
    expect(after.results).toHaveLength(cancelled.counts.anchored);
    expect((await provider.get(`/api/v1/resources/R-${rows - 1}`)).status).toBe(404);
    expect((await provider.send('DELETE', path)).status).toBe(200);
  });
});

describe('the store of imports', () => {
  const NOW = '2026-11-25T00:00:00.000Z';
  let directory: string;
  let store: ImportStore;
  beforeEach(async () => {
    directory = await newDirectory();
    store = await openImportStore(`${directory}/imports`, NOW);
  });
  afterEach(async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });

  const report = (id: string, finishedAt?: string): ImportReport => ({
    ...{ import: id, organization: 'o', user: 'u', dryRun: false, encoding: 'utf-8', rows: 0, counts: NO_COUNTS },
    ...{ state: finishedAt === undefined ? 'running' : 'done', startedAt: '2026-01-01T00:00:00.000Z' },
    ...(finishedAt === undefined ? {} : { finishedAt }),
  });
  const size = async (): Promise<number> => (await folderSizes(directory)).get('imports') ?? 0;

  test('keeps what ended within so many days, and whatever runs, and nothing else', async () => {
    await store.put(report('old', '2026-11-14T23:59:59.999Z'));
    await store.put(report('young', '2026-11-15T00:00:00.000Z'));
    await store.put(report('runs'));
    const kept = keepFor(10, { store, clock: () => new Date(NOW) });
    while ((await store.get('old')) !== undefined) await new Promise(setImmediate);
    await kept.close();
    expect((await store.all()).map(({ import: id }) => id)).toEqual(['runs', 'young']);
  });

  test('gives the room of what is deleted back to the disk', async () => {
    await store.put(report('large', NOW));
    for (let n = 0; n < 600; n++) {
      const message = randomBytes(10_000).toString('hex'); // which LevelDB does not compress away
      await store.add('large', n, { line: n + 1, id: 'x', result: 'failed', message });
    }
    const before = await size();
    await store.delete('large');
    expect((await store.rows('large', { limit: 1 })).results).toEqual([]);
    let after = await size();
    for (let looked = 0; after > before / 2 && looked < 1000; looked++) {
      await new Promise((done) => setTimeout(done, 10));
      after = await size();
    }
    expect(after).toBeLessThan(before / 2);
  });
});
