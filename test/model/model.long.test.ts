// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { beginningAt } from './beginnings';
import type { Seen } from './choice';
import { modelled, type Outcome } from './model';
import { play } from './play';

/** How many random acts in all, and which: `MODEL_ACTS=1000000 MODEL_SEED=7 npx jest test/model`. */
const ACTS = Number(process.env['MODEL_ACTS'] ?? 15_000);
const SEED = Number(process.env['MODEL_SEED'] ?? 20_260_601);
const ACTS_IN_A_HISTORY = 250;
const stage = fc.constantFrom('listed', 'authorized', 'produced', 'widened', 'widened', 'widened');

test(`the contract does what a plain model of the domain does, whatever is asked (seed ${SEED})`, async () => {
  const outcomes = new Map<string, number>();
  const accepted = new Map<string, number>();
  const seen: Seen = new Map();
  const tell = (act: string, outcome: Outcome): void => {
    const isAccepted = 'state' in outcome;
    const what = !isAccepted ? outcome.code : outcome.violations.length > 0 ? 'accepted, violating' : 'accepted';
    outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
    accepted.set(act, (accepted.get(act) ?? 0) + Number(isAccepted));
  };

  await fc.assert(
    fc.asyncProperty(stage, fc.gen(), async (told, draw) => {
      const beginning = beginningAt(told);
      await play({ beginning, acts: ACTS_IN_A_HISTORY, draw, seen }, tell);
    }),
    { seed: SEED, numRuns: Math.ceil(ACTS / ACTS_IN_A_HISTORY), endOnFailure: true, reporter: tellFirst },
  );

  const counted = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${counted} acts, seed ${SEED}: ${told(outcomes)}\naccepted: ${told(accepted)}`);
  expect(counted).toBeGreaterThanOrEqual(ACTS);
  expect(outcomes.get('accepted')).toBeGreaterThan(counted / 10);
  expect(outcomes.get('REFUSED')).toBeGreaterThan(counted / 20);
  expect([...accepted].filter(([, count]) => count > 0).length).toBeGreaterThan(modelled.length * 0.9);
}, 3_600_000);

/** What differed says where: a history whole tells nobody anything. */
function tellFirst({ errorInstance }: { readonly errorInstance: unknown }): void {
  if (errorInstance instanceof Error) throw errorInstance;
}

function told(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([what, count]) => `${what} ${count}`).join(', ');
}
