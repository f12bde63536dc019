// SPDX-License-Identifier: Apache-2.0
import type { Version } from '../wire/hash.js';
import { effectsOf } from './effects.js';
import { Message } from '../wire/message.js';
import { schemas, wellFormed } from '../wire/schema.js';

/** What one transaction read and wrote in one chaincode's namespace. */
export interface NamespaceReadWriteSet {
  readonly namespace: string;
  readonly reads: readonly Read[];
  readonly rangeQueries: readonly RangeQuery[];
  readonly writes: readonly Write[];
  /** Keys whose key-level metadata (such as an endorsement policy of their own) was written. */
  readonly metadataWrites: readonly MetadataWrite[];
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

/** A key whose metadata was written, or with no entries deleted. */
export interface MetadataWrite {
  readonly key: string;
  readonly deletes: boolean;
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
  readonly metadataWrites: readonly MetadataWrite[];
}

/** Decodes `rwset.TxReadWriteSet`. Throws `VerificationError` `MALFORMED`. */
export function decodeReadWriteSet(bytes: Buffer): NamespaceReadWriteSet[] {
  return wellFormed(bytes, schemas.TxReadWriteSet).messages(2).map(decodeNamespace);
}

/** Of a `rwset.TxReadWriteSet`, what it leaves of the keys of one namespace. Throws `VerificationError` `MALFORMED`. */
export function decodeWrites(bytes: Buffer, namespace: string): Write[] {
  const own = new Message(bytes).messages(2).filter((set) => set.string(1) === namespace);
  return own.flatMap((set) => {
    const keys = set.embedded(2);
    const effects = effectsOf(writesOf(keys), keys.messages(4).map(decodeMetadataWrite));
    return effects.flatMap(({ kind, key, value }) => (kind === 'touch' ? [] : [{ key, value }]));
  });
}

function decodeNamespace(message: Message): NamespaceReadWriteSet {
  const set = wellFormed(message.bytes(2), schemas.KVRWSet);
  return {
    namespace: message.string(1),
    reads: set.messages(1).map(decodeRead),
    rangeQueries: set.messages(2).map(decodeRangeQuery),
    writes: writesOf(set),
    metadataWrites: set.messages(4).map(decodeMetadataWrite),
    collections: message.messages(3).map(decodeCollection),
  };
}

function writesOf(set: Message): Write[] {
  return set.messages(3).map((write) => decodeWrite(write, write.string(1)));
}

function decodeMetadataWrite(write: Message): MetadataWrite {
  return { key: write.string(1), deletes: write.repeated(2).length === 0 };
}

function decodeRead(message: Message): Read {
  return { key: message.string(1), version: decodeVersion(message) };
}

function decodeVersion(read: Message): Version | undefined {
  const version = read.optionalMessage(2);
  // No block has a number that is not exact: such a version is equal to none, exact or not.
  return version && { block: Number(version.uint64(1)), transaction: Number(version.uint64(2)) };
}

function decodeWrite(message: Message, key: string): Write {
  const value = message.bytes(3);
  return { key, value: message.bool(2) || value.length === 0 ? undefined : value };
}

function decodeRangeQuery(message: Message): RangeQuery {
  const given = message.lastOf(4, 5);
  return {
    startKey: message.string(1),
    endKey: message.string(2),
    exhausted: message.bool(3),
    reads: given === 4 ? oneOf(message, 4, 5).messages(1).map(decodeRead) : [],
    summary: given === 5 ? decodeSummary(oneOf(message, 5, 4)) : undefined,
  };
}

/** Of a `oneof`, the member given last: what was given of it before another member replaced it does not merge. */
function oneOf(message: Message, member: number, other: number): Message {
  const parts: Buffer[] = [];
  for (const { field, bytes } of message.delimited()) {
    if (field === other) parts.length = 0;
    else if (field === member) parts.push(bytes);
  }
  return new Message(Buffer.concat(parts));
}

function decodeSummary(message: Message): MerkleSummary {
  return { maxDegree: uint32(message, 1), maxLevel: uint32(message, 2), hashes: message.repeated(3) };
}

function uint32(message: Message, field: number): number {
  return Number(BigInt.asUintN(32, message.uint64(field)));
}

function decodeCollection(message: Message): CollectionReadWriteSet {
  const set = wellFormed(message.bytes(2), schemas.HashedRWSet);
  return {
    collection: message.string(1),
    reads: set.messages(1).map((read) => ({ key: hashedKey(read), version: decodeVersion(read) })),
    writes: set.messages(2).map((write) => decodeHashedWrite(write)),
    metadataWrites: set.messages(3).map((write) => ({ ...decodeMetadataWrite(write), key: hashedKey(write) })),
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
