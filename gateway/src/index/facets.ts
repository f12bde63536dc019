// SPDX-License-Identifier: Apache-2.0
import type { Kind } from 'yuanliu-chaincode/kind';
import type { LedgerRecord } from 'yuanliu-chaincode/record';
import { NUL } from './keys.js';
import type { VersionRow } from './rows.js';

/**
 * Fields of a body that have lists of their own, the most selective first. A filter on any other field goes through the
 * narrowest of these lists and looks at each record.
 */
export const LISTED_FIELDS = ['subject', 'about', 'product', 'authority', 'agreement', 'scenario', 'domain'] as const;

/** The list of every record of a kind. */
export const ALL = facet('all', '');

/** A list that a record is on, and the part of its key that says so. */
export function facet(name: string, value: string): string {
  return `${name}${NUL}${value}`;
}

/** Whether a list is kept by last change too. Each such list costs two writes with every act. */
export function isByChange(listed: string): boolean {
  return BY_CHANGE.some((name) => listed.startsWith(`${name}${NUL}`));
}

const BY_CHANGE = ['all', 'state', 'party'];

/** Every list that a record is on as an act left it. */
export function facetsOf(kind: Kind | undefined, { state, body }: LedgerRecord, { named }: VersionRow): string[] {
  const fields = body as Readonly<Record<string, unknown>>;
  const listed = [ALL, facet('state', state), ...named.map((organization) => facet('party', organization))];
  for (const field of kind ? LISTED_FIELDS : []) {
    const value = fields[field];
    if (typeof value === 'string') listed.push(facet(field, value));
  }
  return listed;
}
