// SPDX-License-Identifier: Apache-2.0
import type { Act } from './act';
import type { Control, Facts } from './facts';
import type { World } from './world';

const itself = (_: Facts, id: string) => [id];
const byItself = {
  'data-authority': itself,
  registrar: itself,
  'implementing-agency': itself,
  operator: itself,
  developer: itself,
  department: itself,
  supplier: itself,
  supervisor: itself,
  platform: itself,
};

/** Everyone above an organisation at a time, near or far, by what anyone declared; what the State owns as such is left out. */
function above(world: World, below: string, at: string, known: readonly string[] = []): readonly string[] {
  const all = world.all('organization').flatMap(({ now }) => now.facts.controls ?? []);
  return all
    .filter((one) => one.controlled === below && !one.state && one.since <= at && (!one.until || at < one.until))
    .reduce<readonly string[]>(
      (found, { controller }) =>
        found.includes(controller) ? found : above(world, controller, at, [...found, controller]),
      known,
    );
}

/** One controls the other, or both have a controller in common. */
export function areAffiliated(world: World, one: string, other: string, at: string): boolean {
  const [mine, its] = [
    [one, ...above(world, one, at)],
    [other, ...above(world, other, at)],
  ];
  return one !== other && mine.some((controller) => its.includes(controller));
}

const isSame = (one: Control, { controlled, controller, basis }: Omit<Control, 'since'>): boolean =>
  one.until === undefined && one.controlled === controlled && one.controller === controller && one.basis === basis;

/** Who controls whom, as organisations declare it of themselves. */
export const controlActs: Readonly<Record<string, Act>> = {
  'organization:declare-control': {
    who: byItself,
    from: ['admitted', 'suspended'],
    always: true,
    anywhere: true,
    malformed: ({ controller, over }) => (controller === undefined) === (over === undefined),
    leaves: ({ call, input: { controller, over, basis = '', state, since = '' }, was, before, time }) => {
      const control = { controlled: over ?? call.by, controller: controller ?? call.by, basis, state, since };
      const isKnown = was.controls?.some((one) => isSame(one, control));
      if (control.controlled === control.controller || since > time || isKnown) return 'INPUT_INVALID';
      return { to: before?.state ?? '', facts: { ...was, controls: [...(was.controls ?? []), control] } };
    },
  },
  'organization:end-control': {
    who: byItself,
    from: ['admitted', 'suspended'],
    always: true,
    anywhere: true,
    malformed: ({ controller, over }) => (controller === undefined) === (over === undefined),
    leaves: ({ call, input: { controller, over, basis = '', until = '' }, was, before, time }) => {
      const control = { controlled: over ?? call.by, controller: controller ?? call.by, basis };
      const known = was.controls?.find((one) => isSame(one, control));
      if (!known || until > time || until < known.since) return 'INPUT_INVALID';
      const controls = was.controls?.map((one) => (one === known ? { ...one, until } : one));
      return { to: before?.state ?? '', facts: { ...was, controls } };
    },
  },
};
