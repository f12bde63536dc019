// SPDX-License-Identifier: Apache-2.0
import type { Facts, Terms } from './facts';
import type { World } from './world';

/** A division lies in another if its code begins with what that one's says: 310101 in 310000. */
export function isWithin(place: string, region: string): boolean {
  return place.startsWith(region.replace(/(00)+$/, ''));
}

/** Whether an organisation's region and remit cover what a record is about; one that says neither is within reach of all. */
export function reaches(world: World, by: string, { region, domain, domains }: Facts): boolean {
  const own = world.now(`organization/${by}`)?.facts;
  if (region !== undefined && !isWithin(region, own?.region ?? '')) return false;
  const concerned = domains ?? (domain === undefined ? [] : [domain]);
  return concerned.length === 0 || !own?.remit || concerned.some((one) => own.remit?.includes(one));
}

export function domainsOf(world: World, ids: readonly string[]): string[] {
  return [...new Set(ids.flatMap((id) => world.now(`resource/${id}`)?.facts.domain ?? []))];
}

/** What a link is about: the resources or domains that it names, else what the link above is; everything if none of them says. */
export function aboutOf(world: World, terms: Terms | undefined, above?: string): Pick<Facts, 'domains'> {
  const named = terms?.resources ? domainsOf(world, terms.resources) : terms?.domains;
  return { domains: named ?? world.now(above ?? '')?.facts.domains };
}
