// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Key } from './keys.js';

/** Reads one row as text; undefined if there is none. */
export type ReadRow = (key: string) => string | undefined;

/** All that one block changes: reads see what the batch has written, nothing is stored before the batch is whole. */
export class Batch {
  readonly #writes = new Map<string, string | undefined>();
  /** What was read, undefined for what is not there: nothing changes it before the batch is written. */
  readonly #read = new Map<string, string | undefined>();
  readonly #stored: ReadRow;

  constructor(stored: ReadRow) {
    this.#stored = stored;
  }

  get<Row>(key: Key<Row>): Row | undefined {
    const text = this.#writes.has(key) ? this.#writes.get(key) : this.stored(key);
    return text === undefined ? undefined : (JSON.parse(text) as Row);
  }

  /** The row as it was before this batch. */
  stored(key: string): string | undefined {
    if (this.#read.has(key)) return this.#read.get(key);
    const text = this.#stored(key);
    this.#read.set(key, text);
    return text;
  }

  put<Row>(key: Key<Row>, row: NoInfer<Row>): void {
    this.#writes.set(key, JSON.stringify(row));
  }

  /** Stores a row where there is none: spares the look. */
  putNew<Row>(key: Key<Row>, row: NoInfer<Row>): void {
    if (!this.#writes.has(key)) this.#read.set(key, undefined);
    this.put(key, row);
  }

  /** Stores a row that is JSON already. */
  putText(key: string, json: string): void {
    this.#writes.set(key, json);
  }

  /** Deletes a row that is there: spares the look. */
  delete<Row>(key: Key<Row>, row: NoInfer<Row>): void {
    if (!this.#writes.has(key)) this.#read.set(key, JSON.stringify(row));
    this.#writes.set(key, undefined);
  }

  /** Every key written, in the order of first writing; undefined deletes. */
  get writes(): ReadonlyMap<string, string | undefined> {
    return this.#writes;
  }

  /** Digest over what is written, order included. */
  digest(): Buffer {
    const hash = createHash('sha256');
    let part = '';
    for (const [key, text] of this.#writes) {
      part += text === undefined ? `${key.length} - ${key}` : `${key.length} ${text.length} ${key}${text}`;
      if (part.length < PART) continue;
      hash.update(part);
      part = '';
    }
    return hash.update(part).digest();
  }
}

/** How much is hashed at once: neither each row by itself nor a block's rows in one text. */
const PART = 16_384;
