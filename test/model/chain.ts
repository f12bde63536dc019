// SPDX-License-Identifier: Apache-2.0
import type { Facts, Terms } from './facts';
import type { Moment, World } from './world';

/** One link of an authority chain, as it is or was. */
export interface Link {
  readonly ref: string;
  readonly moment: Moment;
}

/** The records that a record's standing rests on. */
export function above(ref: string, { plan, operator, developer, agreement }: Facts): string[] {
  switch (ref.split('/')[0]) {
    case 'agreement':
      return [`plan/${plan ?? ''}`, `organization/${operator ?? ''}`];
    case 'scenario':
    case 'grant':
      return [`agreement/${agreement ?? ''}`, `organization/${developer ?? ''}`];
    default:
      return [];
  }
}

const IN_FORCE: Readonly<Record<string, readonly string[]>> = {
  organization: ['admitted'],
  plan: ['approved', 'superseded'],
  agreement: ['signed'],
  scenario: ['approved'],
  grant: ['in-force'],
};

/** What a link allows; a superseded plan does so until the date that was stated. */
export function termsOf(facts: Facts | undefined): Terms | undefined {
  const { terms, supersededUntil } = facts ?? {};
  return terms && { ...terms, to: supersededUntil ?? terms.to };
}

/**
 * Every link from a record upward, whether each of them was in force, and whether in its term too, or that was over. A cut link lets pass
 * what its wind-down keeps: one of what rests on it, or of the links on the way up.
 */
export function walk(
  world: World,
  ref: string,
  time: string,
  asOf?: string,
  resting: readonly string[] = [],
): { stands: boolean; cut: boolean; over: boolean; links: Link[] } {
  const moment = asOf === undefined ? world.now(ref) : world.then(ref, asOf);
  if (!moment) return { stands: false, cut: true, over: true, links: [] };
  const at = asOf ?? time;
  const terms = termsOf(moment.facts);
  const inTerm = terms === undefined || (terms.from <= at && at < terms.to);
  const upward = above(ref, moment.facts).map((one) => walk(world, one, time, asOf, [...resting, ref]));
  const inForce = isInForce(ref, moment, at, resting);
  return {
    stands: inForce && inTerm && upward.every(({ stands }) => stands),
    cut: !inForce || upward.some(({ cut }) => cut),
    over: !inForce || (terms !== undefined && at >= terms.to) || upward.some(({ over }) => over),
    links: [{ ref, moment }, ...upward.flatMap(({ links }) => links)],
  };
}

function isInForce(ref: string, { state, facts: { cuts, halt } }: Moment, at: string, resting: readonly string[]) {
  if ((IN_FORCE[ref.split('/')[0] ?? ''] ?? []).includes(state)) return true;
  if (state === 'halted') return at >= (halt?.until ?? '');
  const { windDown } = cuts?.[state] ?? {};
  return windDown !== undefined && at < windDown.until && resting.some((one) => windDown.keeps.includes(one));
}

/** The agreement that an authority is, or is under. */
export function agreementOf(world: World, authority: string): string | undefined {
  if (!world.now(authority)) return undefined;
  return authority.startsWith('agreement/') ? authority : `agreement/${world.now(authority)?.facts.agreement ?? ''}`;
}

/** Who may exercise an authority: the developer of a grant, the operator of an agreement. */
export function holderOf(world: World, authority: string): string | undefined {
  const facts = world.now(authority)?.facts;
  return authority.startsWith('grant/') ? facts?.developer : facts?.operator;
}

/** Something done with resources, for a purpose. */
export interface Use {
  readonly resources: readonly string[];
  readonly purpose: string;
  readonly action: string;
  readonly at: string;
}

/** Whether one link by itself allows a use. */
export function allows(world: World, terms: Terms, use: Use): boolean {
  return (
    use.resources.every(
      (id) =>
        (terms.resources?.includes(id) ?? true) &&
        (terms.domains?.includes(world.now(`resource/${id}`)?.facts.domain ?? '') ?? true),
    ) &&
    (terms.purposes?.includes(use.purpose) ?? true) &&
    (terms.actions?.includes(use.action) ?? true) &&
    terms.from <= use.at &&
    use.at < terms.to
  );
}

/** Whether a link claims nothing that the one above it denies; what it leaves open the one above still binds. */
export function isNarrower(world: World, child: Terms, parent: Terms): boolean {
  const inside = (some: readonly string[] | undefined, all: readonly string[] | undefined): boolean =>
    !some || !all || some.every((one) => all.includes(one));
  const domains = child.resources?.map((id) => world.now(`resource/${id}`)?.facts.domain ?? '');
  return (
    child.catalogue === parent.catalogue &&
    inside(child.domains, parent.domains) &&
    inside(child.resources, parent.resources) &&
    (child.domains !== undefined || inside(domains, parent.domains)) &&
    inside(child.purposes, parent.purposes) &&
    inside(child.actions, parent.actions) &&
    parent.from <= child.from &&
    child.to <= parent.to &&
    (child.quota ?? 0) <= (parent.quota ?? Infinity)
  );
}
