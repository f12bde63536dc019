// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { element, integer, OCTET_STRING, SEQUENCE } from './der.js';
import { varint, Writer } from './encode.js';

/** What a block header says. `number` is a safe integer, the hashes are 32 bytes (empty before the genesis block). */
export interface BlockHeader {
  readonly number: number;
  readonly previousHash: Uint8Array;
  readonly dataHash: Uint8Array;
}

/** Where a value was written: block number and the transaction's place in the block. */
export interface Version {
  readonly block: number;
  readonly transaction: number;
}

/** One key as a block leaves it. `value: undefined` is a delete; a `collection` key is the hash of a private key. */
export interface StateUpdate {
  readonly namespace: string;
  readonly collection?: string;
  readonly key: string | Uint8Array;
  readonly value: Uint8Array | undefined;
  readonly version: Version;
}

/** SHA-256 of the ASN.1 header: what the next block names as its previous hash (Fabric `protoutil.BlockHeaderHash`). */
export function headerHash(header: BlockHeader): Buffer {
  return sha256(headerBytes(header));
}

/** The header as DER `SEQUENCE { INTEGER, OCTET STRING, OCTET STRING }`: what orderers sign. */
export function headerBytes({ number, previousHash, dataHash: data }: BlockHeader): Buffer {
  const body = [integer(BigInt(number)), element(OCTET_STRING, previousHash), element(OCTET_STRING, data)];
  return element(SEQUENCE, Buffer.concat(body));
}

/** SHA-256 over the envelopes joined without separators (Fabric `protoutil.ComputeBlockDataHash`). */
export function dataHash(data: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const envelope of data) hash.update(envelope);
  return hash.digest();
}

/**
 * The commit hash of a block: SHA-256 of varint(length of filter) ‖ filter ‖ updates ‖ previous commit hash, as
 * Fabric's `kvledger.addBlockCommitHash`. `previous` is empty for block 1; the genesis block has no commit hash.
 */
export function commitHash(previous: Uint8Array, txFilter: Uint8Array, updates: Uint8Array): Buffer {
  const hash = createHash('sha256').update(Buffer.from(varint(txFilter.length)));
  return hash.update(txFilter).update(updates).update(previous).digest();
}

/**
 * The state updates of one block in the one serial form every peer agrees on (Fabric `txmgr/update_batch_bytes.go`):
 * namespaces, then public before collections, then keys, each in byte order; a repeated namespace or collection is left
 * out; the empty namespace (channel configuration) is skipped. A later update of a key replaces an earlier one.
 */
export function updatesBytes(updates: Iterable<StateUpdate>): Buffer {
  const sorted = Array.from(updates, withKeyBytes)
    .filter(({ update }) => update.namespace !== '')
    .sort(compareUpdates);
  const writer = new Writer();
  let namespace = '';
  let collection = '';
  sorted.forEach((entry, place) => {
    const next = sorted[place + 1];
    if (next && compareUpdates(entry, next) === 0) return;
    const { update, key } = entry;
    const newNamespace = update.namespace !== namespace;
    if (newNamespace) collection = '';
    const newCollection = (update.collection ?? '') !== collection;
    namespace = update.namespace;
    collection = update.collection ?? '';
    writer.message(1, [
      [1, newNamespace ? Buffer.from(namespace) : empty],
      [2, newCollection ? Buffer.from(collection) : empty],
      [3, key],
      [4, update.value === undefined],
      [5, update.value ?? empty],
      [6, versionBytes(update.version)],
    ]);
  });
  return writer.bytes();
}

/** Byte order of two strings' UTF-8 forms, which is not JavaScript's order once a surrogate pair appears. */
export function compareUtf8(a: string, b: string): number {
  if (a === b) return 0;
  const surrogate = /[\ud800-\udfff]/;
  if (surrogate.test(a) || surrogate.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

export function sha256(...parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const empty = Buffer.alloc(0);

interface KeyedUpdate {
  readonly update: StateUpdate;
  readonly key: Uint8Array;
}

function withKeyBytes(update: StateUpdate): KeyedUpdate {
  return { update, key: typeof update.key === 'string' ? Buffer.from(update.key) : update.key };
}

function compareUpdates(a: KeyedUpdate, b: KeyedUpdate): number {
  return (
    compareUtf8(a.update.namespace, b.update.namespace) ||
    compareUtf8(a.update.collection ?? '', b.update.collection ?? '') ||
    Buffer.compare(a.key, b.key)
  );
}

/** Both numbers as length byte and big-endian digits (Fabric `EncodeOrderPreservingVarUint64`). */
function versionBytes({ block, transaction }: Version): Buffer {
  return Buffer.from([...counted(block), ...counted(transaction)]);
}

function counted(number: number): number[] {
  const digits: number[] = [];
  for (let rest = number; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return [digits.length, ...digits];
}
