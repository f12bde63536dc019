// SPDX-License-Identifier: Apache-2.0
import type { ActPlace } from './act-rows.js';
import type { EdgeText, GraphName } from './graph-rows.js';
import type {
  BlockRow,
  CountedReports,
  HistoryRow,
  MarkRow,
  NodeRow,
  OnceMark,
  Position,
  RecordRow,
  TransactionRow,
} from './rows.js';

/** The key of a row, and its type. */
export type Key<Row> = string & { readonly [holds]?: Row };
declare const holds: unique symbol;

/**
 * Where each row lies. One letter says which table; numbers are in fixed-width hexadecimal, so that key order is number
 * order. Record names hold no NUL and nothing outside ASCII; the texts of lists hold no NUL, the contract refuses control
 * characters.
 */
export const keys = {
  position: 'P' as Key<Position & { readonly format: number }>,
  block: (number: number) => `b${hex(number, BLOCK)}` as Key<BlockRow>,
  transaction: (txId: string) => `t${txId}` as Key<TransactionRow>,
  /** Number of a name, `kind/id` or `kind/id@version`. */
  name: (name: string) => `n${name}` as Key<number>,
  /** Row of an exact version, by its number. */
  version: (node: number) => `v${hex(node, 8)}` as Key<NodeRow>,
  record: (ref: string) => `r${ref}` as Key<RecordRow>,
  /** Acts of a record, so many a row. */
  acts: (ref: string, row: number) => `k${ref}${NUL}${hex(row, 8)}` as Key<readonly ActPlace[]>,
  history: (ref: string, history: number) => `h${ref}${NUL}${hex(history, 8)}` as Key<HistoryRow>,
  once: (organization: string, key: string) => `o${organization}/${key}` as Key<OnceMark>,
  /** A mark of the contract, by its key there. */
  mark: (mark: string) => `m${mark}` as Key<MarkRow>,
  /** A report of uses that is yet to be metered. */
  unmetered: (user: string, authority: string, id: string) => `y${user}${NUL}${authority}${NUL}${id}` as Key<0>,
  /** What a finding counts beside the report that opened it. */
  counted: (finding: string) => `f${finding}` as Key<CountedReports>,
  digest: (digest: string, ref: string) => `g${digest}${NUL}${ref}` as Key<0>,
  /** Edges of lineage that a block adds. */
  lineage: (block: number) => `e${hex(block, BLOCK)}` as Key<EdgeText>,
  /** Edges from versions to what they rest on that a block adds. */
  parents: (block: number) => `d${hex(block, BLOCK)}` as Key<EdgeText>,
  /** Edges that many blocks from one on have added. */
  chunk: (graph: GraphName, block: number) => `a${graph}${NUL}${hex(block, BLOCK)}` as Key<EdgeText>,
  /** A list by id. */
  listed: (kind: string, facet: string, id: string) => `l${kind}${NUL}${facet}${NUL}${id}` as Key<0>,
  /** A list by last change. */
  changed: (kind: string, facet: string, place: string) => `c${kind}${NUL}${facet}${NUL}${place}` as Key<string>,
  /** A list of acts that depart from the ordinary course, in the order of the ledger. */
  deviating: (list: string, place: string) => `q${list}${NUL}${place}` as Key<readonly [ref: string, history: number]>,
} as const;

export const NUL = '\u0000';
/** Sorts after every key that shares a prefix. */
export const END = '\uffff';

/** A place in the ledger's order: block, transaction, write. */
export function placeOf(block: number, transaction: number, write: number): string {
  return `${hex(block, BLOCK)}${hex(transaction, 8)}${hex(write, 8)}`;
}

/** After every place in a block, and before every one in the next. */
export function lastPlaceIn(block: number): string {
  return `${hex(block, BLOCK)}${END}`;
}

export function blockOf(place: string): number {
  return Number.parseInt(place.slice(0, BLOCK), 16);
}

/** Digits of a block number in a key. */
export const HEX_BLOCK = 12;
const BLOCK = HEX_BLOCK;

function hex(number: number, width: number): string {
  return number.toString(16).padStart(width, '0');
}
