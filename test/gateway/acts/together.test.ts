// SPDX-License-Identifier: Apache-2.0
import { actNamed, type BatchDone } from 'yuanliu-chaincode/engine/batch';
import { readCall } from 'yuanliu-gateway/acts/read-call';
import { type Answers, performTogether, type Wanted } from 'yuanliu-gateway/acts/together';
import type { Call, Ledger } from 'yuanliu-gateway/ledger/port';
import { identityOf } from 'yuanliu-demo/perform';
import { CITY, fresh, openCity, type City } from '../../builders';

let city: City;
beforeAll(async () => {
  city = await openCity('founded');
}, 120_000);
afterAll(() => city.close());

const resource = { title: '资源', domain: '金融服务', region: CITY };
/** Some 100 KB. */
const items = Array.from({ length: 400 }, (_, i) => ({ name: `${'字段'.repeat(40)}${i}`, type: '字符型' }));

async function wanted(name: string, id: string, input: object): Promise<Wanted> {
  const [act, json] = [actNamed(name), JSON.stringify(input)];
  return { act, id, json, call: await readCall('test', act, id, json) };
}

/** Performs acts of a department together. Returns how many each transaction that was tried had. */
async function together(
  acts: readonly Wanted[],
  { atomic = false, meanwhile = () => undefined }: { atomic?: boolean; meanwhile?: (call: Call) => unknown } = {},
): Promise<{ readonly answers: Answers; readonly tried: number[] }> {
  const tried: number[] = [];
  const submit: Ledger['submit'] = (call) => {
    const { acts: asked } = JSON.parse(call.args[0] ?? '') as { acts: unknown[] };
    tried.push(asked.length);
    meanwhile(call);
    return city.ledger.submit(call);
  };
  const identity = await identityOf(city.ledger, city.departments[0]);
  return { answers: await performTogether(acts, { ledger: { submit }, identity, atomic }), tried };
}

const done = (answers: Answers, one: Wanted): BatchDone => {
  const answered = answers.get(one);
  if (!answered || !('answer' in answered)) throw new Error(`${one.id} is not done`);
  return answered.answer;
};

describe('one record that another transaction changes all the time', () => {
  const busy = fresh('R-busy');
  let changes: Promise<unknown>[];
  beforeAll(() => city.act(city.departments[0], 'resource:anchor', busy, resource));
  beforeEach(() => {
    changes = [];
  });

  /** Changes the record on the state that a transaction about it is endorsed on, and is ordered before that. */
  const change = (identity: Call['identity']) => (call: Call) => {
    if (!call.args[0]?.includes(busy)) return;
    const input = { title: `第${changes.length}次` };
    const args = [busy, JSON.stringify(input)];
    changes.push(city.ledger.submit({ identity, transaction: 'resource:revise', args }));
  };
  const eight = async (): Promise<Wanted[]> => [
    ...(await Promise.all(Array.from({ length: 5 }, () => wanted('resource:anchor', fresh('R'), resource)))),
    await wanted('resource:revise', busy, { title: '另一标题' }),
    ...(await Promise.all(Array.from({ length: 2 }, () => wanted('resource:anchor', fresh('R'), resource)))),
  ];

  test('holds up none of the other acts: the batch is tried in halves', async () => {
    const acts = await eight();
    const identity = await identityOf(city.ledger, city.departments[0]);
    const { answers, tried } = await together(acts, { meanwhile: change(identity) });
    await Promise.all(changes);
    expect(tried).toEqual([8, 8, 4, 4, 4, 2, 2, 1, 1, 1, 1, 1, 1, 2]);
    for (const [place, one] of acts.entries()) {
      if (place !== 5) expect(done(answers, one)).toMatchObject({ ref: one.call.ref, state: 'anchored' });
    }
    const [lost] = acts.slice(5);
    expect(lost && answers.get(lost)).toMatchObject({ error: { code: 'MVCC_READ_CONFLICT' } });
    expect(await city.get(`resource/${busy}`)).toMatchObject({ history: 1 + changes.length });
  });

  test('refuses an atomic batch whole, and nothing of it is done', async () => {
    const acts = await eight();
    const identity = await identityOf(city.ledger, city.departments[0]);
    const attempt = together(acts, { atomic: true, meanwhile: change(identity) });
    await expect(attempt).rejects.toMatchObject({ code: 'MVCC_READ_CONFLICT' });
    await Promise.all(changes);
    expect(changes).toHaveLength(5);
    for (const { call, act } of acts.filter((one) => one.id !== busy)) {
      expect(act.name).toBe('anchor');
      await expect(city.get(call.ref)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
  });

  test('that changed once only is no matter: the batch is tried again', async () => {
    const acts = await eight();
    const identity = await identityOf(city.ledger, city.departments[0]);
    const once = change(identity);
    const { answers, tried } = await together(acts, {
      meanwhile: (call) => {
        if (changes.length === 0) once(call);
      },
    });
    expect(tried).toEqual([8, 8]);
    const transactions = acts.map((one) => (answers.get(one) as { receipt: { txId: string } }).receipt.txId);
    expect(new Set(transactions).size).toBe(1);
  });
});

test('acts for which there was no room are done in the next transactions, in order', async () => {
  const id = fresh('R-large');
  const acts = [await wanted('resource:anchor', id, { ...resource, items })];
  for (let i = 0; i < 60; i++) acts.push(await wanted('resource:revise', id, { title: `第${i}版` }));
  const { answers, tried } = await together(acts);
  expect(acts.map((one) => done(answers, one).version)).toEqual(acts.map((_, i) => i + 1));
  expect(tried.length).toBeGreaterThan(1);
  expect(tried[0]).toBe(61);
  expect(tried).toEqual([...tried].sort((a, b) => b - a));
  expect(await city.get(`resource/${id}`)).toMatchObject({ version: 61, history: 61 });
});

test('acts whose arguments are too long for one transaction go in several, in order', async () => {
  const acts: Wanted[] = [];
  for (let i = 0; i < 6; i++) acts.push(await wanted('resource:anchor', fresh('R-long'), { ...resource, items }));
  const { answers, tried } = await together(acts);
  expect(tried.length).toBeGreaterThan(1);
  expect(tried.reduce((sum, one) => sum + one)).toBe(6);
  for (const one of acts) expect(done(answers, one)).toMatchObject({ ref: one.call.ref, version: 1 });
});

test('a batch of refused acts only is answered, and nothing is ordered', async () => {
  const acts = await Promise.all(
    ['A', 'B'].map((id) => wanted('resource:revise', fresh(`R-none-${id}`), { title: '无' })),
  );
  const height = await city.ledger.height();
  const { answers, tried } = await together(acts);
  expect(acts.map((one) => answers.get(one))).toMatchObject([
    { refusal: { code: 'NOT_FOUND' } },
    { refusal: { code: 'NOT_FOUND' } },
  ]);
  expect(tried).toEqual([2]);
  expect(await city.ledger.height()).toBe(height);
});
