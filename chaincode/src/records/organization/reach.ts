// SPDX-License-Identifier: Apache-2.0
import { commonRegion, regionCovers, sortedSet } from '../../vocabulary/vocabulary.js';
import type { RoleHeld } from './organization.js';

/** Whether a role's region and remit cover a record; a record that says neither is within reach of all. */
export function reaches({ region, remit }: RoleHeld, body: object): boolean {
  const { region: place, roles, domain, domains } = body as Reachable;
  const places = place === undefined ? (roles ?? []).map((held) => held.region) : [place];
  if (!places.every((one) => regionCovers(region, one))) return false;
  const concerned = domains ?? (domain === undefined ? [] : [domain]);
  return !remit || concerned.length === 0 || concerned.some((one) => remit.includes(one));
}

/** Where a finding or report is, and which domains it concerns: this decides who oversees it. */
export interface Place {
  readonly region?: string;
  readonly domains?: string[];
}

/**
 * The place of an organisation as such: the division that all its roles lie in, and their domains if each is for some. Not
 * the place of one role: who acts chooses its role, and would choose by it who oversees the act.
 */
export function placeOfRoles(roles: readonly RoleHeld[]): Place {
  return covering(roles.map(({ region, remit }) => ({ region, ...(remit ? { domains: [...remit] } : {}) })));
}

/** The place that covers all of these; without a region, or domains, where one of them is without. */
export function covering(places: readonly Place[]): Place {
  const [regions, domains] = [places.flatMap((one) => one.region ?? []), places.flatMap((one) => one.domains ?? [])];
  const region = regions.length === places.length ? commonRegion(regions) : undefined;
  const isOfSome = places.length > 0 && places.every((one) => one.domains !== undefined);
  return { ...(region === undefined ? {} : { region }), ...(isOfSome ? { domains: sortedSet(domains) } : {}) };
}

/** What a body may say of where and what it concerns; an organisation is where its roles are. */
export interface Reachable {
  readonly region?: string;
  readonly roles?: readonly { readonly region: string }[];
  readonly domain?: string;
  readonly domains?: readonly string[];
}
