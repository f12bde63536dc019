// SPDX-License-Identifier: Apache-2.0
import { storyTo } from '../builders';
import { Contract, Fork } from '../model/fork';
import { departments } from '../model/random-act';

const UNSEEN = '资源\u200b一';
const TIME = '2026-06-01T00:00:00.000Z';
const [finance] = departments;

let contract: Contract;
let city: Fork;
beforeAll(async () => {
  contract = await Contract.open();
  city = new Fork(contract);
  await city.run(storyTo('listed'), TIME);
  const record = city.get('resource/R-1');
  if (!record) throw new Error('the story anchors R-1');
  city.store({ ...record, body: { ...(record.body as object), title: UNSEEN } });
});
afterAll(() => contract.close());

const revise = (input: object, side = city.fork()) => side.act(finance, 'resource:revise', 'R-1', input, TIME);

test('a name with an unseen character that was stored before names were checked does not hold up other acts', async () => {
  const came = await revise({ format: 'csv' });
  expect('result' in came && came.result.record.body).toMatchObject({ title: UNSEEN });
});

test('such a name is mended, and is not written anew', async () => {
  const mended = await revise({ title: '资源一' });
  expect('result' in mended && mended.result.record.body).toMatchObject({ title: '资源一' });
  for (const title of [UNSEEN, '资源\u200b二']) {
    expect(await revise({ title })).toMatchObject({ error: { code: 'INPUT_INVALID' } });
  }
});

test('another fault of the same body is refused still', async () => {
  const side = city.fork();
  const record = side.get('resource/R-1');
  if (!record) throw new Error('it is there');
  side.store({ ...record, body: { ...(record.body as object), domain: '' } });
  expect(await revise({ format: 'csv' }, side)).toMatchObject({ error: { code: 'INPUT_INVALID' } });
});
