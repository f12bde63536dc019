// SPDX-License-Identifier: Apache-2.0
import { waitsFor } from 'yuanliu-chaincode/kind/act';
import type { Kind } from 'yuanliu-chaincode/kind/kind';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { periodOf } from './due.js';
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
  const names = listed.split(NUL);
  const base = names[names[0] === SHOWN ? 1 : names[0] === PRIVY ? 2 : 0];
  return base !== undefined && BY_CHANGE.includes(base);
}

const BY_CHANGE = ['all', 'state', 'party'];

/** Of a list of a kind that can be sealed: what on it is not. */
export function shownOn(list: string): string {
  return [SHOWN, list].join(NUL);
}

/** Of a list of a kind that can be sealed: what on it is sealed, and an organisation may read. */
export function privyOn(list: string, organization: string): string {
  return [PRIVY, organization, list].join(NUL);
}

const SHOWN = 'shown';
const PRIVY = 'privy';

/**
 * For those who do not oversee, a list of a kind that can be sealed is read from these: how long it takes to pass over what
 * they may not read would tell that it is there.
 */
function sealable(kind: Kind, { state, timeline }: LedgerRecord, privy: readonly string[], lists: string[]): string[] {
  const { sealed, unsealed } = kind;
  if (!sealed) return [];
  const isSealed = sealed.includes(state) || (unsealed && !timeline.some((one) => unsealed.includes(one.state)));
  if (!isSealed) return lists.map(shownOn);
  return privy.flatMap((organization) => lists.map((list) => privyOn(list, organization)));
}

/**
 * Whose turn it is: the organisations that a record waits for as it stands, and the roles any holder of which it waits for; and
 * of these, those for whom a period is running, with its act and since when. What they may do is judged when it is asked. An act
 * that renews what expires is on the list all along: time alone makes it due.
 */
function turnsOf(kind: Kind, record: LedgerRecord): string[] {
  const { id, state, body } = record;
  const listed: string[] = [];
  for (const act of kind.acts.values()) {
    if (!act.from.includes(state)) continue;
    for (const [role, partyOf] of Object.entries(act.by)) {
      const party = partyOf(body, id);
      for (const who of [party ?? role].flat()) {
        const by = party === undefined ? undefined : who;
        if (!act.expiry && !waitsFor(act, body, { id, state, by })) continue;
        listed.push(turn(who));
        const period = periodOf(act, record, { by });
        if (period) listed.push(running(who, act.name, period.from));
      }
    }
  }
  return [...new Set(listed)];
}

/** The list of the records that wait for a credit code, or for any holder of a role. */
export function turn(who: string): string {
  return facet('turn', who);
}

/** The list of the records on which a period runs for an act of theirs, by its act and beginning; its end where the record states that. */
export function running(who: string, act?: string, since?: string): string {
  return [facet('due', who), ...(act === undefined || since === undefined ? [] : [act, since])].join(NUL);
}

/** Every list that a record is on as an act left it. */
export function facetsOf(kind: Kind | undefined, record: LedgerRecord, { named, privy }: VersionRow): string[] {
  const { state, body } = record;
  const fields = body as Readonly<Record<string, unknown>>;
  const listed = [ALL, facet('state', state), ...named.map((organization) => facet('party', organization))];
  for (const field of kind ? LISTED_FIELDS : []) {
    const value = fields[field];
    if (typeof value === 'string') listed.push(facet(field, value));
  }
  return kind ? [...listed, ...sealable(kind, record, privy, listed), ...turnsOf(kind, record)] : listed;
}
