// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { cast, type Member } from 'yuanliu-demo/cast';
import { core, decisions, unsaid, walk } from './deciding';
import { Contract } from './fork';
import { withFault } from './planted';
import { departments } from './random-act';

/** How many casts, and which: `CASTS=1000 CASTS_SEED=7 npx jest --config jest.long.config.js deciding`. */
const CASTS = Number(process.env['CASTS'] ?? 24);
const SEED = Number(process.env['CASTS_SEED'] ?? 20_261_129);

let contract: Contract;
beforeAll(async () => {
  contract = await Contract.open();
});
afterAll(() => contract.close());

test('every decision of the contract is known by whose matter it is', () => {
  expect(unsaid()).toEqual([]);
});

/** Casts in which some of the story are one organisation, until somebody decides on its own matter with nothing on record. */
async function search(casts: number, seed: number, among: readonly Member[] = core) {
  const tried = new Map<string, number>();
  let passed: readonly string[] = [];
  const once = async (merged: readonly Member[]): Promise<void> => {
    if (passed.length > 0) return;
    const walked = await walk(contract, merged);
    for (const [act, count] of walked.tried) tried.set(act, (tried.get(act) ?? 0) + count);
    passed = walked.passed;
  };
  const some = fc.shuffledSubarray([...among], { minLength: 2, maxLength: 3 });
  await fc.assert(fc.asyncProperty(some, once), { seed, numRuns: casts, endOnFailure: true });
  return { tried, passed };
}

test(`nobody decides on its own matter, whichever roles it holds (property, seed ${SEED})`, async () => {
  const { tried, passed } = await search(CASTS, SEED);
  console.log(`${CASTS} casts, seed ${SEED}: ${[...tried].map(([act, count]) => `${act} ${count}`).join(', ')}`);
  expect(passed).toEqual([]);
  expect(tried.size).toBeGreaterThan(Object.keys(decisions).length / 2);
}, 3_600_000);

const { supervisor, authority, registrar, operator, developer, agency } = cast;
test.each([
  ['registration:review', 'decided-by-another', [registrar, ...departments, operator]],
  ['product:check', 'decided-by-another', [operator, developer, agency]],
  ['finding:verify', 'finding-handled-by-another', [supervisor, authority, developer]],
])(
  'the search finds that %s is open to whose matter it is',
  async (act, rule, among) => {
    const { passed } = await withFault({ act, forgets: [rule] }, () => search(60, SEED, among));
    expect(passed[0]).toContain(act);
  },
  600_000,
);
