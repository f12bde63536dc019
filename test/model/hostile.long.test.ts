// SPDX-License-Identifier: Apache-2.0
import type { RoleName } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { Contract } from './fork';
import { roles, searchHostile } from './hostile';
import { withFault, type Fault } from './planted';

/** How many hostile acts in all, and which: `HOSTILE_ACTS=100000 HOSTILE_SEED=7 npx jest --config jest.long.config.js hostile`. */
const ACTS = Number(process.env['HOSTILE_ACTS'] ?? 10_000);
const SEED = Number(process.env['HOSTILE_SEED'] ?? 20_261_129);

let contract: Contract;
beforeAll(async () => {
  contract = await Contract.open();
});
afterAll(() => contract.close());

test(`no organisation makes another's lawful act fail by acts of its own (property, seed ${SEED})`, async () => {
  let [count, accepted] = [0, 0];
  for (const [place, role] of roles.entries()) {
    const acts = Math.ceil(ACTS / roles.length);
    const searched = await searchHostile(contract, { role, acts, seed: SEED + place });
    expect(searched.harm).toBeUndefined();
    count += searched.count;
    accepted += searched.accepted;
  }
  console.log(`${count} hostile acts, ${accepted} accepted, seed ${SEED}`);
  expect(count).toBeGreaterThanOrEqual(ACTS);
  expect(accepted).toBeGreaterThan(count / 50);
}, 3_600_000);

/** As open to any organisation that holds the role as to the one that the record names. */
const toAnyone =
  (role: RoleName): Fault['change'] =>
  (act) => ({ by: { ...act.by, [role]: () => undefined } });

test.each<[string, RoleName, Fault]>([
  [
    'an agency suspends whom it does not answer for',
    'implementing-agency',
    { act: 'organization:suspend', forgets: ['suspended-by-its-agency'] },
  ],
  [
    "an agency suspends another's agreement",
    'implementing-agency',
    { act: 'agreement:suspend', change: toAnyone('implementing-agency') },
  ],
  ["a developer withdraws another's product", 'developer', { act: 'product:withdraw', change: toAnyone('developer') }],
  [
    "a department withdraws another's resource",
    'department',
    { act: 'resource:withdraw', change: toAnyone('department') },
  ],
])(
  'the search finds that %s',
  async (_, role, fault) => {
    const { harm } = await withFault(fault, () => searchHostile(contract, { role, acts: 2000, seed: SEED }));
    expect(harm?.how).toContain(fault.act);
  },
  600_000,
);
