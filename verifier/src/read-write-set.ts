// SPDX-License-Identifier: Apache-2.0
import type { Version } from './hash.js';
import { Message } from './message.js';

/** What one transaction read and wrote in one chaincode's namespace. */
export interface NamespaceReadWriteSet {
  readonly namespace: string;
  readonly reads: readonly Read[];
  readonly rangeQueries: readonly RangeQuery[];
  readonly writes: readonly Write[];
  /** Keys whose key-level metadata (such as an endorsement policy of their own) was written. */
  readonly metadataWrites: readonly string[];
  /** Private data, by the hashes that are on the ledger. */
  readonly collections: readonly CollectionReadWriteSet[];
}

/** A key read, with the version seen; undefined if the key did not exist. */
export interface Read {
  readonly key: string;
  readonly version: Version | undefined;
}

/** A key written; `value: undefined` deletes it (Fabric takes an empty value for a delete too). */
export interface Write {
  readonly key: string;
  readonly value: Buffer | undefined;
}

/** A range scan and what it saw: either every key, or for long results a Merkle summary of them. */
export interface RangeQuery {
  readonly startKey: string;
  /** Exclusive if the iterator was exhausted, else the last key seen, inclusive; empty means to the end. */
  readonly endKey: string;
  readonly exhausted: boolean;
  readonly reads: readonly Read[];
  readonly summary: MerkleSummary | undefined;
}

export interface MerkleSummary {
  readonly maxDegree: number;
  readonly maxLevel: number;
  readonly hashes: readonly Buffer[];
}

/** As for public keys, but every key and value is a SHA-256 (keys here as hex). */
export interface CollectionReadWriteSet {
  readonly collection: string;
  readonly reads: readonly Read[];
  readonly writes: readonly Write[];
  readonly metadataWrites: readonly string[];
}

/** Decodes `rwset.TxReadWriteSet`. Throws `VerificationError` `MALFORMED`. */
export function decodeReadWriteSet(bytes: Buffer): NamespaceReadWriteSet[] {
  return new Message(bytes).messages(2).map(decodeNamespace);
}

/** Of a `rwset.TxReadWriteSet`, the writes in one namespace. Throws `VerificationError` `MALFORMED`. */
export function decodeWrites(bytes: Buffer, namespace: string): Write[] {
  const own = new Message(bytes).messages(2).filter((set) => set.string(1) === namespace);
  return own.flatMap((set) => writesOf(set.message(2)));
}

function decodeNamespace(message: Message): NamespaceReadWriteSet {
  const set = message.message(2);
  return {
    namespace: message.string(1),
    reads: set.messages(1).map(decodeRead),
    rangeQueries: set.messages(2).map(decodeRangeQuery),
    writes: writesOf(set),
    metadataWrites: set.messages(4).map((write) => write.string(1)),
    collections: message.messages(3).map(decodeCollection),
  };
}

function writesOf(set: Message): Write[] {
  return set.messages(3).map((write) => decodeWrite(write, write.string(1)));
}

function decodeRead(message: Message): Read {
  return { key: message.string(1), version: decodeVersion(message) };
}

function decodeVersion(read: Message): Version | undefined {
  const bytes = read.optional(2);
  if (bytes === undefined) return undefined;
  const version = new Message(bytes);
  return { block: version.uint(1), transaction: version.uint(2) };
}

function decodeWrite(message: Message, key: string): Write {
  const value = message.bytes(3);
  return { key, value: message.bool(2) || value.length === 0 ? undefined : value };
}

function decodeRangeQuery(message: Message): RangeQuery {
  const summary = message.optional(5);
  return {
    startKey: message.string(1),
    endKey: message.string(2),
    exhausted: message.bool(3),
    reads: message.message(4).messages(1).map(decodeRead),
    summary: summary === undefined ? undefined : decodeSummary(new Message(summary)),
  };
}

function decodeSummary(message: Message): MerkleSummary {
  return { maxDegree: message.uint(1), maxLevel: message.uint(2), hashes: message.repeated(3) };
}

function decodeCollection(message: Message): CollectionReadWriteSet {
  const set = message.message(2);
  return {
    collection: message.string(1),
    reads: set.messages(1).map((read) => ({ key: hashedKey(read), version: decodeVersion(read) })),
    writes: set.messages(2).map((write) => decodeHashedWrite(write)),
    metadataWrites: set.messages(3).map(hashedKey),
  };
}

function decodeHashedWrite(message: Message): Write {
  const write = decodeWrite(message, hashedKey(message));
  return write.value?.equals(hashOfNothing) ? { key: write.key, value: undefined } : write;
}

function hashedKey(message: Message): string {
  return message.bytes(1).toString('hex');
}

/** SHA-256 of the empty string: Fabric reads it as the delete it hides. */
const hashOfNothing = Buffer.from('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex');
