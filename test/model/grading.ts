// SPDX-License-Identifier: Apache-2.0
import type { Facts, Source } from './facts';
import type { World } from './world';

/** A resource as it is now, or was as of a time: its grade (0 without one) and whether it is personal. */
function known(world: World, id: string, asOf?: string): { grade: number; personal: boolean } {
  const ref = `resource/${id}`;
  const facts = (asOf === undefined ? world.now(ref) : world.then(ref, asOf))?.facts;
  return { grade: facts?.grade ?? 0, personal: facts?.personal === true };
}

/** The grading of a product that holds, or did. */
function gradingOf({ gradings = [] }: Facts, asOf?: string) {
  return gradings.findLast(({ at }) => asOf === undefined || at <= asOf) ?? gradings[0];
}

/** The own grade of a product; 0 without one. */
function ownGrade(world: World, id: string, asOf?: string): number {
  const ref = `product/${id}`;
  const facts = (asOf === undefined ? world.now(ref) : world.then(ref, asOf))?.facts;
  return (facts && gradingOf(facts, asOf)?.grade) ?? 0;
}

/**
 * What a product's sources, and the products it comes from, demand: what they did when it was made, and more where one has
 * been raised since.
 */
export function demandedOf(
  world: World,
  { sources = [], through = [], inherited = 0, personal }: Facts,
  asOf?: string,
) {
  const now = [
    ...sources.map(({ id, grade }) => ({ was: grade, is: known(world, id, asOf).grade })),
    ...through.map(({ id, grade }) => ({ was: grade, is: ownGrade(world, id, asOf) })),
  ];
  return {
    grade: Math.max(inherited, ...now.flatMap(({ was, is }) => (is > was ? [is] : []))),
    personal: personal === true || sources.some((one) => !one.personal && known(world, one.id, asOf).personal),
  };
}

/** Graded below what its sources demand, and no decision covers that. */
export function isGradedDown(world: World, facts: Facts, asOf?: string): boolean {
  const own = gradingOf(facts, asOf);
  const demanded = demandedOf(world, facts, asOf).grade;
  return own !== undefined && own.grade < demanded && !(own.decided && own.demanded >= demanded);
}

/** It counts as core data: by its own grade, or by what its sources demand unless a decision covers that. */
export function isCore(world: World, facts: Facts, asOf?: string): boolean {
  const own = gradingOf(facts, asOf);
  const demanded = demandedOf(world, facts, asOf).grade;
  const isCovered = own?.decided === true && own.demanded >= demanded;
  return (isCovered ? own.grade : Math.max(own?.grade ?? 0, demanded)) === CORE;
}
const CORE = 6;

export function isPersonal(world: World, facts: Facts, asOf?: string): boolean {
  return facts.anonymized !== true && demandedOf(world, facts, asOf).personal;
}

/** What a new product takes from its inputs: every source, the highest grade, whether anything is personal (就高从严). */
export function takenFrom(
  world: World,
  inputs: readonly string[],
): Pick<Facts, 'sources' | 'through' | 'inherited' | 'personal'> {
  const found = inputs.flatMap((exact) => {
    const facts = world.version(exact)?.facts;
    return facts ? [{ facts, id: exact.replace(/^resource\/|@.*$/g, ''), kind: exact.split('/')[0] }] : [];
  });
  const sources = new Map<string, Source>();
  for (const { facts, id, kind } of found) {
    if (kind === 'external-input') continue;
    const own =
      kind === 'product' ? (facts.sources ?? []) : [{ id, grade: facts.grade ?? 0, personal: facts.personal === true }];
    for (const source of own) {
      const all = [source, known(world, source.id), ...[sources.get(source.id) ?? []].flat()];
      sources.set(source.id, {
        id: source.id,
        grade: Math.max(...all.map(({ grade }) => grade)),
        personal: all.some(({ personal }) => personal),
      });
    }
  }
  const through = new Map<string, number>();
  for (const { facts, kind, id } of found) {
    if (kind !== 'product') continue;
    for (const one of [...(facts.through ?? []), { id: id.replace('product/', ''), grade: 0 }]) {
      through.set(one.id, Math.max(through.get(one.id) ?? 0, one.grade, ownGrade(world, one.id)));
    }
  }
  const grades = found.map(({ facts, id, kind }) => {
    if (kind !== 'product') return Math.max(facts.grade ?? 0, known(world, id).grade);
    const own = facts.gradings?.at(-1)?.grade ?? 0;
    return isGradedDown(world, facts) ? demandedOf(world, facts).grade : own || demandedOf(world, facts).grade;
  });
  const inherited = Math.max(0, ...grades);
  if (through.size === 0) {
    // a version that is not there is refused, and counts as its product is
    const missing = inputs.filter((exact) => exact.startsWith('product/'));
    for (const exact of missing) through.set(exact.replace(/^product\/|@.*$/g, ''), inherited);
  }
  return {
    sources: [...sources.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    through: [...through].map(([id, grade]) => ({ id, grade })),
    inherited,
    personal: found.some(({ facts, id, kind }) =>
      kind === 'product' ? isPersonal(world, facts) : facts.personal === true || known(world, id).personal,
    ),
  };
}
