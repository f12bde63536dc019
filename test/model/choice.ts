// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import type { Member } from 'yuanliu-demo/cast';
import type { Call } from './act';
import { acts, foreseen, type Foreseen } from './model';
import { everybody, type Near, type RandomAct, type Repertoire } from './random-act';
import { repertoire } from './random-acts';
import { after } from './values';
import { instantsOf, type Moment, type World } from './world';

/** How often each act was tried, and each outcome of it was seen. */
export type Seen = Map<string, number>;

interface Situation {
  readonly world: World;
  readonly now: string;
  readonly seen: Seen;
}

/** Somebody does something at a time. */
export interface Done {
  readonly by: Member;
  readonly time: string;
  readonly call: Call;
}

/** So many acts are thought of, with so many inputs each, where one is done. */
const [ACTS, INPUTS] = [5, 4];

const anyOf = (): fc.Arbitrary<RandomAct> =>
  fc.oneof(...repertoire.map(({ weight, arbitrary }) => ({ weight, arbitrary })));
const oneOf = (i: number): fc.Arbitrary<RandomAct> => repertoire[i]?.arbitrary ?? anyOf();
const wanted = (): fc.Arbitrary<string> =>
  fc.constantFrom('any', 'good', 'good', 'good', 'one', 'one', 'one', 'REFUSED', '');
const luck = (): fc.Arbitrary<number> => fc.integer({ min: 1, max: 4 });

/** By the outcome that the model foresees: all is well, a single rule is broken, or something is refused. */
const fits: Readonly<Record<string, (foreseen: Foreseen) => boolean>> = {
  good: ({ code, rules }) => code === undefined && rules.length === 0,
  one: ({ code, rules }) => code !== 'FORBIDDEN' && rules.length === 1,
  REFUSED: ({ code }) => code === 'REFUSED',
};

/**
 * What is done next: now and then anything at all; else, of a few acts that things are ripe for and that were tried least,
 * the one whose outcome, as the model foresees it, was seen least; mostly of those where all is well or one rule is broken.
 */
export function chosen(draw: fc.GeneratorValue, situation: Situation): Done {
  const { world, now, seen } = situation;
  const aim = draw(wanted);
  if (aim === 'any') return momentOf(draw(anyOf), world, now);

  const count = (sign: string): number => seen.get(sign) ?? 0;
  const tally = (sign: string): unknown => seen.set(sign, count(sign) + 1);
  const thought = repertoire
    .map((one, i) => ({ ...one, i, sign: `${one.name} ${aim}` }))
    .filter((one) => isRipe(world, one))
    .map((one) => ({ ...one, tried: ((1 + count(one.sign)) * draw(luck)) / one.weight }))
    .sort((a, b) => a.tried - b.tried)
    .slice(0, ACTS);
  thought.forEach(({ sign }) => tally(sign));
  const all = thought.flatMap(({ i, tried }) =>
    Array.from({ length: INPUTS }, () => {
      const choice = draw(oneOf, i);
      const done = momentOf(choice, world, now);
      const { code, rules, from } = foreseen(world, done.call, done.time);
      const { off } = [choice.wait, choice.ago].find((one) => typeof one === 'object') ?? { off: undefined };
      const sign = [done.call.act, code, ...rules, 'from', from, 'by', done.call.role, off].join(' ');
      return { ...done, tried, code, rules, from, sign };
    }),
  );
  const seldom = ({ tried, sign }: (typeof all)[number]): number => tried * (1 + count(sign));
  const [next = all[0]] = all.filter((one) => fits[aim]?.(one) ?? true).sort((a, b) => seldom(a) - seldom(b));
  if (!next) throw new Error('there is nothing to do');
  tally(next.sign);
  return next;
}

/** Whether there is anything that an act may be done to. */
function isRipe(world: World, { name }: Repertoire): boolean {
  const { from } = acts[name] ?? {};
  return from === undefined || world.all(name.split(':')[0] ?? '').some(({ now }) => from.includes(now.state));
}

const FAR = 4 * 86_400_000;

/** Who does it when, and the call that this makes. */
export function momentOf(choice: RandomAct, world: World, now: string): Done {
  const { act, input, wait, ago } = choice;
  const target = aimed(world, choice);
  const { by, id } = { ...choice, ...target };
  const time =
    typeof wait === 'number' ? after(now, wait) : coming(wait, instantsFor(wait, { world, now, target }), now);
  const occurredAt = typeof ago === 'object' ? gone(ago, world, time) : ago === undefined ? ago : after(time, -ago);
  const whole = typeof input === 'function' ? input({ world, time, by: by.code, id }) : input;
  // what is undefined is not there, and instants are as the ledger keeps them
  const json = JSON.stringify({ ...whole, occurredAt, late: choice.late }).replaceAll(':00Z"', ':00.000Z"');
  return { by, time, call: { by: by.code, role: by.role, act, id, input: JSON.parse(json) as Call['input'] } };
}

interface Target {
  readonly found?: Moment;
  readonly id?: string;
  readonly by?: Member;
}

/** A record that the act may be done to as things stand, and one who may do it, where it is aimed at such. */
function aimed(world: World, { act: name, aimed: nth }: RandomAct): Target {
  const act = acts[name];
  const kind = name.split(':')[0] ?? '';
  if (!act || nth === undefined) return {};
  const open = world.all(kind).filter(({ now }) => act.from?.includes(now.state));
  const found = open[nth % open.length];
  if (!found) return {};
  const id = found.ref.slice(kind.length + 1);
  const able = everybody.filter(({ role, code }) => {
    const parties = act.who[role]?.(found.now.facts, id) ?? [code];
    return role in act.who && parties.includes(code);
  });
  const by = able[nth % able.length];
  return { found: found.now, id, ...(by ? { by } : {}) };
}

/** The instants of a record of the kind that is meant, or of the one that the act is done to, if any are to come; or all. */
function instantsFor({ kind, nth }: Near, { world, now, target }: { world: World; now: string; target: Target }) {
  const about = kind === undefined ? [target.found ?? []].flat() : world.all(kind).map((one) => one.now);
  const coming = about.map((one) => instantsOf(one).filter((at) => at > now)).filter(({ length }) => length > 0);
  return coming[nth % coming.length] ?? world.instants;
}

/** Near one of the next instants; not so far away that nothing else would ever happen. */
function coming({ nth, off }: Near, instants: readonly string[], now: string): string {
  const first = instants.findLastIndex((one) => one <= now) + 1;
  const next = instants[first + (nth % 3)] ?? instants.at(-1);
  const time = next === undefined ? now : after(next, off);
  return time <= now || time > after(now, FAR) ? after(now, 1000) : time;
}

/** Near one of the last. */
function gone({ nth, off }: Near, { instants }: World, now: string): string {
  const last = instants[Math.max(0, instants.findLastIndex((one) => one <= now) - nth)];
  const time = after(last ?? now, off);
  return time;
}
