// SPDX-License-Identifier: Apache-2.0
import type { Read, ReadWriteSet, Write } from './read-write-set.js';
import { sortedByKey } from './read-write-set.js';
import type { StateView } from './store.js';

/**
 * The peer's side of the shim's conversation with it: reads come from one view of committed state, writes are only
 * noted, and a read never sees a write of its own transaction. What no act uses is refused by name.
 *
 * The `handle…` methods are what fabric-shim's `ChaincodeStub` calls.
 */
export class Simulator {
  readonly #view: StateView;
  readonly #reads = new Map<string, Read>();
  readonly #writes = new Map<string, Write>();

  constructor(view: StateView) {
    this.#view = view;
  }

  readWriteSet(): ReadWriteSet {
    return {
      height: this.#view.height,
      reads: sortedByKey(this.#reads.values()),
      writes: sortedByKey(this.#writes.values()),
    };
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the shim expects a promise
  async handleGetState(collection: string, key: string): Promise<Uint8Array> {
    demandPublic(collection);
    demandKey(key);
    const found = this.#view.get(key);
    if (!this.#reads.has(key)) this.#reads.set(key, { key, version: found?.version });
    return found?.value ?? EMPTY;
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the shim expects a promise
  async handlePutState(collection: string, key: string, value: Uint8Array): Promise<void> {
    demandPublic(collection);
    demandKey(key);
    this.#writes.set(key, { key, value: value.length === 0 ? undefined : value });
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the shim expects a promise
  async handleDeleteState(collection: string, key: string): Promise<void> {
    demandPublic(collection);
    demandKey(key);
    this.#writes.set(key, { key, value: undefined });
  }

  handleGetStateByRange = notOffered('range queries');
  handleGetQueryResult = notOffered('rich queries');
  handleGetHistoryForKey = notOffered('key history');
  handleGetPrivateDataHash = notOffered('private data');
  handlePurgeState = notOffered('private data');
  handleGetStateMetadata = notOffered('endorsement policies of single keys');
  handlePutStateMetadata = notOffered('endorsement policies of single keys');
  handleInvokeChaincode = notOffered('calls to another chaincode');
}

const EMPTY = Buffer.alloc(0);

function demandPublic(collection: string): void {
  if (collection !== '') throw new Error('the embedded ledger does not offer private data: no act uses it yet');
}

/** As Fabric: a key is not empty and is valid UTF-8. */
function demandKey(key: string): void {
  if (key === '' || /[\ud800-\udfff]/u.test(key))
    throw new Error('a state key must be a non-empty, well-formed string');
}

function notOffered(what: string): () => Promise<never> {
  return () => Promise.reject(new Error(`the embedded ledger does not offer ${what}: no act uses it yet`));
}
