// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { ImportRow } from 'yuanliu-gateway/imports/report';
import { departmentOf } from 'yuanliu-demo/cast';
import type { RunFile } from 'yuanliu-cli/run-file';
import { ended, said } from '../../journeys/city';
import { client, openDoor, type Client, type Door, type ReplyBody } from '../http/door';

const CLI = join(__dirname, '..', '..', '..', 'cli', 'dist', 'yuanliu.js');
const ROWS = 4800;

let door: Door;
let child: ChildProcess;
let provider: Client;
beforeAll(async () => {
  door = await openDoor('founded');
  const { code: organization, msp: mspId, user } = departmentOf('金融服务', 0);
  const { token = '' } = await door.gateway.account({ organization, mspId, user });
  await door.gateway.close();
  let url = '';
  provider = client(() => url, { authorization: `Bearer ${token}` });
  serve = async () => {
    const args = [CLI, 'serve', '--data', door.directory, '--port', '0', '--admin-port', '0'];
    child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    await said(child, 'health and metrics');
    url = (JSON.parse(await readFile(join(door.directory, 'run.json'), 'utf8')) as RunFile).gateway;
  };
});
afterAll(async () => {
  await ended(child, 'SIGKILL');
  await door.close();
});
let serve: () => Promise<void>;

const file = Buffer.from(
  `domain,category,item,id\n${Array.from({ length: ROWS }, (_, n) => `金融服务,中断,第 ${n} 项,K-${n}`).join('\n')}`,
);

async function send(): Promise<string> {
  const headers = { 'content-type': 'text/csv', Prefer: 'respond-async' };
  const { body } = await provider.post('/api/v1/imports', file, headers);
  return `/api/v1/imports/${body.import}`;
}

async function until(path: string, met: (body: ReplyBody) => boolean): Promise<ReplyBody> {
  for (let asked = 0; asked < 2400; asked++) {
    const { body } = await provider.get(`${path}?limit=1`); // a long answer takes longer than rows do
    if (met(body) || body.state !== 'running') return (await provider.get(`${path}?limit=5000`)).body;
    await setTimeout(20);
  }
  throw new Error('the import does not go on');
}

test('an import killed again and again loses no row that it told of, and does none twice', async () => {
  await serve();
  const told = new Map<string, ImportRow>();
  for (const moment of [200, 2000]) {
    const path = await send();
    const { results } = await until(path, ({ counts }) => counts.anchored + counts.unchanged >= moment);
    for (const row of results) told.set(row.id, row);
    expect(await ended(child, 'SIGKILL')).toBeNull();
    await serve();
    const after = (await provider.get(`${path}?limit=5000`)).body;
    expect(after).toMatchObject({ state: 'interrupted', rows: ROWS });
    expect(after.counts.anchored + after.counts.unchanged).toBe(after.results.length);
    const kept = new Map(after.results.map((row) => [row.id, row]));
    expect(results.map(({ id }) => kept.get(id))).toEqual(results); // pairwise: a search takes longer than a connection is kept
  }
  const last = await until(await send(), () => false);
  expect(last).toMatchObject({ state: 'done', counts: { failed: 0, conflict: 0 } });
  expect(last.counts.anchored + last.counts.unchanged).toBe(ROWS);
  const results = new Map(last.results.map((row) => [row.id, row]));
  for (const [id, { txId }] of told) expect(results.get(id)).toMatchObject({ result: 'unchanged', txId });

  const histories: number[] = [];
  for (let query = '?category=中断&limit=200'; query !== '';) {
    const { items, cursor } = (await provider.get(`/api/v1/resources${encodeURI(query)}`)).body as Partial<ReplyBody>;
    histories.push(...(items ?? []).map(({ record }) => record.history));
    query = cursor === undefined ? '' : `?category=中断&limit=200&cursor=${cursor}`;
  }
  expect(histories).toEqual(Array(ROWS).fill(1));
}, 300_000);
