// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { storyTo } from '../builders';
import { modelled, type Outcome } from './model';
import { play, type Turn } from './play';
import { randomAct } from './random-acts';

/** How many random acts in all, and which: `MODEL_ACTS=1000000 MODEL_SEED=7 npx jest test/model`. */
const ACTS = Number(process.env['MODEL_ACTS'] ?? 10_000);
const SEED = Number(process.env['MODEL_SEED'] ?? 20_260_601);
const ACTS_IN_A_HISTORY = 500;
const CHOICES = 16;

const turn = fc.oneof(
  fc.record<Turn>({ aim: fc.constant('any'), choices: randomActs(1) }),
  fc.record<Turn>({ aim: fc.constantFrom('accepted', 'accepted', 'REFUSED'), choices: randomActs(CHOICES) }),
);
const history = fc.record({
  told: fc.constantFrom('listed', 'authorized', 'produced', 'produced'),
  turns: fc.array(turn, { minLength: ACTS_IN_A_HISTORY, maxLength: ACTS_IN_A_HISTORY, size: 'max' }),
});

function randomActs(count: number): fc.Arbitrary<Turn['choices']> {
  return fc.array(randomAct, { minLength: count, maxLength: count });
}

test(`the contract does what a plain model of the domain does, whatever is asked (seed ${SEED})`, async () => {
  const outcomes = new Map<string, number>();
  const accepted = new Map<string, number>();
  const tell = (act: string, outcome: Outcome): void => {
    const isAccepted = 'state' in outcome;
    const what = !isAccepted ? outcome.code : outcome.violations.length > 0 ? 'accepted, violating' : 'accepted';
    outcomes.set(what, (outcomes.get(what) ?? 0) + 1);
    accepted.set(act, (accepted.get(act) ?? 0) + Number(isAccepted));
  };

  await fc.assert(
    fc.asyncProperty(history, async ({ told, turns }) => {
      const story = storyTo(told)
        .slice(storyTo('founded').length)
        .filter(({ act }) => modelled.includes(act));
      const beginning = story.map((step): Turn => ({ aim: 'any', choices: [{ ...step, wait: 1000, ago: undefined }] }));
      await play([...beginning, ...turns], tell);
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
