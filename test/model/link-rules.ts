// SPDX-License-Identifier: Apache-2.0
import type { Deed } from './act';
import { above, agreementOf, isNarrower, termsOf, walk } from './chain';
import { rulebook } from './periods';
import type { Facts, Terms } from './facts';
import type { World } from './world';

export function lacksParts(of: keyof typeof rulebook.parts, { parts = {} }: Facts): boolean {
  return rulebook.parts[of].some((part) => parts[part] === undefined);
}

/** A plan or an agreement that names actions lets products be developed and delivered. */
export function lacksActions(
  { actions }: Partial<Terms> = {},
  needed: readonly string[] = ['develop', 'deliver'],
): boolean {
  return actions !== undefined && !needed.every((one) => actions.includes(one));
}

export function parentsFall({ world, ref, time }: Deed, facts: Facts): boolean {
  return above(ref, facts).some((parent) => walk(world, parent, time).over); // one that is yet to begin may be agreed under
}

/** An agreement is made under the agency's own plan, which no other has taken the place of. */
export function isPlanPast(world: World, { plan, agency: by, region }: Facts): boolean {
  const found = world.now(`plan/${plan ?? ''}`);
  return (
    found !== undefined && (found.state === 'superseded' || found.facts.agency !== by || found.facts.region !== region)
  );
}

export function isWider(world: World, child: Terms | undefined, parent: string): boolean {
  const limits = termsOf(world.now(parent)?.facts);
  return child !== undefined && limits !== undefined && !isNarrower(world, child, limits);
}

export function isUnqualified(world: World, { developer, agency: by }: Facts): boolean {
  const qualifiedBy = world.now(`organization/${developer ?? ''}`)?.facts.qualifiedBy ?? [];
  return developer !== undefined && !qualifiedBy.includes(by ?? '');
}

/** An agreement is filed in time after it was signed: not what is done under it between that time and its filing. */
export function isUnfiled(world: World, authority: string, at: string): boolean {
  const { fileBy, filed } = world.then(agreementOf(world, authority) ?? '', at)?.facts ?? {};
  const isFiled = filed !== undefined && filed <= at;
  return fileBy !== undefined && !isFiled && at > fileBy;
}

export const scenarioOf = (world: World, { scenario = '' }: Facts): Facts =>
  world.now(`scenario/${scenario}`)?.facts ?? {};

/** A grant is for the purpose of its scenario, in its domains if that names some: said by it, or left out. */
export function forScenario(terms: Terms | undefined, { purpose = '', domains }: Facts): Terms | undefined {
  return terms && { purposes: [purpose], ...(domains && !terms.resources ? { domains } : {}), ...terms };
}

export function isBesideScenario(world: World, terms: Terms | undefined, { purpose = '', domains }: Facts): boolean {
  if (!terms) return false;
  return !isNarrower(world, terms, { ...terms, purposes: [purpose], ...(domains ? { domains } : {}) });
}
