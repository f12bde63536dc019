// SPDX-License-Identifier: Apache-2.0

/**
 * Rows kept parsed, as many as their text has room: some are a hundred bytes, some a megabyte. Two generations: what is
 * asked for moves to the young one, and when that is full the old one goes. So a hit costs a look-up or two, and what is in
 * use stays.
 */
export class RowCache<Key, Row> {
  readonly #limit: number;
  #young = new Map<Key, Kept<Row>>();
  #old = new Map<Key, Kept<Row>>();
  /** What the young generation holds, in characters. */
  #held = 0;

  /** @param characters how much text to keep the rows of, at most */
  constructor(characters: number) {
    this.#limit = characters / 2;
  }

  /** The row kept under `key`, else that of the text that `load` gives; nothing is kept of a row that is not there. */
  get(key: Key, load: () => string | undefined): Row | undefined {
    const young = this.#young.get(key);
    if (young) return young.row;
    const kept = this.#old.get(key) ?? keptOf<Row>(load());
    if (!kept) return undefined;
    if (kept.size > this.#limit) return kept.row;
    if (this.#held + kept.size > this.#limit) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#held = 0;
    }
    this.#young.set(key, kept);
    this.#held += kept.size;
    return kept.row;
  }

  forget(key: Key): void {
    this.#held -= this.#young.get(key)?.size ?? 0;
    this.#young.delete(key);
    this.#old.delete(key);
  }
}

interface Kept<Row> {
  readonly row: Row;
  readonly size: number;
}

function keptOf<Row>(text: string | undefined): Kept<Row> | undefined {
  return text === undefined ? undefined : { row: JSON.parse(text) as Row, size: ENTRY + text.length };
}

/** What a row costs beside its text, about. */
const ENTRY = 100;
