// SPDX-License-Identifier: Apache-2.0
import type { Version } from 'yuanliu-verifier/wire/hash';

/** How far the chain has come: what the next block is linked to. */
export interface Position {
  /** The number of blocks. */
  readonly height: number;
  /** Hash of the last block's header. */
  readonly headerHash: Uint8Array;
  /** Fabric's commit hash after the last block; empty after the genesis block. */
  readonly commitHash: Uint8Array;
}

export const POSITION = 'position';
export const BLOCK = 'b';
export const STATE = 's';
export const TRANSACTION = 't';
export const EMPTY_CHAIN: Position = { height: 0, headerHash: Buffer.alloc(0), commitHash: Buffer.alloc(0) };

/** Block number in 6 bytes, place in the block in 4. */
export const VERSION_LENGTH = 10;

export function blockKey(number: number): string {
  return BLOCK + number.toString(16).padStart(12, '0');
}

export function encodeState(value: Uint8Array, { block, transaction }: Version): Buffer {
  const out = Buffer.allocUnsafe(VERSION_LENGTH + value.length);
  out.writeUIntBE(block, 0, 6);
  out.writeUInt32BE(transaction, 6);
  out.set(value, VERSION_LENGTH);
  return out;
}

export function decodeVersion(bytes: Buffer): Version {
  return { block: bytes.readUIntBE(0, 6), transaction: bytes.readUInt32BE(6) };
}

export function encodeNumber(number: number): Buffer {
  const out = Buffer.allocUnsafe(6);
  out.writeUIntBE(number, 0, 6);
  return out;
}

/** Height, header hash, commit hash. */
export function encodePosition({ height, headerHash, commitHash }: Position): Buffer {
  return Buffer.concat([encodeNumber(height), headerHash, commitHash]);
}

/** @throws RangeError when it is too short to be one */
export function decodePosition(bytes: Buffer): Position {
  const [height, hash, end] = [HEIGHT_LENGTH, HEIGHT_LENGTH + HASH_LENGTH, HEIGHT_LENGTH + 2 * HASH_LENGTH];
  return {
    height: bytes.readUIntBE(0, HEIGHT_LENGTH),
    headerHash: bytes.subarray(height, hash),
    commitHash: bytes.length < end ? Buffer.alloc(0) : bytes.subarray(hash, end), // before format 3 a sum follows
  };
}

const HEIGHT_LENGTH = 6;
const HASH_LENGTH = 32;

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
