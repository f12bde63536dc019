// SPDX-License-Identifier: Apache-2.0
import { decodeBlock, type DecodedBlock, VerificationError } from 'yuanliu-verifier';
import type { Position } from './entries.js';

/** How many of the last blocks are looked at when a ledger is opened. */
const TAIL = 8;

/**
 * Compares the last blocks with the position and with each other, as far as their hashes go.
 *
 * @returns what is wrong, if anything is
 */
export function checkTail(
  { height, headerHash }: Position,
  blockAt: (number: number) => Uint8Array | undefined,
): string | undefined {
  let expected: Uint8Array = headerHash;
  for (let number = height - 1; number >= Math.max(0, height - TAIL); number--) {
    const bytes = blockAt(number);
    if (!bytes) return `it lacks block ${number} of ${height}`;
    const block = readable(bytes);
    if (block?.number !== number || !block.headerHash.equals(expected)) {
      return `block ${number} is not the one that the chain names`;
    }
    expected = block.previousHash;
  }
  return undefined;
}

function readable(bytes: Uint8Array): DecodedBlock | undefined {
  try {
    return decodeBlock(bytes);
  } catch (error) {
    if (error instanceof VerificationError) return undefined;
    throw error;
  }
}
