// SPDX-License-Identifier: Apache-2.0
import { openIndex } from 'yuanliu-gateway/index/open-index';
import { cast, ids, use } from '../../builders';
import { together } from '../../together';
import { newDirectory, openIndexedCity, type IndexedCity } from './indexed';

let indexed: IndexedCity;
beforeAll(async () => {
  indexed = await openIndexedCity('produced');
  const terms = { catalogue: ids.catalogue, from: '2026-01-01T00:00:00Z', to: '2029-01-01T00:00:00Z', quota: 100 };
  await indexed.city.act(cast.agency, 'grant:amend', ids.grant, { terms, reason: '演示' });
}, 120_000);
afterAll(() => indexed.close());

test('reports that are metered in their own transaction are left to nobody (fault B40)', async () => {
  const { city, index } = indexed;
  const reports = ['U-own-1', 'U-own-2'];
  const left = { act: 'usage:record', id: 'U-left', input: use({ metering: 'later' }) };
  const { receipt } = await together({ ledger: city.ledger, by: cast.developer }, [
    ...reports.map((id) => ({ act: 'usage:record', id, input: use({ metering: 'later' }) })),
    { act: 'usage:meter', id: 'U-own-1', input: { reports } },
    left,
  ]);
  await indexed.caughtUp();
  const under = { user: cast.developer.code, authority: `grant/${ids.grant}` };
  expect(await index.unmetered(under, 200)).toEqual([left.id]);

  const again = await openIndex({ directory: await newDirectory(), ledger: city.ledger });
  await again.waitFor(receipt.blockNumber, 10_000);
  expect(await again.unmetered(under, 200)).toEqual([left.id]);
  await again.close();
});
