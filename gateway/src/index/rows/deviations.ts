// SPDX-License-Identifier: Apache-2.0
import type { ActEntry } from 'yuanliu-chaincode/kind/record';
import { knownRules } from 'yuanliu-chaincode/kind/rule';
import { NUL } from './keys.js';

/**
 * How an act departs from the ordinary course: it came after its time; it was let through, or reported, before something
 * that should have come first; it is a report from before go-live (补录); some rule could not be judged.
 */
export const deviations = ['late', 'skipped', 'backfilled', 'unjudged'] as const;
export type Deviation = (typeof deviations)[number];

/** @param wasLate whether the act came after the period that the rulebook gives for it */
export function deviationsOf({ nature, violations, ...entry }: ActEntry, wasLate: boolean): Deviation[] {
  const { late, backfilled, unjudged }: Partial<ActEntry> = nature === 'consequence' ? {} : entry; // a consequence repeats its cause's
  const breaks = (trait: 'timely' | 'recordable'): boolean =>
    violations.some(({ rule }) => knownRules.get(rule)?.[trait]);
  const shows: Readonly<Record<Deviation, boolean>> = {
    late: wasLate || (late !== undefined && !backfilled) || breaks('timely'),
    skipped: breaks('recordable'),
    backfilled: backfilled === true,
    unjudged: unjudged !== undefined,
  };
  return deviations.filter((one) => shows[one]);
}

/** The list of all such acts. */
export const DEVIATING = 'all';
/** The list of the acts that were let through with a date by which something must be made good. */
export const OWING = 'owing';

export type DeviationList = Deviation | typeof DEVIATING | typeof OWING;

/** A list, or of it the acts of one organisation. */
export function deviationList(list: DeviationList, organization = ''): string {
  return `${list}${NUL}${organization}`;
}

/** Every list that an act is on. */
export function deviationListsOf({ organization, violations }: ActEntry, shown: readonly Deviation[]): string[] {
  if (shown.length === 0) return [];
  const lists: DeviationList[] = [DEVIATING, ...shown];
  if (violations.some(({ due }) => due !== undefined)) lists.push(OWING);
  return lists.flatMap((list) => [deviationList(list), deviationList(list, organization)]);
}
