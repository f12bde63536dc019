// SPDX-License-Identifier: Apache-2.0
import { cast, ids, madeUpDigest, PURPOSE } from '../../../builders';
import { openIndexedCity, settableClock, type IndexedCity } from '../../index/indexed';

let indexed: IndexedCity;

beforeAll(async () => {
  indexed = await openIndexedCity('produced', { clock: settableClock('2026-03-01T00:00:00Z').clock });
});
afterAll(() => indexed.close());

test('what a wind-down keeps stands beside what it does not, in one walk as when asked alone', async () => {
  const { city, trace } = indexed;
  const authority = indexed.viewer(cast.authority);
  const making = {
    title: '产品',
    purpose: PURPOSE,
    environment: '域内',
    form: 'model',
    authority: `grant/${ids.grant}`,
  };
  for (const id of ['P-cut', 'P-kept']) {
    const digests = { process: madeUpDigest(`${id} process`), digest: madeUpDigest(id) };
    const made = { ...making, ...digests, inputs: [`product/${ids.basic}@1`] };
    await city.act(cast.developer, 'product:develop', id, made);
  }
  const windDown = { keeps: ['product/P-kept'], until: '2026-06-01T00:00:00Z' };
  await city.act(cast.agency, 'grant:suspend', ids.grant, { reason: '演示', windDown });
  await indexed.caughtUp();

  const { hops } = await trace.destinations(`product/${ids.basic}`, authority);
  const together = ['P-cut', 'P-kept'].map(
    (id) => hops.find(({ node }) => node?.ref === `product/${id}@1`)?.node?.basis?.stands,
  );
  expect(together).toEqual([false, true]);
  const alone = await trace.origins('product/P-kept', authority);
  expect(alone.roots[0]?.basis).toMatchObject({ stood: true, stands: true });
});
