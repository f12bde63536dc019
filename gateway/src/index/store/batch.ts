// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Key } from '../rows/keys.js';

/** Reads one row as text; undefined if there is none. */
export type ReadRow = (key: string) => string | undefined;

/** What a key is to hold, and what it held before the batch; undefined for nothing. */
interface Change {
  readonly before: string | undefined;
  after: string | undefined;
}

/** All that one block changes: reads see what the batch has written, nothing is stored before the batch is whole. */
export class Batch {
  readonly #changes = new Map<string, Change>();
  /** What was read of keys not written: nothing changes it before the batch is written. */
  readonly #read = new Map<string, string | undefined>();
  readonly #stored: ReadRow;
  /** What the keys held that were changed since {@link begin}; undefined for a key that was not in the batch. */
  #undo = new Map<string, Change | undefined>();
  #failure: unknown;

  constructor(stored: ReadRow) {
    this.#stored = (key) => this.reading(() => stored(key));
  }

  /** What made reading a stored row fail, if anything did: nothing in a block can. */
  get failure(): unknown {
    return this.#failure;
  }

  /** From here on {@link rollBack} takes back what is written. */
  begin(): void {
    this.#undo = new Map();
  }

  rollBack(): void {
    for (const [key, before] of this.#undo) {
      if (before) this.#changes.set(key, before);
      else this.#changes.delete(key);
    }
    this.begin();
  }

  /** Reads what is stored, and keeps the error if it fails. */
  reading<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  get<Row>(key: Key<Row>): Row | undefined {
    const change = this.#changes.get(key);
    const text = change ? change.after : this.#before(key);
    return text === undefined ? undefined : this.reading(() => JSON.parse(text) as Row);
  }

  put<Row>(key: Key<Row>, row: NoInfer<Row>): void {
    this.putText(key, JSON.stringify(row));
  }

  /** Stores a row where there is none: spares the look. */
  putNew<Row>(key: Key<Row>, row: NoInfer<Row>): void {
    this.putNewText(key, JSON.stringify(row));
  }

  /** Stores a row that is JSON already. */
  putText(key: string, json: string): void {
    this.#change(key, json, () => this.#before(key));
  }

  /** {@link putNew} of {@link putText}. */
  putNewText(key: string, json: string): void {
    this.#change(key, json, () => undefined);
  }

  /** Deletes a row that is there: spares the look. */
  delete<Row>(key: Key<Row>, row: NoInfer<Row>): void {
    this.#change(key, undefined, () => JSON.stringify(row));
  }

  /** Every key written, in the order of first writing. */
  get changes(): ReadonlyMap<string, Readonly<Change>> {
    return this.#changes;
  }

  #change(key: string, after: string | undefined, before: () => string | undefined): void {
    const change = this.#changes.get(key);
    if (!this.#undo.has(key)) this.#undo.set(key, change && { ...change });
    if (change) change.after = after;
    else this.#changes.set(key, { before: before(), after });
  }

  #before(key: string): string | undefined {
    const read = this.#read.get(key);
    if (read !== undefined || this.#read.has(key)) return read;
    const text = this.#stored(key);
    this.#read.set(key, text);
    return text;
  }

  /** Digest over what is written, order included. */
  digest(): Buffer {
    const hash = createHash('sha256');
    let part = '';
    for (const [key, { after }] of this.#changes) {
      part += after === undefined ? `${key.length} - ${key}` : `${key.length} ${after.length} ${key}${after}`;
      if (part.length < PART) continue;
      hash.update(part);
      part = '';
    }
    return hash.update(part).digest();
  }
}

/** How much is hashed at once: neither each row by itself nor a block's rows in one text. */
const PART = 16_384;
