// SPDX-License-Identifier: Apache-2.0
import type { Version } from 'yuanliu-verifier/wire/hash';
import { tallied } from '../../storage/tally.js';

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

/** Height, header hash, commit hash; then the sum of all entries, this one included. */
export function encodePosition({ height, headerHash, commitHash }: Position, tally: number): Buffer {
  const own = Buffer.concat([encodeNumber(height), headerHash, commitHash]);
  const sum = Buffer.allocUnsafe(SUM_LENGTH);
  sum.writeUInt32BE(tallied(tally, POSITION, undefined, own));
  return Buffer.concat([own, sum]);
}

/** The position, and the sum of all other entries. @throws RangeError when it is too short to be one */
export function decodePosition(bytes: Buffer): [Position, number] {
  const [own, sum] = [bytes.subarray(0, -SUM_LENGTH), bytes.subarray(-SUM_LENGTH)];
  const position = { height: own.readUIntBE(0, 6), headerHash: own.subarray(6, 38), commitHash: own.subarray(38) };
  return [position, tallied(sum.readUInt32BE(), POSITION, undefined, own)];
}

const SUM_LENGTH = 4;

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
