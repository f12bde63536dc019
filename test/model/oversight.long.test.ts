// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Effect } from 'yuanliu-chaincode/kind/act';
import { cast } from '../builders';
import { Contract, type Fork } from './fork';
import { overseenCity, overseersOf, reports, roles, type Report } from './oversight';
import { withFault, type Fault } from './planted';

/** How many ways to say each, and which: `SAYINGS=1000 SAYINGS_SEED=7 npx jest --config jest.long.config.js oversight`. */
const SAYINGS = Number(process.env['SAYINGS'] ?? 12);
const SEED = Number(process.env['SAYINGS_SEED'] ?? 20_261_129);

let contract: Contract;
let city: Fork;
beforeAll(async () => {
  contract = await Contract.open();
  city = await overseenCity(contract);
});
afterAll(() => contract.close());

/** Says a report in other ways, until others oversee it than when it is said plainly. */
async function search(report: Report, sayings: number): Promise<string | undefined> {
  const plain = await overseersOf(city, report, report.input);
  if (!plain) throw new Error(`${report.name} opens no finding`);
  let found: string | undefined;
  const says = fc.record(Object.fromEntries(Object.entries(report.says).map(([k, v]) => [k, fc.constantFrom(...v)])));
  const once = async (said: object): Promise<void> => {
    const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    const able = await overseersOf(city, report, { ...report.input, ...given });
    if (!able || able.join() === plain.join()) return;
    found ??= `${report.name}, said as ${JSON.stringify(given)}: ${able.join('; ')} instead of ${plain.join('; ')}`;
  };
  await fc.assert(fc.asyncProperty(says, once), { seed: SEED, numRuns: sayings });
  return found;
}

test.each(reports.map((report) => [report.name, report] as const))(
  'who oversees %s does not depend on how that is said (fault B33)',
  async (_, report) => {
    expect(await search(report, SAYINGS)).toBeUndefined();
  },
  600_000,
);

test('every report of the contract that can open a finding is said in many ways, or is on a record that says where it is', () => {
  const all = kinds.flatMap((kind) => [...kind.acts.values()].filter(({ nature }) => nature === 'report'));
  const creating = all.filter(({ creates }) => creates).map((act) => `${act.kind.name}:${act.name}`);
  const said = reports.map(({ act }) => act);
  expect(creating.filter((one) => !said.includes(one))).toEqual(['usage:anchor']); // as usage:record
});

test('an emergency measure adds those who oversee its link, and leaves out nobody else (fault B34)', async () => {
  const report: Report = { name: 'an incident', by: cast.operator, act: 'finding:incident', input: {}, says: {} };
  const measure = (halts: string): object => ({
    measure: { halts, reason: '应急', until: '2026-06-03T00:00:00.000Z' },
  });
  const about = { about: 'grant/O-H', summary: '事件' };
  const without = (await overseersOf(city, report, about)) ?? [];
  const halting = (await overseersOf(city, report, { ...about, ...measure('grant/O-F') })) ?? [];
  expect(without).not.toEqual([]);
  expect(without.filter((one) => !halting.includes(one))).toEqual([]);
  expect(halting.length).toBeGreaterThan(without.length);
  expect(await overseersOf(city, report, { ...about, ...measure('grant/O-H') })).toEqual(without);
});

/** The place that the reporter's role has: as findings had it once. */
const byRole = (name: string): Fault => ({
  act: name,
  change: (act) => {
    const whole = { ...act };
    return {
      effect: async (context) => {
        const left: Effect<unknown> = (await whole.effect?.(context)) ?? {};
        const { region } = roles.find(({ role }) => role === context.caller.role) ?? {};
        return { ...left, body: { ...(left.body as object), region } };
      },
    };
  },
});

test.each(['finding:incident', 'usage:record', 'delivery:deliver'])(
  'the search finds that the role chosen for %s decides who oversees it',
  async (act) => {
    const report = reports.find((one) => one.act === act);
    const found = report && (await withFault(byRole(act), () => search(report, 100)));
    expect(found).toContain('instead of');
  },
  600_000,
);
