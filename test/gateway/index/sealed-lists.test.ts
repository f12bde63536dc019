// SPDX-License-Identifier: Apache-2.0
import { IndexStore } from 'yuanliu-gateway/index/store/store';
import { anyone, type Viewer } from 'yuanliu-gateway/index/read/visibility';
import { cast, ids } from '../../builders';
import { openIndexedCity, type IndexedCity } from './indexed';

const about = `product/${ids.basic}`;
let indexed: IndexedCity;
/** A block before anything was raised. */
let before: number;

beforeAll(async () => {
  indexed = await openIndexedCity('produced');
  const { city } = indexed;
  before = indexed.index.height() - 1;
  for (const n of [1, 2, 3]) {
    await city.act(cast.supervisor, 'finding:raise', `F-sealed-${n}`, {
      about,
      against: cast.operator.code,
      summary: '抽查',
    });
  }
  await city.act(cast.agency, 'finding:raise', 'F-own', { about, summary: '复查' });
  await city.act(cast.supervisor, 'finding:raise', 'F-served', { about, against: cast.operator.code, summary: '抽查' });
  await city.act(cast.supervisor, 'finding:serve', 'F-served');
  await indexed.caughtUp();
}, 60_000);
afterAll(() => indexed.close());

interface Options {
  readonly filters?: Readonly<Record<string, string>>;
  readonly sort?: 'id' | 'changed';
  readonly asOf?: number;
}

interface Listed {
  readonly found: readonly string[];
  /** Records that were looked at to answer. */
  readonly looked: readonly string[];
}

/** A list of findings, and which records the index read for it. */
async function list(viewer: Viewer, options: Options = {}): Promise<Listed> {
  const { index } = indexed;
  const reads = jest.spyOn(IndexStore.prototype, 'record');
  try {
    const { items } = await index.list('finding', { viewer, ...options });
    const looked = reads.mock.calls.map(([ref]) => ref).filter((ref) => ref.startsWith('finding/'));
    return { found: items.map(({ record }) => record.id), looked: [...new Set(looked)] };
  } finally {
    reads.mockRestore();
  }
}

const questions: readonly Options[] = [
  {},
  { filters: { about } },
  { filters: { party: cast.operator.code } },
  { filters: { state: 'open' } },
  { sort: 'changed' },
];

test.each(questions)(
  'a list of findings looks at no sealed one that its viewer may not read: %j (fault C7)',
  async (options) => {
    const { operator, rival, agency } = cast;
    for (const viewer of [anyone, ...[operator, rival, agency].map((member) => indexed.viewer(member))]) {
      for (const asOf of [undefined, before]) {
        const { looked } = await list(viewer, { ...options, ...(asOf === undefined ? {} : { asOf }) });
        expect(looked.filter((ref) => ref.startsWith('finding/F-sealed'))).toEqual([]);
      }
    }
  },
);

test('each finds what it may read, as those who oversee find all (fault C7)', async () => {
  const all = ['F-own', 'F-sealed-1', 'F-sealed-2', 'F-sealed-3', 'F-served'];
  const filters = { about };
  expect((await list(indexed.viewer(cast.supervisor), { filters })).found).toEqual(all);
  expect((await list(indexed.viewer(cast.supervisor), { filters })).looked).toContain('finding/F-sealed-1');
  expect((await list(indexed.viewer(cast.authority), { filters, sort: 'changed' })).found).toHaveLength(5);
  expect((await list(indexed.viewer(cast.operator), { filters })).found).toEqual(['F-served']);
  expect((await list(indexed.viewer(cast.agency), { filters })).found).toContain('F-own');
  expect((await list(indexed.viewer(cast.agency), { filters })).found).not.toContain('F-sealed-1');
  expect((await list(indexed.viewer(cast.rival), { filters })).found).toEqual([]);
  await indexed.city.act(cast.supervisor, 'finding:serve', 'F-sealed-3');
  await indexed.caughtUp();
  expect((await list(indexed.viewer(cast.operator), { filters })).found).toEqual(['F-sealed-3', 'F-served']);
  await indexed.city.act(cast.supervisor, 'finding:serve', 'F-sealed-2');
  await indexed.caughtUp();
  expect((await list(indexed.viewer(cast.operator), { sort: 'changed' })).found).toEqual([
    'F-sealed-2',
    'F-sealed-3',
    'F-served',
  ]);
});
