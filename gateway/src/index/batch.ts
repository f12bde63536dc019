// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import type { Key } from './keys.js';

/** Reads one row as text; undefined if there is none. */
export type ReadRow = (key: string) => string | undefined;

/** All that one block changes: reads see what the batch has written, nothing is stored before the batch is whole. */
export class Batch {
  readonly #writes = new Map<string, string | undefined>();
  readonly #stored: ReadRow;

  constructor(stored: ReadRow) {
    this.#stored = stored;
  }

  get<Row>(key: Key<Row>): Row | undefined {
    const text = this.#writes.has(key) ? this.#writes.get(key) : this.#stored(key);
    return text === undefined ? undefined : (JSON.parse(text) as Row);
  }

  put<Row>(key: Key<Row>, row: NoInfer<Row>): void {
    this.#writes.set(key, JSON.stringify(row));
  }

  /** Stores a row that is JSON already. */
  putText(key: string, json: string): void {
    this.#writes.set(key, json);
  }

  delete(key: string): void {
    this.#writes.set(key, undefined);
  }

  /** Every key written, in the order of first writing; undefined deletes. */
  get writes(): ReadonlyMap<string, string | undefined> {
    return this.#writes;
  }

  /** Digest over what is written, order included. */
  digest(): Buffer {
    const parts: string[] = [];
    for (const [key, text] of this.#writes) {
      parts.push(text === undefined ? `${key.length} - ${key}` : `${key.length} ${text.length} ${key}${text}`);
    }
    return createHash('sha256').update(parts.join('')).digest();
  }
}
