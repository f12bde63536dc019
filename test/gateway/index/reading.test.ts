// SPDX-License-Identifier: Apache-2.0
import { IndexError } from 'yuanliu-gateway/index/error';
import { anyone, type Viewer } from 'yuanliu-gateway/index/read/visibility';
import { cast, ids, madeUpDigest, use } from '../../builders';
import { openIndexedCity, settableClock, type IndexedCity } from './indexed';

const time = settableClock('2026-03-01T00:00:00Z');
let indexed: IndexedCity;
let revisedIn: number;

beforeAll(async () => {
  indexed = await openIndexedCity('produced', { clock: time.clock });
  time.set('2026-04-01T00:00:00Z');
  const [provider] = indexed.city.departments;
  const revised = await indexed.city.act(provider, 'resource:revise', 'R-1', { title: '新名称' });
  revisedIn = revised.receipt.blockNumber;
  await indexed.caughtUp();
});
afterAll(() => indexed.close());

const authority = () => indexed.viewer(cast.authority);

describe('a record', () => {
  test('is read as it stands, as the ledger holds it', async () => {
    const found = indexed.index.record('resource/R-1', authority());
    expect(found?.record).toEqual(await indexed.city.get('resource/R-1'));
    expect(found?.record).toMatchObject({ version: 2, body: { title: '新名称' } });
    expect(found?.transaction).toMatchObject({ block: revisedIn, index: 0 });
  });

  test('is read as one version was last', () => {
    const { record } = indexed.index.record('resource/R-1@1', authority()) ?? {};
    expect(record).toMatchObject({ version: 1, state: 'graded', body: { title: '资源 R-1' } });
    expect(indexed.index.record('resource/R-1@3', authority())).toBeUndefined();
  });

  test('is read as of a block', () => {
    const before = indexed.index.record('resource/R-1', authority(), { asOf: revisedIn - 1 });
    expect(before?.record.version).toBe(1);
    expect(indexed.index.record('resource/R-1', authority(), { asOf: 1 })).toBeUndefined();
  });

  test('is read as of a time: the last block before one that holds a later transaction', () => {
    const before = indexed.index.record('resource/R-1', authority(), { asOf: '2026-03-31T23:59:59Z' });
    expect(before?.record.version).toBe(1);
    expect(indexed.index.resolve('2026-03-31T23:59:59Z')).toBe(revisedIn - 1);
    expect(indexed.index.resolve('2027-01-01T00:00:00+08:00')).toBe(indexed.index.height() - 1);
    expect(() => indexed.index.resolve('2020-01-01T00:00:00Z')).toThrow(/begins after/);
    expect(() => indexed.index.resolve('yesterday')).toThrow(IndexError);
    expect(() => indexed.index.resolve(1e6)).toThrow(/not indexed/);
  });

  test('is asked for by a reference or not at all', () => {
    for (const ref of ['', 'resource', 'resource/', 'resource/a b', 'resource/R-1@0', '../R-1', 'resource/R-1@1@2']) {
      expect(() => indexed.index.record(ref, authority())).toThrow(
        expect.objectContaining({ code: 'BAD_REQUEST' }) as Error,
      );
    }
  });
});

describe('a history', () => {
  test('tells every act with its input and transaction, page by page', () => {
    const first = indexed.index.history('resource/R-1', authority(), { limit: 3 });
    const rest = indexed.index.history('resource/R-1', authority(), { limit: 3, cursor: first.cursor ?? '' });
    expect([...first.items, ...rest.items].map(({ act, version }) => [act.name, version])).toEqual([
      ['anchor', 1],
      ['catalogue', 1],
      ['grade', 1],
      ['revise', 2],
    ]);
    expect(rest.cursor).toBeUndefined();
    expect(rest.items[0]).toMatchObject({ input: { title: '新名称' }, transaction: { block: revisedIn } });
  });

  test('names the act that a consequence came of', () => {
    const { items } = indexed.index.history(`grant/${ids.grant}`, authority());
    expect(items).toMatchObject([{ act: { nature: 'consequence' }, causedBy: `scenario/${ids.scenario}` }]);
  });
});

describe('a transaction', () => {
  test('is found by its id, with what it changed', () => {
    const { transaction } = indexed.index.record(`grant/${ids.grant}`, authority()) ?? {};
    const found = indexed.index.transaction(transaction?.txId ?? '', authority());
    expect(found?.changed.map(({ ref }) => ref).sort()).toEqual([`grant/${ids.grant}`, `scenario/${ids.scenario}`]);
    expect(found).toMatchObject({ validationCode: 'VALID', block: transaction?.block });
    expect(indexed.index.transaction(transaction?.txId ?? '', anyone)).toMatchObject({ changed: [], hidden: true });
    expect(indexed.index.block(found?.block ?? 0)?.transactions).toContain(found?.txId);
  });

  test('says of a report nothing of the sealed finding that it opened, but to those who oversee', async () => {
    const { city, index } = indexed;
    const { record, also } = await city.act(cast.developer, 'usage:record', 'U-misuse', use({ purpose: '商业营销' }));
    await indexed.caughtUp();
    const own = { ref: 'usage/U-misuse', history: 1 };
    const told = (viewer: Viewer) => index.transaction(record.act.txId, viewer);
    expect(told(indexed.viewer(cast.developer))).toMatchObject({ changed: [own] });
    expect(told(indexed.viewer(cast.developer))?.hidden).toBeUndefined();
    expect(
      told(authority())
        ?.changed.map(({ ref }) => ref)
        .sort(),
    ).toEqual([...also, own.ref].sort());
    expect(told(anyone)).toMatchObject({ changed: [], hidden: true }); // as any other that one may not see
  });

  test('is found though it was invalid', async () => {
    const { city, index } = indexed;
    const [provider] = city.departments;
    const results = await Promise.allSettled(
      ['甲', '乙'].map((title) => city.act(provider, 'resource:revise', 'R-2', { title })),
    );
    await indexed.caughtUp();
    const lost = results.find((result): result is PromiseRejectedResult => result.status === 'rejected');
    const { txId } = lost?.reason as { txId: string };
    expect(index.transaction(txId, authority())).toMatchObject({ validationCode: 'MVCC_READ_CONFLICT', changed: [] });
  });
});

test('knows the first answer to an idempotency key, and gives it to nobody by accident', async () => {
  const { city, index } = indexed;
  const first = await city.act(cast.developer, 'usage:record', 'U-once', use({ idempotencyKey: 'a/b' }));
  await indexed.caughtUp();
  expect(index.once(cast.developer.code, 'a/b')).toMatchObject({ txId: first.receipt.txId, ref: 'usage/U-once' });
  expect(index.once(cast.rival.code, 'a/b')).toBeUndefined();
  const { items } = index.history('usage/U-once', indexed.viewer(cast.developer));
  expect(items[0]?.input).not.toHaveProperty('idempotencyKey');
});

test('finds which versions carry a digest', async () => {
  const { index } = indexed;
  const found = await index.lookup(madeUpDigest('评分服务'), { viewer: anyone });
  expect(found).toMatchObject([{ ref: `product/${ids.derived}@1`, state: 'released' }]);
  const nowhere = await index.lookup(madeUpDigest('nothing has it'), { viewer: anyone });
  expect(await index.lookup(madeUpDigest('R-1'), { viewer: anyone })).toEqual(nowhere); // hidden is as not there
  expect((await index.lookup(madeUpDigest('R-1'), { viewer: authority() })).map(({ ref }) => ref)).toEqual([
    'resource/R-1@1',
    'resource/R-1@2',
  ]);
  await expect(index.lookup('md5:0', { viewer: anyone })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});

test('gives the rulebook in force', () => {
  expect(indexed.index.rulebook()?.body.rules).toHaveProperty('within-chain');
});
