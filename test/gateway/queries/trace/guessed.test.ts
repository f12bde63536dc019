// SPDX-License-Identifier: Apache-2.0
import { cast, ids, madeUpDigest, PURPOSE, use } from '../../../builders';
import { openIndexedCity, type IndexedCity } from '../../index/indexed';

/** Whoever reports a use of what it guessed reads its own report, and asks every question about it. */
let indexed: IndexedCity;
let serial = 0;
beforeAll(async () => {
  indexed = await openIndexedCity('produced');
  await indexed.city.act(cast.operator, 'product:develop', 'P-secret', {
    title: '未发布产品',
    authority: `agreement/${ids.agreement}`,
    purpose: PURPOSE,
    inputs: ['resource/R-1@1'],
    environment: '域内',
    process: madeUpDigest('流程'),
    digest: madeUpDigest('产品'),
    form: 'dataset',
  });
}, 120_000);
afterAll(() => indexed.close());

const reporter = () => indexed.viewer(cast.rival);

/** Everything that the reporter is told of a report which names `guess`, with what differs between any two taken out. */
async function toldOf(name: string, guess: string): Promise<string> {
  const id = `U-guess-${++serial}`;
  const { record } = await indexed.city.act(cast.rival, 'usage:record', id, use({ [name]: guess }));
  await indexed.caughtUp();
  const ref = `usage/${id}`;
  const { index, trace } = indexed;
  const transaction = index.transaction(record.act.txId, reporter());
  const told: unknown[] = [record, index.record(ref, reporter()), index.history(ref, reporter()), transaction];
  told.push(index.events(transaction?.block ?? -1, reporter()));
  for (const ask of [trace.origins, trace.impact, trace.accountability]) told.push(await ask(ref, reporter()));
  const [guessed = ''] = (guess.split('/')[1] ?? '').split('@');
  return JSON.stringify(told)
    .replaceAll(guessed, '#')
    .replaceAll(id, 'ID')
    .replace(/[0-9a-f]{64}|\d{4}-[-T:.\d]+Z|"block":\d+|"asOf":\d+/g, '…');
}

test.each([
  ['a grant of another', 'authority', `grant/${ids.grant}`, 'grant/G-none'],
  ['an agreement', 'authority', `agreement/${ids.agreement}`, 'agreement/A-none'],
  ['a product that is not released', 'subject', 'product/P-secret@1', 'product/P-none@1'],
])('of %s nothing tells its reporter that it is there', async (_, field, hidden, none) => {
  expect(await toldOf(field, hidden)).toBe(await toldOf(field, none));
});

test('what it leans on, or that there is none, is told to those who oversee', async () => {
  const { city, trace } = indexed;
  await city.act(cast.rival, 'usage:record', 'U-none', use({ authority: 'grant/G-none', subject: 'product/P-none@1' }));
  await indexed.caughtUp();
  const { roots, hops } = await trace.origins('usage/U-none', indexed.viewer(cast.authority));
  expect(roots[0]?.basis).toMatchObject({ stood: false, broken: { ref: 'grant/G-none' } });
  expect(hops).toMatchObject([{ to: 'product/P-none@1', missing: true }]);
});
