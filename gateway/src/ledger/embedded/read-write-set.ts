// SPDX-License-Identifier: Apache-2.0
import { compareUtf8, type Version } from 'yuanliu-verifier/wire/hash';
import type { Message } from './protobuf.js';

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
  /** How many blocks had made the state that was read. */
  readonly height: number;
  readonly reads: readonly Read[];
  readonly writes: readonly Write[];
}

export function sortedByKey<T extends { readonly key: string }>(entries: Iterable<T>): T[] {
  return Array.from(entries).sort((a, b) => compareUtf8(a.key, b.key));
}

/** The set as Fabric's `rwset.TxReadWriteSet`, in the one namespace that was touched; empty when none was. */
export function encodeReadWriteSet(namespace: string, { reads, writes }: Omit<ReadWriteSet, 'height'>): Message {
  if (reads.length + writes.length === 0) return {};
  const set = { 1: reads.map(encodeRead), 3: writes.map(encodeWrite) }; // kvrwset.KVRWSet
  return { 2: [{ 1: namespace, 2: set }] }; // the data model, KV, is 0
}

function encodeRead({ key, version }: Read): Message {
  return { 1: key, 2: version && { 1: version.block, 2: version.transaction } };
}

function encodeWrite({ key, value }: Write): Message {
  return value ? { 1: key, 3: value } : { 1: key, 2: 1 }; // key, is delete, value
}
