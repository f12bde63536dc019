// SPDX-License-Identifier: Apache-2.0

/** Place of an act in the ledger's order, and the version it left. */
export type ActPlace = readonly [place: string, version: number];

/** A record's acts in a row: one more act rewrites so many at most, however many the record has. */
export const ACTS_A_ROW = 128;

/** In which row an act of a record lies, and where in that; acts are numbered from 1. */
export function rowOf(history: number): { readonly row: number; readonly at: number } {
  return { row: Math.floor((history - 1) / ACTS_A_ROW), at: (history - 1) % ACTS_A_ROW };
}
