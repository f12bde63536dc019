// SPDX-License-Identifier: Apache-2.0
import type { BatchDone } from 'yuanliu-chaincode/engine/batch';
import { openIndex } from 'yuanliu-gateway/index/open-index';
import { anyone } from 'yuanliu-gateway/index/read/visibility';
import { cast, CITY, madeUpDigest, use } from '../../builders';
import { together, type Together } from '../../together';
import { newDirectory, openIndexedCity, type IndexedCity } from './indexed';

let indexed: IndexedCity;
let sent: Together;
let reported: Together;
const key = 'first-of-many';

beforeAll(async () => {
  indexed = await openIndexedCity('produced');
  const { city } = indexed;
  const [by] = city.departments;
  const anchored = { title: '批量资源', domain: '金融服务', region: CITY, digest: madeUpDigest('批量') };
  const revise = (input: object): object => ({ act: 'resource:revise', id: 'R-many', input });
  sent = await together({ ledger: city.ledger, by }, [
    { act: 'resource:anchor', id: 'R-many', input: { ...anchored, idempotencyKey: key } },
    revise({ summary: '说明' }), // completes the version
    { act: 'resource:anchor', id: 'R-many', input: anchored }, // refused
    revise({ title: '第二版' }),
    revise({ title: '第三版' }),
    revise({ summary: '说明' }), // leaves all as it is
    { act: 'resource:anchor', id: 'R-other', input: anchored },
  ]);
  const reports = [{ purpose: '授权以外的用途' }, { authority: 'grant/GRANT-other' }].map((input, i) => ({
    act: 'usage:record',
    id: `U-many-${i + 1}`,
    input: use(input),
  }));
  reported = await together({ ledger: city.ledger, by: cast.developer }, reports);
  await indexed.caughtUp();
});
afterAll(() => indexed.close());

const authority = () => indexed.viewer(cast.authority);

test('a history tells every act of one transaction by its number, with its input and what it left', () => {
  const { items } = indexed.index.history('resource/R-many', authority());
  const { txId, blockNumber: block } = sent.receipt;
  expect(items.map(({ act, version, transaction }) => [act.name, version, transaction])).toEqual(
    [
      ['anchor', 1, 0],
      ['revise', 1, 1],
      ['revise', 2, 3],
      ['revise', 3, 4],
      ['revise', 3, 5],
    ].map(([name, version, seq]) => [name, version, { txId, block, index: 0, seq }]),
  );
  expect(items.map(({ input }) => input)).toMatchObject([
    { title: '批量资源' },
    { summary: '说明' },
    { title: '第二版' },
    { title: '第三版' },
    { summary: '说明' },
  ]);
  expect(items[0]?.input).not.toHaveProperty('idempotencyKey');
});

test('every version is read as it was last, and the record as the ledger holds it', async () => {
  const read = (ref: string): unknown => indexed.index.record(ref, authority())?.record;
  for (const version of ['', '@1', '@2', '@3']) {
    const ref = `resource/R-many${version}`;
    expect(read(ref)).toEqual(await indexed.city.get(ref));
  }
  const before = indexed.index.record('resource/R-many', authority(), { asOf: sent.receipt.blockNumber - 1 });
  expect(before).toBeUndefined();
});

test('events of one transaction come in the order of its acts', () => {
  const events = indexed.index.events(sent.receipt.blockNumber, authority());
  expect(events.map(({ id, ref, transaction }) => [id.event, ref, transaction.seq])).toEqual([
    [0, 'resource/R-many', 0],
    [1, 'resource/R-many', 1],
    [2, 'resource/R-many', 3],
    [3, 'resource/R-many', 4],
    [4, 'resource/R-many', 5],
    [5, 'resource/R-other', 6],
  ]);
});

test('a finding names the report that it came of, and comes after what is not sealed', () => {
  const { index } = indexed;
  const findings = reported.answers.map((answer) => (answer as BatchDone).also?.[0] ?? '');
  const events = index.events(reported.receipt.blockNumber, authority());
  expect(events.map(({ ref, causedBy }) => [ref, causedBy])).toEqual([
    ['usage/U-many-1', undefined],
    ['usage/U-many-2', undefined],
    [findings[0], 'usage/U-many-1'],
    [findings[1], 'usage/U-many-2'],
  ]);
  expect(index.history(findings[1] ?? '', authority()).items).toMatchObject([
    { causedBy: 'usage/U-many-2', transaction: { seq: 1 } },
  ]);
  expect(index.events(reported.receipt.blockNumber, anyone)).toEqual([]);
});

test('a transaction names every act that it did', () => {
  const view = indexed.index.transaction(sent.receipt.txId, authority());
  expect(view?.changed).toEqual([
    ...[1, 2, 3, 4, 5].map((history) => ({ ref: 'resource/R-many', history })),
    { ref: 'resource/R-other', history: 1 },
  ]);
});

test('the first answer to a key names the act of its transaction', () => {
  const mark = indexed.index.once(indexed.city.departments[0].code, key);
  expect(mark).toMatchObject({ ref: 'resource/R-many', txId: sent.receipt.txId, seq: 0 });
});

test('an index built anew is the same', async () => {
  const directory = await newDirectory();
  const again = await openIndex({ directory, ledger: indexed.city.ledger });
  await again.waitFor((await indexed.city.ledger.height()) - 1, 10_000);
  expect(again.digest()).toBe(indexed.index.digest());
  expect(again.setAside()).toBe(0);
  await again.close();
});
