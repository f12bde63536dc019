// SPDX-License-Identifier: Apache-2.0

/** Adds to the count of a key, from 0 on; a key that comes to 0 is forgotten, so that the map holds only those in use. */
export function countBy<Key>(counts: Map<Key, number>, key: Key, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
