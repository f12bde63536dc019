// SPDX-License-Identifier: Apache-2.0
import { decodeCursor, encodeCursor } from '../../index/read/cursor.js';

export interface PageQuery {
  /** All that must not change between pages: which list, its filters, who asks. */
  readonly request: unknown;
  /** How many at most; 50 unless given. */
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Gives the next page; absent on the last. */
  readonly cursor?: string;
}

/**
 * One page of a list that is sorted by its keys. A cursor seals the key of the last item, so that a page continues where the
 * one before ended, also when items came or went meanwhile.
 *
 * @param isAfter whether what has the first key comes after what has the second
 * @throws IndexError `BAD_REQUEST` for text that is no cursor of this request.
 */
export function pageOf<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  { request, limit = 50, cursor }: PageQuery,
  isAfter = (key: string, last: string): boolean => key > last,
): Page<Item> {
  const last = cursor === undefined ? undefined : decodeCursor(request, cursor).after;
  const left = last === undefined ? all : all.filter((item) => isAfter(keyOf(item), last));
  const items = left.slice(0, limit);
  const end = items.at(-1);
  const more = end !== undefined && left.length > items.length;
  return { items, ...(more ? { cursor: encodeCursor(request, { asOf: 0, after: keyOf(end) }) } : {}) };
}
