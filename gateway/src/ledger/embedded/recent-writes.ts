// SPDX-License-Identifier: Apache-2.0

/**
 * Which block last wrote a key, for the latest blocks: enough to tell whether a read of moments ago still holds, without
 * asking the database for each key again.
 */
export class RecentWrites {
  /** Two generations, so that forgetting costs nothing: when the newer is full, the older goes. */
  #newer: Generation = { since: undefined, blocks: new Map() };
  #older: Generation = this.#newer;

  /** Notes a block that is now committed. Blocks come in order. */
  add(block: number, updates: readonly { readonly key: string | Uint8Array }[]): void {
    if (this.#newer.blocks.size >= GENERATION) {
      this.#older = this.#newer;
      this.#newer = { since: undefined, blocks: new Map() };
    }
    this.#newer.since ??= block;
    for (const { key } of updates) this.#newer.blocks.set(String(key), block);
  }

  /** Whether every write since the state after `height` blocks is known here. */
  covers(height: number): boolean {
    return this.#older.since !== undefined && this.#older.since <= height;
  }

  lastWrite(key: string): number | undefined {
    return this.#newer.blocks.get(key) ?? this.#older.blocks.get(key);
  }
}

interface Generation {
  /** The first block noted. */
  since: number | undefined;
  readonly blocks: Map<string, number>;
}

const GENERATION = 20_000;
