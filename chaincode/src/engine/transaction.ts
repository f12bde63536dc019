// SPDX-License-Identifier: Apache-2.0
import type { Context } from 'fabric-contract-api';
import type { ClientIdentity } from 'fabric-shim-api';
import { canonicalize } from 'json-canonicalize';
import { versionRef, type LedgerRecord } from '../kind/record.js';
import { TransactionStore } from '../kind/store.js';

/** A transaction in the making: who asks, when, and what its acts have done so far. */
export interface Transaction {
  readonly identity: ClientIdentity;
  readonly txId: string;
  /** Ledger time. */
  readonly time: string;
  readonly store: TransactionStore;
  /** The records that its acts left, in order. */
  readonly changed: LedgerRecord[];
}

export function transactionOf({ stub, clientIdentity }: Context): Transaction {
  const time = stub.getDateTimestamp().toISOString();
  return { identity: clientIdentity, txId: stub.getTxID(), time, store: new TransactionStore(stub), changed: [] };
}

/** A line of a transaction's event, for clients that follow chaincode events rather than blocks. */
export function changeOf(record: LedgerRecord): { readonly ref: string; readonly act: string; readonly state: string } {
  return { ref: versionRef(record), act: record.act.name, state: record.state };
}

export function payload(event: unknown): Buffer {
  return Buffer.from(canonicalize(event));
}
