// SPDX-License-Identifier: Apache-2.0
import { decodeBlock } from 'yuanliu-verifier';

/** Where each transaction stands in a chain. */
export class Places {
  committed = 0;
  readonly #places = new Map<string, { readonly block: number; readonly code: string }[]>();

  /** Takes in the next block. */
  add(bytes: Uint8Array): void {
    const { number, transactions } = decodeBlock(bytes);
    this.committed += transactions.length;
    for (const { txId, validationCode: code } of transactions) {
      this.#places.set(txId, [...(this.#places.get(txId) ?? []), { block: number, code }]);
    }
  }

  /** @throws Error unless the transaction stands exactly once, valid, in this block. */
  demand(txId: string, block: number): void {
    const places = this.#places.get(txId) ?? [];
    const [place] = places;
    if (places.length !== 1 || place?.block !== block || place.code !== 'VALID') {
      throw new Error(`${txId} was acknowledged in block ${block}, but stands ${JSON.stringify(places)}`);
    }
  }
}
