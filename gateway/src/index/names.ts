// SPDX-License-Identifier: Apache-2.0
import type { Batch } from './batch.js';
import { keys } from './keys.js';

/** The dictionary: numbers for names, `kind/id` or `kind/id@version`, in the order in which the ledger mentions them. */
export class Names {
  readonly #batch: Batch;
  #count: number;

  constructor(batch: Batch, count: number) {
    this.#batch = batch;
    this.#count = count;
  }

  get count(): number {
    return this.#count;
  }

  /** The number of a name, and whether it has just been given: then no row can lie under it yet. */
  numberOf(name: string): { readonly number: number; readonly isNew: boolean } {
    const known = this.#batch.get(keys.name(name));
    if (known !== undefined) return { number: known, isNew: false };
    const number = this.#count++;
    this.#batch.put(keys.name(name), number);
    return { number, isNew: true };
  }
}
