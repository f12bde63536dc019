// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { TransactionStore } from 'yuanliu-chaincode/kind/store';
import { Contract } from './fork';
import { compared } from './one-by-one';
import { OrderedCity } from './orders';
import { randomBatch } from './random-batch';

/** How many batches, and which: `BATCHES=2000 BATCHES_SEED=7 npx jest --config jest.long.config.js one-by-one`. */
const BATCHES = Number(process.env['BATCHES'] ?? 200);
const SEED = Number(process.env['BATCHES_SEED'] ?? 20_261_129);
/** Batches on one city, one after the other, and acts of a batch at most. */
const [EACH, ACTS] = [10, 24];

let contract: Contract;
beforeAll(async () => {
  contract = await Contract.open();
});
afterAll(() => contract.close());

interface Searched {
  readonly acts: number;
  readonly accepted: number;
  readonly found: string | undefined;
}

/** Looks for a batch that differs from its acts one by one. */
async function search(batches: number): Promise<Searched> {
  let [count, acts, accepted] = [0, 0, 0];
  let found: string | undefined;
  const once = async (draw: fc.GeneratorValue): Promise<void> => {
    const city = await OrderedCity.at('widened', contract);
    for (let i = 0; i < EACH && count < batches && found === undefined; i++, count++) {
      const batch = randomBatch(city, draw, ACTS);
      acts += batch.acts.length;
      const came = await compared(city.contract, batch);
      accepted += came.accepted;
      if (came.differs !== undefined) found = `${came.differs}\n${JSON.stringify(batch)}`;
    }
  };
  for (let run = 0; count < batches && found === undefined; run++) {
    await fc.assert(fc.asyncProperty(fc.gen(), once), { seed: SEED + run, numRuns: 1, endOnFailure: true });
  }
  return { acts, accepted, found };
}

test(`a batch leaves and answers what its acts do one by one (property, seed ${SEED})`, async () => {
  const { acts, accepted, found } = await search(BATCHES);
  expect(found).toBeUndefined();
  expect(accepted / acts).toBeGreaterThan(0.2);
  expect(accepted / acts).toBeLessThan(0.9);
}, 3_600_000);

describe('the search finds a batch', () => {
  afterEach(() => jest.restoreAllMocks());

  test('whose acts do not see the marks of those before them', async () => {
    const take = Reflect.get(TransactionStore.prototype, 'take');
    jest.spyOn(TransactionStore.prototype, 'take').mockImplementation(function (this: TransactionStore, writes) {
      const unseen = { value: () => Promise.resolve(undefined) };
      const seen = [...writes].map(([key, one]) => [key, key.startsWith('~') ? { ...one, ...unseen } : one] as const);
      take.call(this, new Map(seen));
    });
    expect((await search(BATCHES)).found).toMatch(/^answers/);
  }, 600_000);

  test('whose event leaves out what a later act replaced', async () => {
    jest.spyOn(TransactionStore.prototype, 'superseded', 'get').mockReturnValue([]);
    expect((await search(BATCHES)).found).toMatch(/^records/);
  }, 600_000);
});
