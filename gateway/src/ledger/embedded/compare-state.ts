// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { decodeBlock, type DecodedBlock } from 'yuanliu-verifier';
import { damaged } from './damage.js';
import { BLOCK, blockKey, decodePosition, encodeNumber, encodeState, POSITION, STATE, TRANSACTION } from './entries.js';
import type { StoreCopy } from './store.js';

/**
 * Compares everything that a store holds beside its blocks with what these say: each state value with its last valid write,
 * each transaction id with its first block, the position with the last block; and demands that there is nothing else. It
 * takes the blocks' own validation codes: whether those hold is for the verifier.
 *
 * @returns How many state values there are.
 * @throws LedgerError `DAMAGED` naming the first entry that differs.
 */
export async function compareState(copy: StoreCopy, chaincode: string, directory: string): Promise<number> {
  const expected = new ExpectedEntries(chaincode);
  for await (const page of copy.pages) {
    for (const [key, value] of page) {
      const wrong = expected.take(key, value); // blocks come before all that they say
      if (wrong !== undefined) throw damaged(directory, wrong);
    }
  }
  const missing = expected.missing(copy.height);
  if (missing !== undefined) throw damaged(directory, missing);
  return expected.values;
}

/** What the blocks so far leave behind, less what was found. */
class ExpectedEntries {
  values = 0;
  readonly #chaincode: string;
  /** By key of the store: which block left it, and the SHA-256 of the entry. */
  readonly #entries = new Map<string, { readonly block: number; readonly digest: Buffer }>();
  #last: DecodedBlock | undefined;
  #hasPosition = false;

  constructor(chaincode: string) {
    this.#chaincode = chaincode;
  }

  /** Takes the next entry in key order, and says what is wrong with it. */
  take(key: string, value: Uint8Array): string | undefined {
    if (key.startsWith(BLOCK)) return this.#takeBlock(key, value);
    if (key === POSITION) return this.#takePosition(value);
    const found = this.#entries.get(key);
    if (!found) return `it holds ${nameOf(key)}, which no block wrote`;
    if (!digestOf(value).equals(found.digest)) {
      return `it holds another value of ${nameOf(key)} than block ${found.block} wrote`;
    }
    this.#entries.delete(key);
    if (key.startsWith(STATE)) this.values++;
    return undefined;
  }

  /** What should have been there, and was not. */
  missing(height: number): string | undefined {
    const blocks = (this.#last?.number ?? -1) + 1;
    if (!this.#hasPosition || blocks !== height) return `it says ${height} blocks, and holds ${blocks}`;
    for (const [key, { block }] of this.#entries) return `it lacks ${nameOf(key)}, which block ${block} wrote`;
    return undefined;
  }

  #takeBlock(key: string, bytes: Uint8Array): string | undefined {
    const number = (this.#last?.number ?? -1) + 1;
    const block = decodeBlock(bytes);
    if (key !== blockKey(number) || block.number !== number) return `block ${number} is not where it belongs`;
    this.#last = block;
    for (const transaction of block.transactions) {
      const { txId, type, validationCode, index } = transaction;
      if (type === 'CONFIG') continue; // the genesis block: its id is not kept
      const id = TRANSACTION + txId;
      if (!this.#entries.has(id)) this.#expect(id, number, encodeNumber(number));
      if (validationCode !== 'VALID' || transaction.chaincode.name !== this.#chaincode) continue;
      for (const { key: name, value } of transaction.writesIn(this.#chaincode)) {
        const version = { block: number, transaction: index };
        if (value) this.#expect(STATE + name, number, encodeState(value, version));
        else this.#entries.delete(STATE + name);
      }
    }
    return undefined;
  }

  #takePosition(value: Uint8Array): string | undefined {
    const { height, headerHash, commitHash } = decodePosition(Buffer.from(value));
    this.#hasPosition = true;
    const last = this.#last;
    const fits =
      last &&
      height === last.number + 1 &&
      last.headerHash.equals(headerHash) &&
      (last.commitHash ?? Buffer.alloc(0)).equals(commitHash);
    return fits ? undefined : 'its position is not that of its last block';
  }

  #expect(key: string, block: number, entry: Uint8Array): void {
    this.#entries.set(key, { block, digest: digestOf(entry) });
  }
}

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function nameOf(key: string): string {
  const name = JSON.stringify(key.slice(1));
  if (key.startsWith(STATE)) return `state ${name}`;
  return key.startsWith(TRANSACTION) ? `transaction ${name}` : `an entry ${JSON.stringify(key)}`;
}
