// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { anyone } from 'yuanliu-gateway/index/read/visibility';
import { anchored, cast, ids } from '../../builders';
import { openIndexedCity, type IndexedCity } from './indexed';

let indexed: IndexedCity;

beforeAll(async () => {
  indexed = await openIndexedCity('produced');
  const [provider] = indexed.city.departments;
  for (let n = 10; n < 30; n++)
    await indexed.city.run(anchored({ id: `X-${n}`, domain: n % 2 ? '单' : '双', provider }));
  await indexed.caughtUp();
});
afterAll(() => indexed.close());

const authority = () => indexed.viewer(cast.authority);

async function all(kind: string, options: Partial<Parameters<IndexedCity['index']['list']>[1]>): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await indexed.index.list(kind, { viewer: authority(), ...options, ...(cursor ? { cursor } : {}) });
    found.push(...page.items.map(({ record }) => record.id));
    ({ cursor } = page);
  } while (cursor !== undefined);
  return found;
}

test.each<[string, string, Record<string, string>, string[]]>([
  ['state', 'registration', { state: 'coded' }, ['REG-R-1', 'REG-R-2', 'REG-R-3', 'REG-R-4']],
  ['party', 'delivery', { party: cast.rival.code }, [ids.toMarket]],
  ['a field with a list', 'product', { authority: `grant/${ids.grant}` }, [ids.derived]],
  ['a field without one', 'product', { tier: 'basic' }, [ids.basic]],
  ['a number', 'usage', { quantity: '1000' }, [ids.usage]],
  ['part of a title', 'product', { title: '授信评分' }, [ids.derived]],
  ['an element', 'product', { domains: '金融服务', tier: 'basic' }, [ids.basic]],
  ['several at once', 'resource', { domain: '单', state: 'anchored', title: 'X-11' }, ['X-11']],
  ['nothing that is there', 'resource', { state: 'withdrawn' }, []],
])('filters by %s', async (_what, kind, filters, expected) => {
  expect(await all(kind, { filters })).toEqual(expected);
});

test('lists by id, and by last change with the newest first', async () => {
  const byId = await all('resource', { filters: { domain: '双' }, limit: 3 });
  expect(byId).toEqual([...byId].sort());
  expect(byId).toHaveLength(10);
  const byChange = await all('resource', { filters: { domain: '双' }, sort: 'changed', limit: 3 });
  expect(byChange).toEqual([...byId].reverse());
});

test('says which filters and values there are', async () => {
  const { index } = indexed;
  const list = (filters: Record<string, string>) => index.list('product', { viewer: authority(), filters });
  await expect(list({ color: 'red' })).rejects.toThrow(/no filter color; it has: state, party, title, holder/);
  await expect(list({ state: 'lost' })).rejects.toThrow(/no state lost; it has: developed/);
  await expect(list({ personal: 'perhaps' })).rejects.toMatchObject({ code: 'BAD_REQUEST', parameter: 'personal' });
  await expect(index.list('unicorn', { viewer: authority() })).rejects.toThrow(/there are: rulebook/);
  await expect(index.list('product', { viewer: authority(), limit: 201 })).rejects.toThrow(/1 to 200/);
});

test('a cursor shows nothing of where it stands, and is good for its viewer only', async () => {
  const { index } = indexed;
  const { cursor = '', items } = await index.list('resource', { viewer: authority(), limit: 1 });
  const id = items[0]?.record.id ?? '';
  expect(Buffer.from(cursor, 'base64url').toString('latin1')).not.toContain(id);
  await expect(index.list('resource', { viewer: anyone, limit: 1, cursor })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
  });
  for (const place of [0, 14, -1]) {
    const forged = Buffer.from(cursor, 'base64url');
    forged[place < 0 ? forged.length - 1 : place] = (forged.at(place) ?? 0) ^ 1;
    const again = index.list('resource', { viewer: authority(), limit: 1, cursor: forged.toString('base64url') });
    await expect(again).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  }
});

test('refuses a cursor that is none, or of another request', async () => {
  const { index } = indexed;
  const { cursor = '' } = await index.list('resource', { viewer: authority(), limit: 2 });
  const again = (options: object) => index.list('resource', { viewer: authority(), limit: 2, cursor, ...options });
  expect((await again({})).items).toHaveLength(2);
  for (const foreign of [{ filters: { domain: '双' } }, { sort: 'changed' }, { asOf: 5 }]) {
    await expect(again(foreign)).rejects.toMatchObject({ code: 'BAD_REQUEST', parameter: 'cursor' });
  }
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.base64String()), async (garbage) => {
      await expect(again({ cursor: garbage })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    }),
    { numRuns: 50 },
  );
});

describe('where more has changed since than a page may look at', () => {
  test('a page by id comes back short, and its cursor goes on to all that was there', async () => {
    const { index, city } = indexed;
    const [provider] = city.departments;
    const filters = { state: 'anchored' };
    const before = await all('resource', { filters });
    const asOf = index.height() - 1;
    for (const id of ['Y-1', 'Y-2', 'Y-3']) await city.run(anchored({ id, domain: '新', provider }));
    await city.act(provider, 'resource:catalogue', before[0] ?? '', { sharing: { type: 'conditional' } });
    await indexed.caughtUp();

    const page = (cursor?: string) =>
      index.reader.list('resource', { viewer: authority(), filters, asOf, ...(cursor ? { cursor } : {}) }, 3);
    const found: string[] = [];
    for (let { items, cursor } = await page(); ; { items, cursor } = await page(cursor)) {
      expect(items.length).toBeLessThanOrEqual(3);
      found.push(...items.map(({ record }) => record.id));
      if (cursor === undefined) break;
    }
    expect(found).toEqual(before);
  });

  test('a list by change is refused, and what to do is said', async () => {
    const options = { viewer: authority(), sort: 'changed', asOf: 0 } as const;
    const message = expect.stringContaining('sort by id') as string;
    await expect(indexed.index.reader.list('resource', options, 3)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      parameter: 'sort',
      message,
    });
  });
});

test.each(['id', 'changed'] as const)(
  'gives pages by %s that agree with each other while the ledger goes on',
  async (sort) => {
    const { index, city } = indexed;
    const [provider] = city.departments;
    const filters = { state: 'anchored' };
    const before = await all('resource', { filters, sort });
    const first = await index.list('resource', { viewer: authority(), filters, sort, limit: 4 });
    const moving = before.at(-1) ?? '';
    await city.act(provider, 'resource:catalogue', moving, { sharing: { type: 'conditional' } });
    await city.run(anchored({ id: `W-${sort}`, domain: '新', provider }));
    await indexed.caughtUp();

    const found = first.items.map(({ record }) => record.id);
    for (let { cursor } = first; cursor !== undefined;) {
      const page = await index.list('resource', { viewer: authority(), filters, sort, limit: 4, cursor });
      expect(page.asOf).toBe(first.asOf);
      found.push(...page.items.map(({ record }) => record.id));
      ({ cursor } = page);
    }
    expect(found).toEqual(before);
    expect(await all('resource', { filters, sort, asOf: first.asOf })).toEqual(before);
    const now = await all('resource', { filters, sort });
    expect(now).toContain(`W-${sort}`);
    expect(now).not.toContain(moving);
  },
);

test('shows the public what is public and nothing else', async () => {
  const list = async (kind: string) => (await indexed.index.list(kind, { viewer: anyone })).items.length;
  expect(await list('product')).toBe(2);
  expect(await list('resource')).toBe(0);
  expect(await list('organization')).toBe(9);
});
