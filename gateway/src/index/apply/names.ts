// SPDX-License-Identifier: Apache-2.0
import type { Batch } from '../store/batch.js';
import { keys } from '../rows/keys.js';

/** The number of a name that an earlier block gave it. */
export type FindNumber = (name: string) => number | undefined;

/** The dictionary: numbers for names, `kind/id` or `kind/id@version`, in the order in which the ledger mentions them. */
export class Names {
  readonly #batch: Batch;
  readonly #given = new Map<string, number>();
  readonly #stored: FindNumber;
  #count: number;

  constructor(batch: Batch, count: number, stored: FindNumber) {
    this.#batch = batch;
    this.#count = count;
    this.#stored = stored;
  }

  get count(): number {
    return this.#count;
  }

  /** Takes back the numbers from `count` on. */
  rollBack(count: number): void {
    for (const [name, number] of this.#given) if (number >= count) this.#given.delete(name);
    this.#count = count;
  }

  /** The number of a name, if it has one. */
  find(name: string): number | undefined {
    return this.#given.get(name) ?? this.#batch.reading(() => this.#stored(name));
  }

  /** The number of a name, and whether it has just been given: then no row can lie under it yet. */
  numberOf(name: string): { readonly number: number; readonly isNew: boolean } {
    const known = this.find(name);
    if (known !== undefined) return { number: known, isNew: false };
    const number = this.#count++;
    this.#given.set(name, number);
    this.#batch.putNew(keys.name(name), number);
    return { number, isNew: true };
  }
}
