// SPDX-License-Identifier: Apache-2.0
import { GatewayClient, UsageError } from 'yuanliu-cli/client';
import { sendBatch, type BatchResult } from 'yuanliu-cli/send-batch';
import { departmentOf } from 'yuanliu-demo/cast';
import { CITY } from '../builders';
import { openDoor, type Door } from '../gateway/http/door';

const { code: organization, msp: mspId, user } = departmentOf('金融服务', 0);
let door: Door;
let client: GatewayClient;
beforeAll(async () => {
  door = await openDoor('produced');
  client = new GatewayClient(door.gateway.url, (await door.gateway.account({ organization, mspId, user })).token);
}, 120_000);
afterAll(() => door.close());

async function sent(text: string): Promise<BatchResult[]> {
  const results: BatchResult[] = [];
  for await (const result of sendBatch(client, text)) results.push(result);
  return results;
}

const input = { title: '企业登记信息', domain: '金融服务', region: CITY };
const anchor = (id: string): string => JSON.stringify({ act: 'resource:anchor', id, input });
const revise = (title: string): string => JSON.stringify({ act: 'resource:revise', id: 'C-1', input: { title } });

test('a file of acts gives a result for each line, and does nothing when it comes again', async () => {
  const text = [anchor('C-1'), '', revise('甲'), revise('乙'), revise('甲'), anchor('C-1/')].join('\n');
  const first = await sent(text);
  expect(first.map(({ line, version, problem }) => [line, problem?.code ?? version])).toEqual([
    [1, 1],
    [3, 2],
    [4, 3],
    [5, 4], // the same text as line 3, and another act
    [6, 'INPUT_INVALID'],
  ]);
  const again = await sent(text);
  expect(again.slice(0, 4)).toEqual(first.slice(0, 4).map((result) => ({ ...result, replayed: true })));
});

test('a line that is not JSON is named before anything is sent', async () => {
  await expect(sent(`${anchor('C-2')}\nno JSON`)).rejects.toThrow(UsageError);
  await expect(sent(`${anchor('C-2')}\n[]`)).rejects.toThrow(/line 2/);
  expect((await sent(anchor('C-2')))[0]).toMatchObject({ state: 'anchored' });
});
