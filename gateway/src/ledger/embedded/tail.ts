// SPDX-License-Identifier: Apache-2.0
import { common } from '@hyperledger/fabric-protos';
import { type BlockHeader, headerHash } from 'yuanliu-verifier/wire/hash';
import type { Position } from './entries.js';

/** How many of the last blocks are looked at when a ledger is opened. */
const TAIL = 8;

/**
 * Compares the last blocks with the position and with each other, as far as their hashes go.
 *
 * @returns what is wrong, if anything is
 */
export function checkTail(
  { height, headerHash: last }: Position,
  blockAt: (number: number) => Uint8Array | undefined,
): string | undefined {
  let expected: Uint8Array = last;
  for (let number = height - 1; number >= Math.max(0, height - TAIL); number--) {
    const bytes = blockAt(number);
    if (!bytes) return `it lacks block ${number} of ${height}`;
    const header = headerOf(bytes);
    if (header?.number !== number || !Buffer.from(headerHash(header)).equals(expected)) {
      return `block ${number} is not the one that the chain names`;
    }
    expected = header.previousHash;
  }
  return undefined;
}

/** The header alone: what a large block holds takes long to read. */
function headerOf(bytes: Uint8Array): BlockHeader | undefined {
  try {
    const header = common.Block.deserializeBinary(bytes).getHeader();
    return (
      header && {
        number: header.getNumber(),
        previousHash: header.getPreviousHash_asU8(),
        dataHash: header.getDataHash_asU8(),
      }
    );
  } catch {
    return undefined; // no block at all
  }
}
