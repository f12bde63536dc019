// SPDX-License-Identifier: Apache-2.0
import { regionCovers } from '../../vocabulary/vocabulary.js';
import type { RoleHeld } from './organization.js';

/** Whether a role's region and remit cover a record; a record that says neither is within reach of all. */
export function reaches({ region, remit }: RoleHeld, body: object): boolean {
  const { region: place, roles, domain, domains } = body as Reachable;
  const places = place === undefined ? (roles ?? []).map((held) => held.region) : [place];
  if (!places.every((one) => regionCovers(region, one))) return false;
  const concerned = domains ?? (domain === undefined ? [] : [domain]);
  return !remit || concerned.length === 0 || concerned.some((one) => remit.includes(one));
}

/** What a body may say of where and what it concerns; an organisation is where its roles are. */
export interface Reachable {
  readonly region?: string;
  readonly roles?: readonly { readonly region: string }[];
  readonly domain?: string;
  readonly domains?: readonly string[];
}
