// SPDX-License-Identifier: Apache-2.0
import type { Step } from 'yuanliu-demo/story';
import { cast, ids, storyTo, PURPOSE, use, type Stage } from '../builders';
import { modelled } from './model';
import type { RandomAct } from './random-act';
import { paper } from './values';

const { agency, operator, developer, rival } = cast;

/** The other developer is authorized too, within a quota, and has what the operator made; a second agreement is signed. */
function widened(): Step[] {
  const story = storyTo('produced');
  const told = (act: string, id: string): object => story.find((one) => one.act === act && one.id === id)?.input ?? {};
  const step = (by: Step['by'], act: string, id: string, input: object = {}): Step => ({ by, act, id, input });
  const terms = {
    catalogue: ids.catalogue,
    from: '2026-01-01T00:00:00.000Z',
    to: '2029-01-01T00:00:00.000Z',
    quota: 30,
  };
  const [first, last] = ['grant/GRANT-1', 'grant/GRANT-2'];
  return [
    step(agency, 'organization:qualify', rival.code, { role: 'developer', basis: paper }),
    ...[rival, developer].flatMap((by, i) => [
      step(by, 'scenario:apply', `SCN-${i + 1}`, told('scenario:apply', ids.scenario)),
      step(operator, 'scenario:forward', `SCN-${i + 1}`, { opinion: '同意' }),
      step(agency, 'scenario:assess', `SCN-${i + 1}`, {
        result: 'approve',
        reason: '通过',
        grant: { id: `GRANT-${i + 1}`, terms },
      }),
    ]),
    step(operator, 'delivery:deliver', 'D-1', {
      product: `product/${ids.basic}@1`,
      to: rival.code,
      authority: first,
      purpose: PURPOSE,
    }),
    step(rival, 'delivery:confirm', 'D-1'),
    step(developer, 'usage:request', 'U-1', use({ authority: last, quantity: 3 })),
    step(agency, 'agreement:propose', 'AGR-1', told('agreement:propose', ids.agreement)),
    step(agency, 'agreement:sign', 'AGR-1', { document: paper }),
    step(operator, 'agreement:sign', 'AGR-1', { document: paper }),
  ];
}

/** What the story waits for, with the rulebook that there is here. */
const WAITS: Readonly<Record<string, number>> = { 'registration:code': 12 * 3_600_000 };

/** Where histories begin: a stage of the story, or with more going on than that tells. */
export function beginningAt(stage: Stage | 'widened'): RandomAct[] {
  const founded = storyTo('founded').length;
  const steps = stage === 'widened' ? [...storyTo('produced'), ...widened()] : storyTo(stage);
  return steps
    .slice(founded)
    .filter(({ act }) => modelled.includes(act))
    .map((step) => ({ ...step, aimed: undefined, wait: WAITS[step.act] ?? 1000, ago: undefined }));
}
