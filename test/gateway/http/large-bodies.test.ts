// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode';
import { mostBytes } from 'yuanliu-gateway/acts/act-size';
import { exampleOf } from 'yuanliu-gateway/http/routes/example';
import { LARGE } from 'yuanliu-gateway/runtime/off-loop';
import { departmentOf } from 'yuanliu-demo/cast';
import { CITY } from '../../builders';
import { type Client, type Door, expectProblem, openDoor } from './door';

const department = departmentOf('金融服务', 0);
const ANCHORING = { title: '企业登记信息', domain: '金融服务', region: CITY };

let door: Door;
let provider: Client;
beforeAll(async () => {
  door = await openDoor('founded');
  provider = await door.as(department);
});
afterAll(() => door.close());

/** The longest text that the thread of the event loop parses as JSON while `work` is done. */
async function longestParsed(work: () => Promise<unknown>): Promise<number> {
  const parsing = jest.spyOn(JSON, 'parse');
  try {
    await work();
    return Math.max(0, ...parsing.mock.calls.map(([text]) => text.length));
  } finally {
    parsing.mockRestore();
  }
}

test('a body of a megabyte is parsed and checked outside the thread of the event loop', async () => {
  const foul = JSON.stringify({ ...ANCHORING, parts: Array.from({ length: 250_000 }, () => [1]) });
  const longest = await longestParsed(async () => {
    const reply = await provider.post('/api/v1/resources/L-1/anchor', foul);
    expectProblem(reply, 400, 'INPUT_INVALID');
    expect(reply.body.detail).toContain('resource:anchor');
    expectProblem(await provider.post('/api/v1/resources/L-2/anchor', foul.slice(0, -1)), 400, 'NOT_JSON');
  });
  expect(longest).toBeLessThan(LARGE);
}, 60_000);

test('a large body that fits is performed, under its idempotency key too', async () => {
  const spaced = JSON.stringify(ANCHORING).replace('{', `{${' '.repeat(LARGE)}`);
  const key = { 'idempotency-key': 'large-1' };
  const first = await provider.post('/api/v1/resources/L-3/anchor', spaced, key);
  expect(first).toMatchObject({ status: 201, body: { record: { body: { title: ANCHORING.title } } } });
  const again = await provider.post('/api/v1/resources/L-3/anchor', spaced, key);
  expect(again).toMatchObject({ status: 201, body: { receipt: { txId: first.body.receipt.txId } } });
}, 60_000);

test('a large body that is no text is refused as a small one is', async () => {
  const bytes = Buffer.concat([Buffer.from('{"title":"'), Buffer.alloc(LARGE, 0xff), Buffer.from('"}')]);
  const reply = await provider.send('POST', '/api/v1/resources/L-4/anchor', bytes, {
    'content-type': 'application/json',
  });
  expectProblem(reply, 400, 'NOT_JSON');
});

test('a body larger than an act can need is not read', async () => {
  const large = JSON.stringify({ reason: 'x'.repeat(200_000) });
  expectProblem(await provider.post('/api/v1/registrations/G-1/cancel', large), 413, 'TOO_LARGE');
});

test('what an act can need has room for its example many times over', () => {
  for (const kind of kinds) {
    for (const act of kind.acts.values()) {
      expect(Buffer.byteLength(JSON.stringify(exampleOf(act)))).toBeLessThan(mostBytes(act) / 8);
    }
  }
  const most = kinds.flatMap(({ acts }) => Array.from(acts.values(), mostBytes));
  expect(most.filter((bytes) => bytes < 200_000).length).toBeGreaterThan(most.length / 2);
});

test('a large file is decoded and read outside that thread, row by row as it says', async () => {
  const rows = Array.from({ length: 3000 }, (_, n) => `金融服务,企业登记,企业登记信息 ${n},"第 ${n} 项, 说明"`);
  const text = ['domain,category,item,summary', ...rows].join('\n');
  const longest = await longestParsed(async () => {
    const headers = { 'content-type': 'text/csv', prefer: 'respond-async' }; // the answer is short, which the client parses
    const reply = await provider.post('/api/v1/imports?dryRun=true', text, headers);
    expect(reply).toMatchObject({ body: { rows: 3000, encoding: 'utf-8' } });
  });
  expect(Buffer.byteLength(text)).toBeGreaterThan(LARGE);
  expect(longest).toBeLessThan(LARGE);
  const foul = await provider.post('/api/v1/imports', `${text}\n金融服务,"企业"登记`, { 'content-type': 'text/csv' });
  expectProblem(foul, 400, 'INPUT_INVALID');
  expect(foul.body.detail).toContain('line 3002');
}, 60_000);
