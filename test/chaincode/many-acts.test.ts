// SPDX-License-Identifier: Apache-2.0
import type { BatchDone, BatchEvent, BatchRefusal } from 'yuanliu-chaincode/engine/batch';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import type { Member } from 'yuanliu-demo/cast';
import { storedBlocks } from 'yuanliu-cli/stored-blocks';
import { decodeBlock, type DecodedTransaction } from 'yuanliu-verifier';
import { cast, CITY, fresh, madeUpDigest, openCity, refusal, use, type City } from '../builders';
import { sendBatch, together, type Asked, type Together } from '../together';

let city: City;
beforeAll(async () => {
  city = await openCity('produced');
}, 120_000);
afterAll(() => city.close());

const by = (member: Member): { ledger: City['ledger']; by: Member } => ({ ledger: city.ledger, by: member });
const supplier = (): Member => city.departments[0];
const anchor = (id: string, more: object = {}): Asked => ({
  act: 'resource:anchor',
  id,
  input: { title: `资源 ${id}`, domain: '金融服务', region: CITY, digest: madeUpDigest(id), ...more },
});
const named = (count: number): string[] => Array.from({ length: count }, () => fresh('R'));

async function transactionOf({ receipt: { txId, blockNumber: block } }: Together): Promise<DecodedTransaction> {
  for await (const { bytes } of storedBlocks(city.ledger, block)) {
    const found = decodeBlock(bytes).transactions.find((one) => one.txId === txId);
    if (found) return found;
    break;
  }
  throw new Error(`no transaction ${txId}`);
}

describe('many acts in one transaction', () => {
  test('each leaves its record under the same transaction, with its number', async () => {
    const names = named(3);
    const { answers, receipt } = await together(
      by(supplier()),
      names.map((id) => anchor(id)),
    );
    expect(answers).toEqual(names.map((id) => ({ ref: `resource/${id}`, version: 1, state: 'anchored' })));
    for (const [seq, id] of names.entries()) {
      expect(await city.get(`resource/${id}`)).toMatchObject({
        history: 1,
        act: { name: 'anchor', txId: receipt.txId, seq },
      });
    }
  });

  test('the 250th act is refused, and leaves nothing: all others are done', async () => {
    const names = named(300);
    const acts = names.map((id, i) => anchor(i === 249 ? (names[0] ?? '') : id));
    const { answers } = await together(by(supplier()), acts);
    expect(answers).toHaveLength(300);
    expect(answers[249]).toMatchObject({ code: 'EXISTS', details: { remedy: expect.any(String) as string } });
    expect(answers.filter((answer) => 'code' in answer)).toHaveLength(1);
    expect(await refusal(city.get(`resource/${names[249] ?? ''}`))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await city.get(`resource/${names[299] ?? ''}`)).toMatchObject({ act: { seq: 299 } });
  });

  test('a refused act is named with its rule, article and remedy', async () => {
    const id = fresh('R');
    const lowered = { act: 'resource:revise', id, input: { personal: false } };
    const { answers } = await together(by(supplier()), [anchor(id, { personal: true }), lowered, anchor('no/id')]);
    expect(answers[1]).toMatchObject({ code: 'REFUSED', rule: 'lowered-by-decision' });
    expect((answers[1] as BatchRefusal).details.violations).toHaveLength(1);
    expect(answers[2]).toMatchObject({ code: 'INPUT_INVALID', details: { issues: [{ path: 'id' }] } });
    expect(await city.get(`resource/${id}`)).toMatchObject({ history: 1, version: 1, body: { personal: true } });
  });

  test('an atomic batch does all or nothing, and names the act that is refused', async () => {
    const names = named(3);
    const [first = '', second = '', third = ''] = names;
    const error = await refusal(
      together(by(supplier()), [anchor(first), anchor(second), anchor(first), anchor(third)], { atomic: true }),
    );
    expect(error).toMatchObject({ code: 'EXISTS', details: { seq: 2 } });
    for (const id of names) expect(await refusal(city.get(`resource/${id}`))).toMatchObject({ code: 'NOT_FOUND' });
    const { answers } = await together(
      by(supplier()),
      names.map((id) => anchor(id)),
      { atomic: true },
    );
    expect(answers.map((answer) => 'code' in answer)).toEqual([false, false, false]);
  });

  test('a repeated key is answered as a repeat, inside the batch and in a later one', async () => {
    const id = fresh('R');
    const other = fresh('R');
    const keyed = anchor(id, { idempotencyKey: `k-${id}` });
    const { answers, receipt } = await together(by(supplier()), [
      keyed,
      keyed,
      anchor(other, { idempotencyKey: `k-${id}` }),
    ]);
    expect(answers).toEqual([
      { ref: `resource/${id}`, version: 1, state: 'anchored' },
      { ref: `resource/${id}`, version: 1, state: 'anchored', repeated: receipt.txId },
      expect.objectContaining({ code: 'KEY_REUSED' }),
    ]);
    const again = await together(by(supplier()), [keyed]);
    expect(again.answers).toMatchObject([{ repeated: receipt.txId }]);
    expect((await transactionOf(again)).writesIn('yuanliu')).toEqual([]);
    expect(await city.get(`resource/${id}`)).toMatchObject({ history: 1 });
  });

  test('acts on one id go on from one another: every version and every act is on the ledger', async () => {
    const id = fresh('R');
    const revised = (title: string): Asked => ({ act: 'resource:revise', id, input: { title } });
    const sent = await together(by(supplier()), [
      anchor(id),
      { act: 'resource:revise', id, input: { summary: '说明' } }, // completes version 1
      revised('第二版'),
      revised('第三版'),
      { act: 'resource:catalogue', id, input: { code: `C-${id}`, sharing: { type: 'unconditional' } } },
    ]);
    const versions = sent.answers.map((answer) => (answer as BatchDone).version);
    expect(versions).toEqual([1, 1, 2, 3, 3]);
    const last = await city.get(`resource/${id}`);
    expect(last).toMatchObject({ version: 3, history: 5, state: 'catalogued', act: { name: 'catalogue', seq: 4 } });
    expect(last.timeline.map(({ version, state }) => [version, state])).toEqual([
      [1, 'anchored'],
      [2, 'anchored'],
      [3, 'anchored'],
      [3, 'catalogued'],
    ]);
    expect(await city.get(`resource/${id}@1`)).toMatchObject({ history: 2, body: { summary: '说明' } });
    expect(await city.get(`resource/${id}@2`)).toMatchObject({ history: 3, body: { title: '第二版' } });

    const transaction = await transactionOf(sent);
    const event = JSON.parse(transaction.event?.payload.toString() ?? '') as BatchEvent;
    const told = [
      ...transaction.writesIn('yuanliu').map(({ value }) => JSON.parse(value?.toString() ?? '') as LedgerRecord),
      ...(event.superseded ?? []),
    ];
    const acts = told.map(({ history, act: { seq } }) => [history, seq]).sort();
    expect(acts).toEqual([1, 2, 3, 4, 5].map((history) => [history, history - 1]));
    expect(event.changed.map(({ ref }) => ref)).toEqual([1, 1, 2, 3, 3].map((n) => `resource/${id}@${n}`));
  });

  test('what an act suspends is suspended for the acts after it', async () => {
    const reason = '演示';
    const id = fresh('Q');
    const { answers } = await together(by(cast.authority), [
      { act: 'organization:suspend', id: cast.rival.code, input: { reason } },
      { act: 'organization:suspend', id: cast.rival.code, input: { reason } },
      { act: 'organization:reinstate', id: cast.rival.code, input: { reason } },
      anchor(id),
    ]);
    expect(answers.map((answer) => ('code' in answer ? answer.code : answer.state))).toEqual([
      'suspended',
      'WRONG_STATE',
      'admitted',
      'FORBIDDEN',
    ]);
  });

  test('reports that break the same open one finding, and another breach opens its own', async () => {
    const purpose = '与授权无关的用途';
    const acts = [{ purpose }, { purpose }, { authority: 'grant/GRANT-other' }].map((input) => ({
      act: 'usage:record',
      id: fresh('U-broken'),
      input: use(input),
    }));
    const { answers } = await together(by(cast.developer), acts);
    const findings = answers.map((answer) => (answer as BatchDone).also ?? []);
    expect(findings.map((also) => also.length)).toEqual([1, 0, 1]);
    for (const answer of answers) expect((answer as BatchDone).violations).not.toEqual([]);
    for (const [seq, also] of findings.entries()) {
      for (const ref of also) expect(await city.get(ref)).toMatchObject({ act: { nature: 'consequence', seq } });
    }
  });

  test.each([
    ['no acts', { acts: [] }],
    ['501 acts', { acts: Array.from({ length: 501 }, () => anchor('R-x')) }],
    ['above 512 KiB', { acts: [anchor('R-x', { summary: '长'.repeat(180_000) })] }],
    ['a field that is not known', { acts: [anchor('R-x')], whole: true }],
    ['a list', [anchor('R-x')]],
  ])('a batch of %s is refused whole', async (_what, batch) => {
    expect(await refusal(sendBatch(by(supplier()), JSON.stringify(batch)))).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await refusal(sendBatch(by(supplier()), `${JSON.stringify(batch)}}`))).toMatchObject({
      code: 'INPUT_INVALID',
    });
  });

  test('a batch of 500 acts, or of 512 KiB exactly, is done', async () => {
    const names = named(500);
    const { answers } = await together(
      by(supplier()),
      names.map((id) => anchor(id)),
    );
    expect(answers).toEqual(names.map((id) => ({ ref: `resource/${id}`, version: 1, state: 'anchored' })));
    const text = JSON.stringify({ acts: [anchor(fresh('R'))] });
    const whole = text + ' '.repeat(524_288 - Buffer.byteLength(text));
    expect((await sendBatch(by(supplier()), whole)).answers).toMatchObject([{ state: 'anchored' }]);
    expect(await refusal(sendBatch(by(supplier()), `${whole} `))).toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('the key of a refused act is free for the acts after it', async () => {
    const id = fresh('R');
    const revised = { act: 'resource:revise', id, input: { title: '第二版', idempotencyKey: `k-${id}` } };
    const { answers } = await together(by(supplier()), [revised, anchor(id), revised]);
    expect(answers).toMatchObject([{ code: 'NOT_FOUND' }, { version: 1 }, { version: 2 }]);
    expect(answers[2]).not.toHaveProperty('repeated');
    expect(await city.get(`resource/${id}`)).toMatchObject({ history: 2, body: { title: '第二版' } });
  });

  test.each([
    ['an act that is not known', { act: 'resource:vanish', id: 'R-x' }],
    ['an act of Object', { act: 'resource:__proto__', id: 'R-x' }],
    ['a nested batch', { act: 'batch:perform', id: 'R-x' }],
    ['an input that is a list', { act: 'resource:anchor', id: 'R-x', input: [] }],
    ['an input that is null', { act: 'resource:anchor', id: 'R-x', input: null }],
    ['control characters', anchor('R-x', { title: '\u0000' })],
    ['a lone surrogate', anchor('R-x', { title: '\ud800' })],
    ['another act that is not an own property', { act: 'constructor:constructor', id: 'R-x' }],
  ])('%s is refused alone', async (_what, act) => {
    const id = fresh('R');
    const { answers } = await together(by(supplier()), [act, anchor(id)]);
    expect(answers).toMatchObject([{ code: 'INPUT_INVALID' }, { ref: `resource/${id}` }]);
  });

  test('an act for which the acts before it leave no room is refused, and done in the next batch', async () => {
    const id = fresh('R');
    const items = Array.from({ length: 400 }, (_, i) => ({ name: `${'字段'.repeat(40)}${i}`, type: '字符型' }));
    const acts = [
      anchor(id, { items }),
      ...Array.from({ length: 499 }, (_, i) => ({ act: 'resource:revise', id, input: { title: `第${i}版` } })),
    ];
    const { answers } = await together(by(supplier()), acts);
    const full = answers.findIndex((answer) => 'code' in answer);
    expect(full).toBeGreaterThan(10);
    expect(answers.slice(full).map((answer) => (answer as BatchRefusal).code)).toEqual(
      Array.from({ length: 500 - full }, () => 'BATCH_FULL'),
    );
    expect(await city.get(`resource/${id}`)).toMatchObject({ version: full });
    const rest = await together(by(supplier()), acts.slice(full, full + 10));
    expect(rest.answers).toMatchObject(Array.from({ length: 10 }, (_, i) => ({ version: full + 1 + i })));
  });

  test('a batch reads every key once, and writes every key once', async () => {
    const sent = await together(
      by(supplier()),
      named(50).map((id) => anchor(id)),
    );
    const [set] = (await transactionOf(sent)).readWriteSets.filter(({ namespace }) => namespace === 'yuanliu');
    const reads = set?.reads.map(({ key }) => key) ?? [];
    const writes = set?.writes.map(({ key }) => key) ?? [];
    expect(new Set(reads).size).toBe(reads.length);
    expect(new Set(writes).size).toBe(writes.length);
    expect(writes).toHaveLength(50);
    expect(reads.length).toBeLessThan(50 + 10);
  });
});
