// SPDX-License-Identifier: Apache-2.0

/**
 * Rows kept parsed. Two generations: what is asked for moves to the young one, and when that is full the old one goes. So
 * a hit costs a look-up or two, and what is in use stays.
 */
export class RowCache<Key, Row> {
  readonly #limit: number;
  #young = new Map<Key, Row>();
  #old = new Map<Key, Row>();

  /** @param rows how many to keep at most */
  constructor(rows: number) {
    this.#limit = rows / 2;
  }

  /** The row kept under `key`, else what `load` gives; nothing is kept of a row that is not there. */
  get(key: Key, load: () => Row | undefined): Row | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const row = this.#old.get(key) ?? load();
    if (row !== undefined) {
      if (this.#young.size >= this.#limit) {
        this.#old = this.#young;
        this.#young = new Map();
      }
      this.#young.set(key, row);
    }
    return row;
  }

  forget(key: Key): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }
}
