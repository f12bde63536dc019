// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { cast, CITY, demoCode } from '../../builders';
import { departmentOf } from 'yuanliu-demo/cast';
import { expectProblem, openDoor, type Client, type Door } from './door';

const department = departmentOf('金融服务', 0);
const resource = { title: '企业登记信息', domain: '金融服务', region: CITY };
const NDJSON = { 'content-type': 'application/x-ndjson' };

interface Result {
  readonly line?: number;
  readonly act?: string;
  readonly ref?: string;
  readonly state?: string;
  readonly version?: number;
  readonly txId?: string;
  readonly seq?: number;
  readonly replayed?: boolean;
  readonly problem?: { readonly code: string; readonly detail: string; readonly article?: string };
  readonly summary?: Readonly<Record<string, number | boolean>>;
}

let door: Door;
let provider: Client;
beforeAll(async () => {
  door = await openDoor('produced');
  provider = await door.as(department);
}, 120_000);
afterAll(() => door.close());

const anchor = (id: string, more: object = {}): object => ({ act: 'resource:anchor', id, input: resource, ...more });

async function batch(lines: readonly unknown[], query = '', by = provider): Promise<Result[]> {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  const { status, bytes, headers } = await by.post(`/api/v1/batches${query}`, Buffer.from(text), NDJSON);
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/x-ndjson');
  const results = bytes.toString().trimEnd().split('\n');
  return results.map((line) => JSON.parse(line) as Result);
}

test('does the acts of a body together, and tells a result for each line', async () => {
  const results = await batch([...Array.from({ length: 250 }, (_, n) => anchor(`M-${n}`)), '', anchor('M-0')]);
  expect(results.at(-1)).toEqual({ summary: { lines: 251, done: 250, replayed: 0, failed: 1, complete: true } });
  expect(results[249]).toMatchObject({ line: 250, act: 'resource:anchor', ref: 'resource/M-249', version: 1 });
  expect(results[250]).toMatchObject({ line: 252, id: 'M-0', problem: { code: 'EXISTS' } });
  const transactions = new Set(results.flatMap(({ txId }) => txId ?? []));
  expect(transactions.size).toBeGreaterThan(1);
  expect(transactions.size).toBeLessThan(10);
  const { body } = await provider.get('/api/v1/resources/M-120/history');
  expect(body.items).toMatchObject([{ transaction: { txId: results[120]?.txId, seq: results[120]?.seq } }]);
});

test('tells what is wrong with a line, and does the others', async () => {
  const results = await batch([
    'no JSON',
    { id: 'W-1' },
    anchor('W-1', { more: 1 }),
    { act: 'resource:vanish', id: 'W-1' },
    anchor('W-2', { input: { ...resource, region: 'here' } }),
    anchor('W-3', { input: { ...resource, idempotencyKey: 'a' }, idempotencyKey: 'b' }),
    { act: 'organization:admit', id: demoCode(999), input: { name: '甲', msp: 'NoMSP', roles: [] } },
    { act: 'resource:revise', id: 'W-none', input: {} },
    anchor('W-4'),
  ]);
  expect(results.map(({ problem, state }) => problem?.code ?? state)).toEqual([
    'NOT_JSON',
    'INPUT_INVALID',
    'INPUT_INVALID',
    'INPUT_INVALID',
    'INPUT_INVALID',
    'INPUT_INVALID',
    'INPUT_INVALID',
    'NOT_FOUND',
    'anchored',
    undefined,
  ]);
});

test('done again under its keys, it is answered as it was and nothing is written', async () => {
  const lines = ['A', 'B'].map((id) => anchor(`K-${id}`, { idempotencyKey: randomUUID() }));
  const first = await batch(lines);
  await provider.act('resource:revise', 'K-A', { title: '改过' });
  const before = await door.mark();
  const again = await batch(lines);
  expect(again.slice(0, 2)).toEqual(first.slice(0, 2).map((result) => ({ ...result, replayed: true })));
  expect(again[2]).toEqual({ summary: { lines: 2, done: 0, replayed: 2, failed: 0, complete: true } });
  expect(await door.mark()).toEqual(before);
});

test('a batch of refused acts only tells why for each, and writes nothing', async () => {
  const before = await door.mark();
  const lines = ['N-1', 'N-2'].map((id) => ({ act: 'resource:revise', id, input: {} }));
  const results = await batch(lines);
  expect(results.slice(0, 2)).toMatchObject(lines.map(({ id }) => ({ id, problem: { code: 'NOT_FOUND' } })));
  expect(results[2]).toEqual({ summary: { lines: 2, done: 0, replayed: 0, failed: 2, complete: true } });
  expect(await door.mark()).toEqual(before);
});

test('an atomic batch does all or nothing, and names the line', async () => {
  const before = await door.mark();
  const lines = [anchor('T-1'), anchor('T-2'), anchor('T-1')];
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  const reply = await provider.post('/api/v1/batches?atomic=true', Buffer.from(text), NDJSON);
  expectProblem(reply, 409, 'EXISTS');
  expect(reply.body).toMatchObject({ line: 3 });
  expect(await door.mark()).toEqual(before);
  const results = await batch(lines.slice(0, 2), '?atomic=true');
  expect(results).toMatchObject([{ seq: 0 }, { seq: 1, txId: results[0]?.txId }]);
});

test('what the caller may not see is not told by a batch either', async () => {
  const stranger = await door.as(cast.rival);
  const [hidden, none] = await batch(
    ['R-1', 'R-none'].map((id) => ({ act: 'resource:revise', id, input: {} })),
    '',
    stranger,
  );
  expect([hidden?.problem?.code, none?.problem?.code]).toEqual(['NOT_FOUND', 'NOT_FOUND']);
});

test.each([
  ['without a token', 401, {}, ''],
  ['of another media type', 415, { 'content-type': 'application/json' }, '{}'],
  ['that is compressed', 415, { ...NDJSON, 'content-encoding': 'gzip' }, '{}'],
])('a body %s is refused', async (what, status, headers: Record<string, string>, text) => {
  const by = what === 'without a token' ? door.anyone : provider;
  const reply = await by.post('/api/v1/batches', Buffer.from(text), { ...NDJSON, ...headers });
  expect(reply.status).toBe(status);
});

test('a body that is no UTF-8 ends where it is not: what came before is done', async () => {
  const bytes = Buffer.concat([Buffer.from(`${JSON.stringify(anchor('X-1'))}\n`), Buffer.from([0xff, 0xfe, 10])]);
  const reply = await provider.post('/api/v1/batches', bytes, NDJSON);
  const results = reply.bytes.toString().trimEnd().split('\n');
  expect(JSON.parse(results.at(-1) ?? '')).toMatchObject({
    summary: { complete: false },
    problem: { code: 'NOT_JSON' },
  });
});
