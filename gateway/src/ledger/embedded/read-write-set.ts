// SPDX-License-Identifier: Apache-2.0
import { ledger } from '@hyperledger/fabric-protos';
import { compareUtf8, type Version } from 'yuanliu-verifier/hash';

export interface Read {
  readonly key: string;
  /** Undefined where the key was absent. */
  readonly version: Version | undefined;
}

export interface Write {
  readonly key: string;
  /** Undefined for a delete. */
  readonly value: Uint8Array | undefined;
}

/** What one simulation read and would write, each key once, sorted by the bytes of UTF-8 as Fabric does. */
export interface ReadWriteSet {
  readonly reads: readonly Read[];
  readonly writes: readonly Write[];
}

export function sortedByKey<T extends { readonly key: string }>(entries: Iterable<T>): T[] {
  return Array.from(entries).sort((a, b) => compareUtf8(a.key, b.key));
}

/** The set as Fabric's `rwset.TxReadWriteSet`, in the one namespace that was touched; empty when none was. */
export function encodeReadWriteSet(namespace: string, { reads, writes }: ReadWriteSet): Uint8Array {
  const transaction = new ledger.rwset.TxReadWriteSet();
  transaction.setDataModel(ledger.rwset.TxReadWriteSet.DataModel.KV);
  if (reads.length + writes.length > 0) {
    const set = new ledger.rwset.kvrwset.KVRWSet();
    set.setReadsList(reads.map(encodeRead));
    set.setWritesList(writes.map(encodeWrite));
    const entry = new ledger.rwset.NsReadWriteSet();
    entry.setNamespace(namespace);
    entry.setRwset(set.serializeBinary());
    transaction.addNsRwset(entry);
  }
  return transaction.serializeBinary();
}

function encodeRead({ key, version }: Read): ledger.rwset.kvrwset.KVRead {
  const read = new ledger.rwset.kvrwset.KVRead();
  read.setKey(key);
  if (version) {
    const encoded = new ledger.rwset.kvrwset.Version();
    encoded.setBlockNum(version.block);
    encoded.setTxNum(version.transaction);
    read.setVersion(encoded);
  }
  return read;
}

function encodeWrite({ key, value }: Write): ledger.rwset.kvrwset.KVWrite {
  const write = new ledger.rwset.kvrwset.KVWrite();
  write.setKey(key);
  if (value) write.setValue(value);
  else write.setIsDelete(true);
  return write;
}
