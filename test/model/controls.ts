// SPDX-License-Identifier: Apache-2.0
import { any, those, type Act } from './act';
import type { Control, Facts } from './facts';
import type { Claim, World } from './world';

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

type Certainty = 'confirmed' | 'claimed';

/** Everyone above an organisation at a time, near or far, by what both declared or, too, by what one claims; not the State. */
function above(
  world: World,
  below: string,
  at: string,
  by: Certainty,
  known: readonly string[] = [],
): readonly string[] {
  const then = world.claims.filter(
    (one) =>
      one.controlled === below &&
      !one.state &&
      one.result !== 'struck' &&
      one.since <= at &&
      (!one.until || at < one.until),
  );
  const isConfirmed = (controller: string): boolean => {
    const of = then.filter((one) => one.controller === controller);
    return (
      of.some(({ result }) => result === 'stands') ||
      [controller, below].every((party) => of.some((one) => one.by === party))
    );
  };
  return then
    .filter(({ controller }) => by === 'claimed' || isConfirmed(controller))
    .reduce<readonly string[]>(
      (found, { controller }) =>
        found.includes(controller) ? found : above(world, controller, at, by, [...found, controller]),
      known,
    );
}

/** One controls the other, or both have a controller in common. */
export function areAffiliated(world: World, one: string, other: string, at: string, by: Certainty): boolean {
  const [mine, its] = [
    [one, ...above(world, one, at, by)],
    [other, ...above(world, other, at, by)],
  ];
  return one !== other && mine.some((controller) => its.includes(controller));
}

const isSame = (one: Control, { controlled, controller, basis }: Omit<Control, 'since'>): boolean =>
  one.until === undefined && one.controlled === controlled && one.controller === controller && one.basis === basis;

const isOfNone = ({ controller, over }: { readonly controller?: string; readonly over?: string }): boolean =>
  (controller === undefined) === (over === undefined);

/** An act of an organisation on what it says of itself. */
const ofItself = {
  who: byItself,
  from: ['admitted', 'suspended'],
  always: true,
  anywhere: true,
  malformed: isOfNone,
} as const;

/** Who controls whom, as organisations declare it of themselves, contest it, and have it determined. */
export const controlActs: Readonly<Record<string, Act>> = {
  'organization:declare-control': {
    ...ofItself,
    leaves: ({
      world,
      call: { by },
      input: { controller, over, basis = '', state, since = '' },
      was,
      before,
      time,
    }) => {
      const control = { controlled: over ?? by, controller: controller ?? by, basis, state, since };
      const known = world.claims.filter((one) => isSame(one, control));
      if (control.controlled === control.controller || since > time || known.some((one) => one.by === by)) {
        return 'INPUT_INVALID';
      }
      const isConfirmed = known.length > 0;
      return {
        to: before?.state ?? '',
        facts: isConfirmed ? { ...was, controls: [...(was.controls ?? []), control] } : was,
        opens: !isConfirmed,
        then: () => (world.claims = [...world.claims, { ...control, by }]),
      };
    },
    broken: ({ world, call: { by }, input: { over = by } }) =>
      those({ 'own-share': world.claims.filter((one) => one.by === by && one.controlled === over).length >= 20 }),
  },
  'organization:end-control': {
    ...ofItself,
    leaves: ({ world, call: { by }, input: { controller, over, basis = '', until = '' }, was, before, time }) => {
      const control = { controlled: over ?? by, controller: controller ?? by, basis };
      const known = world.claims.find((one) => one.by === by && isSame(one, control));
      if (!known || until > time || until < known.since || known.result === 'stands') return 'INPUT_INVALID';
      const controls = was.controls?.map((one) => (isSame(one, control) ? { ...one, until } : one));
      return {
        to: before?.state ?? '',
        facts: { ...was, controls },
        then: () => (world.claims = world.claims.map((one) => (one === known ? { ...one, until } : one))),
      };
    },
  },
  'organization:contest-control': {
    ...ofItself,
    leaves: ({ world, call: { by }, input: { controller, over, basis = '' }, was, before }) => {
      const control = { controlled: over ?? by, controller: controller ?? by, basis };
      const known = world.claims.filter((one) => isSame(one, control));
      const isOpen = known.length > 0 && known.every((one) => one.by !== by && !one.isContested && !one.result);
      if (!isOpen) return 'INPUT_INVALID';
      const contested = (one: Claim): Claim => (known.includes(one) ? { ...one, isContested: true } : one);
      return {
        to: before?.state ?? '',
        facts: was,
        opens: true,
        then: () => (world.claims = world.claims.map(contested)),
      };
    },
  },
  'organization:determine-control': {
    who: { 'data-authority': any, supervisor: any },
    from: ['admitted', 'suspended'],
    leaves: ({ world, call: { by, id }, input: { controller = '', basis = '', result, since }, was, before, time }) => {
      const known = world.claims.filter((one) => isSame(one, { controlled: id, controller, basis }));
      const [first = time] = known.map((one) => one.since).sort();
      const control = { controlled: id, controller, basis, since: since ?? first };
      if (controller === id || control.since > time || (result === 'struck' && known.length === 0))
        return 'INPUT_INVALID';
      const others = (was.controls ?? []).filter((one) => !isSame(one, control));
      const controls = result === 'stands' ? [...others, { ...control, isDetermined: true as const }] : others;
      const determined = (one: Claim): Claim =>
        known.includes(one) ? { ...one, result, state: result === 'stands' ? undefined : one.state } : one;
      return {
        to: before?.state ?? '',
        facts: { ...was, controls },
        then: () =>
          (world.claims =
            known.length > 0 ? world.claims.map(determined) : [...world.claims, { ...control, by, result }]),
      };
    },
    broken: ({ call: { by, id, role }, input: { controller } }) =>
      those({ 'control-determined': role === 'supervisor' || [id, controller].includes(by) }),
  },
};
