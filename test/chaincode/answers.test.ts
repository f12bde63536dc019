// SPDX-License-Identifier: Apache-2.0
import type { Receipt } from 'yuanliu-gateway/ledger/port';
import { decodeBlock } from 'yuanliu-verifier';
import { cast, fresh, ids, openCity, use, type City } from '../builders';

let city: City;
beforeAll(async () => {
  city = await openCity('produced');
}, 120_000);
afterAll(() => city.close());

/** What a transaction answered, and how many bytes its endorsed envelope takes without its answer. */
async function answerOf({ txId, blockNumber }: Receipt): Promise<{ text: string; rest: number }> {
  for await (const { bytes } of city.ledger.blocks(blockNumber)) {
    const found = decodeBlock(bytes).transactions.find((one) => one.txId === txId);
    if (found?.type !== 'ENDORSER_TRANSACTION') break;
    const text = found.response.payload.toString();
    return { text, rest: bytes.length - Buffer.byteLength(text) };
  }
  throw new Error(`no transaction ${txId} in block ${blockNumber}`);
}

test('a transaction answers which record it left, and does not repeat it beside the write set', async () => {
  const id = fresh('U');
  const { record, also, receipt } = await city.act(cast.developer, 'usage:record', id, use({ purpose: '商业营销' }));
  const { text, rest } = await answerOf(receipt);
  expect(JSON.parse(text)).toEqual({ ref: `usage/${id}`, version: 1, state: 'recorded', also });
  expect(also).toHaveLength(1);
  const whole = JSON.stringify({ record, also }).length;
  expect(text.length).toBeLessThan(whole / 5);
  expect(rest + text.length).toBeLessThan(0.95 * (rest + whole));
});

test('the answer is as short for a long record as for any other', async () => {
  const id = fresh('F');
  const summary = '数据使用与授权范围不符'.repeat(300);
  const { record, receipt } = await city.act(cast.supervisor, 'finding:raise', id, {
    about: `agreement/${ids.agreement}`,
    summary,
  });
  const { text } = await answerOf(receipt);
  expect(JSON.stringify(record).length).toBeGreaterThan(3_000);
  expect(JSON.parse(text)).toEqual({ ref: `finding/${id}`, version: 1, state: 'open', also: [] });
});
