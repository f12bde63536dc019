// SPDX-License-Identifier: Apache-2.0
import { peer } from '@hyperledger/fabric-protos';
import { commitHash, headerHash, type StateUpdate, updatesBytes } from 'yuanliu-verifier/wire/hash';
import { LedgerError } from '../error.js';
import type { Identity } from '../port.js';
import { encodeBlock, newHeader, VALID } from './block.js';
import { duplicate } from './endorser.js';
import type { ReadWriteSet } from './read-write-set.js';
import type { Store } from './store.js';

/** A signed transaction on its way into a block. */
export interface Ordered {
  readonly txId: string;
  /** `common.Envelope`. */
  readonly envelope: Uint8Array;
  readonly readWriteSet: ReadWriteSet;
  /** This process drew its nonce just now: it cannot be on the ledger. */
  readonly isNew: boolean;
}

export interface CommitterOptions {
  readonly store: Store;
  readonly orderer: Identity;
  readonly chaincode: string;
  readonly maxTransactions: number;
  readonly maxBytes: number;
  /** Called after each block is durable. */
  readonly committed: () => void;
}

/**
 * Orders and commits: one block at a time, holding all that arrived while the one before was written. So a lone caller
 * waits for one write, and many callers share it.
 */
export class Committer {
  readonly #options: CommitterOptions;
  #queue: Waiting[] = [];
  #running: Promise<void> | undefined;
  #broken: Error | undefined;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  /**
   * Resolves with the block's number once the transaction is durable and valid.
   *
   * @throws LedgerError with what made it invalid (it stays in its block, flagged); `NO_SPACE`; `COMMIT_UNKNOWN` when its block could
   *   not be written, and `UNAVAILABLE` for all that come after: only a reopened ledger can tell where its chain ends.
   */
  async commit(transaction: Ordered): Promise<number> {
    if (this.#broken) throw unavailable(transaction.txId, this.#broken);
    const committed = new Promise<number>((resolve, reject) => {
      this.#queue.push({ transaction, resolve, reject });
    });
    this.#running ??= this.#run();
    return committed;
  }

  /** Why nothing is written any more, until the ledger is opened again. */
  get failure(): Error | undefined {
    return this.#broken;
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    // Everyone who calls in this turn of the event loop gets into the same block.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) await this.#commitBlock(this.#cut());
    this.#running = undefined;
  }

  #cut(): Waiting[] {
    const { maxTransactions, maxBytes } = this.#options;
    let bytes = 0;
    let count = 0;
    for (const { transaction } of this.#queue) {
      bytes += transaction.envelope.length;
      if (count > 0 && (bytes > maxBytes || count >= maxTransactions)) break;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  async #commitBlock(waiting: readonly Waiting[]): Promise<void> {
    const { store, orderer, chaincode, committed } = this.#options;
    const { height, headerHash: previousHash, commitHash: previousCommitHash } = store.position;
    try {
      const { codes, updates, newIds } = validate(waiting, store, chaincode);
      const filter = Uint8Array.from(codes);
      const data = waiting.map(({ transaction }) => transaction.envelope);
      const header = newHeader(height, previousHash, data);
      const hash = commitHash(previousCommitHash, filter, updatesBytes(updates));
      await store.append({
        block: encodeBlock(header, data, orderer, { filter, commitHash: hash }),
        txIds: newIds,
        updates,
        position: { height: height + 1, headerHash: headerHash(header), commitHash: hash },
      });
      committed();
      waiting.forEach((each, place) => {
        settle(each, codes[place] ?? VALID, height);
      });
    } catch (cause) {
      if (cause instanceof LedgerError && cause.code === 'NO_SPACE') {
        for (const { transaction, reject } of waiting) reject(noSpace(transaction.txId, cause));
        return;
      }
      this.#broken = cause instanceof Error ? cause : new Error(String(cause));
      for (const { transaction, reject } of waiting) reject(unknown(transaction.txId, cause));
      for (const { transaction, reject } of this.#queue.splice(0)) reject(unavailable(transaction.txId, this.#broken));
    }
  }
}

interface Waiting {
  readonly transaction: Ordered;
  readonly resolve: (blockNumber: number) => void;
  readonly reject: (error: Error) => void;
}

const { MVCC_READ_CONFLICT, DUPLICATE_TXID } = peer.TxValidationCode;

/** Fabric's state validation: first come, first served; a read must still be of the version that was read. */
function validate(
  waiting: readonly Waiting[],
  store: Store,
  namespace: string,
): { codes: number[]; updates: StateUpdate[]; newIds: string[] } {
  const updates = new Map<string, StateUpdate>();
  const newIds = new Set<string>();
  const block = store.position.height;
  const codes = waiting.map(({ transaction: { txId, isNew, readWriteSet } }, transaction) => {
    if (newIds.has(txId) || (!isNew && store.blockOf(txId) !== undefined)) return DUPLICATE_TXID;
    newIds.add(txId);
    const stale = readWriteSet.reads.some(
      (read) => updates.has(read.key) || !store.isCurrent(read, readWriteSet.height),
    );
    if (stale) return MVCC_READ_CONFLICT;
    for (const { key, value } of readWriteSet.writes) {
      updates.set(key, { namespace, key, value, version: { block, transaction } });
    }
    return VALID;
  });
  return { codes, updates: [...updates.values()], newIds: [...newIds] };
}

function settle({ transaction: { txId }, resolve, reject }: Waiting, code: number, blockNumber: number): void {
  if (code === VALID) resolve(blockNumber);
  else if (code === DUPLICATE_TXID) reject(duplicate(txId));
  else {
    const message = `another transaction changed what ${txId} read; it is in block ${blockNumber} as MVCC_READ_CONFLICT`;
    reject(new LedgerError('MVCC_READ_CONFLICT', message, { txId, blockNumber }));
  }
}

function noSpace(txId: string, cause: LedgerError): LedgerError {
  return new LedgerError(cause.code, cause.message, { cause, txId });
}

function unknown(txId: string, cause: unknown): LedgerError {
  const message = `the block with ${txId} could not be written; look the transaction up before sending it again`;
  return new LedgerError('COMMIT_UNKNOWN', message, { cause, txId });
}

function unavailable(txId: string, cause: Error): LedgerError {
  return new LedgerError('UNAVAILABLE', 'the ledger cannot write any more: see the cause, then open it again', {
    cause,
    txId,
  });
}
