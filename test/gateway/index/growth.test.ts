// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { appendBlock } from 'yuanliu-gateway/index/apply/append-block';
import { CHUNK, putEdges } from 'yuanliu-gateway/index/apply/put-edges';
import { NONE, IndexReader } from 'yuanliu-gateway/index/read/index-reader';
import { ACTS_A_ROW } from 'yuanliu-gateway/index/rows/act-rows';
import { keys } from 'yuanliu-gateway/index/rows/keys';
import { IndexStore } from 'yuanliu-gateway/index/store/store';
import { ids } from '../../builders';
import { newDirectory, openIndexedCity, type IndexedCity } from './indexed';

let indexed: IndexedCity;
let directory: string;
let store: IndexStore;
beforeAll(async () => {
  indexed = await openIndexedCity('listed');
});
afterAll(() => indexed.close());
beforeEach(async () => {
  directory = await newDirectory();
  store = await IndexStore.open({ directory });
});
afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

async function taken(ref: string): Promise<LedgerRecord> {
  return indexed.city.get(ref);
}

/** Appends a block with these records as one transaction each left them. */
async function append(...records: readonly LedgerRecord[]): Promise<void> {
  const number = store.position.height;
  const transactions = records.map((record, index) => ({
    txId: `${number}-${index}`.padStart(64, '0'),
    type: 'ENDORSER_TRANSACTION' as const,
    validationCode: 'VALID' as const,
    time: record.act.time,
    writes: [{ key: `${record.kind}/${record.id}`, value: JSON.stringify(record) }],
  }));
  const headerHash = number.toString(16).padStart(64, '0');
  expect(await appendBlock(store, { number, previousHash: '', headerHash, transactions })).toEqual([]);
}

test('a record with many acts is written in rows that stay small, and read as of any block', async () => {
  const record = await taken('resource/R-1');
  const count = 3 * ACTS_A_ROW + 5;
  for (let history = 1; history <= count; history++) {
    await append({ ...record, history, version: Math.ceil(history / 2) });
  }
  const reader = new IndexReader(() => store);
  const acts = reader.acts('resource/R-1');
  expect(acts.map(({ history, block, version }) => [history, block, version])).toEqual(
    Array.from({ length: count }, (_, i) => [i + 1, i, Math.ceil((i + 1) / 2)]),
  );
  for (const block of [0, 1, ACTS_A_ROW - 1, ACTS_A_ROW, 2 * ACTS_A_ROW + 1, count - 1, count + 9]) {
    const history = Math.min(block + 1, count);
    expect(reader.recordAsOf('resource/R-1', block)?.view.record).toMatchObject({ history });
    const version = 100;
    const then = reader.recordAsOf('resource/R-1', block, { version })?.view.record.history;
    expect(then).toBe(block + 1 < 2 * version - 1 ? undefined : Math.min(block + 1, 2 * version));
  }
  expect(reader.recordAsOf('resource/R-1', -1)).toBeUndefined();
  expect(reader.actOf('resource/R-1', count + 1)).toBeUndefined();
  expect(JSON.stringify(store.row(keys.record('resource/R-1'))).length).toBeLessThan(2000);
  expect(store.row(keys.acts('resource/R-1', 0))).toHaveLength(ACTS_A_ROW);
  expect(store.row(keys.acts('resource/R-1', 3))).toHaveLength(5);
});

test('what a catalogue goes on to list is not written again with its next version', async () => {
  const [resource, list] = [await taken('resource/R-1'), await taken(`catalogue/${ids.catalogue}`)];
  const body = list.body as { readonly entries: readonly { readonly resource: string }[] };
  const without = { ...body, entries: body.entries.filter((entry) => entry.resource !== 'R-1') };
  const at = (history: number, version: number, kept: unknown = body): LedgerRecord => ({
    ...list,
    history,
    version,
    body: kept,
  });
  await append({ ...resource, history: 1, version: 1 });
  await append(at(1, 1));
  const reader = new IndexReader(() => store);
  const row = (): ReturnType<typeof reader.find> => reader.find('resource/R-1@1');
  const speaking = (): string[] => [...reader.evidenceOf(row() ?? { evidence: [] })].map(({ ref }) => ref);
  const first = row();
  expect(speaking()).toEqual([`catalogue/${ids.catalogue}@1`]);
  await append(at(2, 2));
  await append(at(3, 3));
  expect(row()).toEqual(first);
  expect(speaking()).toEqual([1, 2, 3].map((version) => `catalogue/${ids.catalogue}@${version}`));
  await append(at(4, 4, without));
  await append(at(5, 5, without));
  expect(speaking()).toEqual([1, 2, 3].map((version) => `catalogue/${ids.catalogue}@${version}`));
  await append(at(6, 6));
  expect(speaking()).toEqual([1, 2, 3, 6].map((version) => `catalogue/${ids.catalogue}@${version}`));
});

test('edges of many blocks become one row, and load as they were', async () => {
  for (let number = 0; number < 2 * CHUNK + 3; number++) {
    const batch = store.batch();
    const edges = number % 3 === 0 ? [number, number + 1, number % 2, number] : [];
    putEdges('lineage', edges, number, batch);
    batch.put(keys.block(number), { hash: 'aa', latest: '', transactions: [] });
    const position = { ...store.position, height: number + 1, headerHash: 'aa' };
    await store.commit(batch, position, { lineage: edges, parents: [] });
  }
  const listed = (): unknown[] => {
    const found: unknown[] = [];
    for (let node = 0; node < 2 * CHUNK + 3; node++) {
      for (let at = store.lineage.first('out', node); at !== NONE; at = store.lineage.next('out', at)) {
        found.push([node, store.lineage.target('out', at), store.lineage.relation(at), store.lineage.since(at)]);
      }
    }
    return found;
  };
  const grown = listed();
  expect(grown).toHaveLength(Math.ceil((2 * CHUNK + 3) / 3));
  await store.close();
  store = await IndexStore.open({ directory });
  expect(listed()).toEqual(grown);
  expect(store.row(keys.lineage(3))).toBeUndefined();
  expect(store.row(keys.chunk('lineage', CHUNK))).toEqual(expect.any(String));
  expect(store.row(keys.lineage(2 * CHUNK + 1))).toEqual(expect.any(String));
});
