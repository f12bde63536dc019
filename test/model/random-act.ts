// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { cast, departmentOf, type Member } from 'yuanliu-demo/cast';
import { demoCode, madeUpDigest } from '../builders';
import { maybe, nothing, oneOf } from './values';
import type { World } from './world';

export const departments = [departmentOf('金融服务', 0), departmentOf('医疗健康', 1)] as const;
/** Where an organisation acts, if that is not the whole city. */
interface Placed extends Member {
  readonly region?: string;
}

export const DISTRICT = '310101';
/** An agency and an operator that the story does not know, organisations of a district, and one with a remit. */
export const strangers: readonly Placed[] = [
  { ...cast.agency, code: demoCode(801), name: '另一实施机构(演示)' },
  { ...cast.operator, code: demoCode(802), name: '另一运营机构(演示)' },
  { ...cast.agency, code: demoCode(803), name: '区实施机构(演示)', region: DISTRICT },
  { ...cast.developer, code: demoCode(804), name: '区开发公司(演示)', region: DISTRICT },
  { ...departments[1], code: demoCode(805), name: '区主管部门(演示)', region: DISTRICT, remit: ['医疗健康'] },
  { ...cast.supervisor, code: demoCode(806), name: '行业监管部门(演示)', remit: ['医疗健康'] },
];
export const everybody: readonly Placed[] = [...Object.values(cast), ...departments, ...strangers];

/** How things stand when somebody does something. */
export interface Scene {
  readonly world: World;
  readonly time: string;
  readonly by: string;
  readonly id: string;
}

/** A value, or what is chosen once it is known how things stand. */
export type Chosen<T> = T | ((scene: Scene) => T);

/** A moment so many instants away at which something was done, begins or ends; or a millisecond beside it. */
export interface Near {
  /** Of a record of this kind; otherwise of that which the act is done to, or of any. */
  readonly kind?: string;
  readonly nth: number;
  readonly off: number;
}

/** An act by somebody, so long after the one before; a report may be of so long ago, or of a moment of interest. */
export interface RandomAct {
  readonly by: Member;
  readonly act: string;
  readonly id: string;
  /** Set where it is rather done to a record that it may be done to, by one who may: which of them. */
  readonly aimed: number | undefined;
  readonly input: Chosen<object>;
  readonly wait: number | Near;
  readonly ago: number | Near | undefined;
  /** Why a report comes late, and by which documents. */
  readonly late?: object | undefined;
}

/** All there is of one act that somebody may do, before it is weighed against others. */
export type Offered = Omit<Repertoire, 'weight'>;

/** All there is of one act that somebody may do. */
export interface Repertoire {
  readonly name: string;
  /** How much rather it is done than another. */
  readonly weight: number;
  readonly arbitrary: fc.Arbitrary<RandomAct>;
}

const HOUR = 3_600_000;
const near = (most: number): fc.Arbitrary<Near> => fc.record({ nth: fc.nat({ max: most }), off: oneOf(-1, 0, 1) });
const wait = fc.oneof(
  { weight: 12, arbitrary: fc.constant(1000) },
  { weight: 3, arbitrary: near(2) },
  { weight: 1, arbitrary: oneOf(HOUR, HOUR, 11 * HOUR, 25 * HOUR) },
);
const ago = maybe(
  fc.oneof(oneOf(0, 1000, 2000, 5000, HOUR, -1000, 24 * HOUR, 24 * HOUR + 1, 9000 * HOUR), near(30), near(3)),
);
const late = oneOf(
  undefined,
  undefined,
  { reason: '补录', documents: [] },
  { reason: '补录', documents: [madeUpDigest('台账')] },
);
const reports = ['usage:record', 'usage:anchor', 'delivery:deliver', 'finding:incident', 'agreement:exit'];

/** Who usually does it, or now and then anybody; on one of the records that there may be. */
export function act(
  name: string,
  usual: readonly Member[],
  id: fc.Arbitrary<string>,
  input: fc.Arbitrary<Chosen<object>> = nothing,
): Offered {
  const arbitrary = fc.record({
    by: fc.oneof({ weight: 8, arbitrary: oneOf(...usual) }, { weight: 1, arbitrary: oneOf(...everybody) }),
    act: fc.constant(name),
    id,
    aimed: fc.option(fc.nat({ max: 5039 }), { nil: undefined, freq: 4 }),
    input,
    wait,
    ago: reports.includes(name) ? ago : fc.constant(undefined),
    late: reports.includes(name) ? late : fc.constant(undefined),
  });
  return { name, arbitrary };
}

/** Acts done when something of a record of a kind, or of their own, begins or ends. */
export function timed({ name, arbitrary }: Offered, kind?: string): Offered {
  const near = fc.record<Near>({
    ...(kind ? { kind: fc.constant(kind) } : {}),
    nth: kind ? fc.nat({ max: 5039 }) : fc.constant(0),
    off: oneOf(-1, 0, 0, 1),
  });
  return { name, arbitrary: fc.tuple(arbitrary, near).map(([one, wait]) => ({ ...one, wait })) };
}

/** Mostly one of what fits as things stand; now and then, or where nothing does, anything. */
export function fitting<T>(
  any: fc.Arbitrary<T>,
  from: (scene: Scene) => readonly T[],
): fc.Arbitrary<(scene: Scene) => T> {
  return fc.tuple(any, fc.nat({ max: 5039 }), fc.nat({ max: 4 })).map(([one, nth, luck]) => (scene) => {
    const found = luck === 0 ? [] : from(scene);
    return found[nth % found.length] ?? one;
  });
}

/** An input whose parts are chosen as things stand. */
export function inputOf(
  parts: Readonly<Record<string, fc.Arbitrary<unknown>>>,
): fc.Arbitrary<(scene: Scene) => object> {
  return fc.record(parts).map((chosen) => (scene) => {
    const part = (one: unknown): unknown =>
      typeof one === 'function' ? (one as (scene: Scene) => unknown)(scene) : one;
    return Object.fromEntries(Object.entries(chosen).map(([name, one]) => [name, part(one)]));
  });
}

/** Refs of the records of a kind that are in one of these states, or in any. */
export function refsOf({ world }: Scene, kind: string, ...states: readonly string[]): string[] {
  const all = world.all(kind);
  return all.filter(({ now }) => states.length === 0 || states.includes(now.state)).map(({ ref }) => ref);
}
