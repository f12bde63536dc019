// SPDX-License-Identifier: Apache-2.0

export interface PageQuery {
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
 * One page of a list that is sorted by its keys. A cursor is the key of the last one told, so that a page goes on where the
 * one before ended, whoever came or went meanwhile.
 *
 * @param isAfter whether what has the first key comes after what has the second
 */
export function pageOf<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  { limit = 50, cursor }: PageQuery,
  isAfter = (key: string, last: string): boolean => key > last,
): Page<Item> {
  const last = cursor === undefined ? undefined : Buffer.from(cursor, 'base64url').toString();
  const left = last === undefined ? all : all.filter((item) => isAfter(keyOf(item), last));
  const items = left.slice(0, limit);
  const end = items.at(-1);
  const more = end !== undefined && left.length > items.length;
  return { items, ...(more ? { cursor: Buffer.from(keyOf(end)).toString('base64url') } : {}) };
}
