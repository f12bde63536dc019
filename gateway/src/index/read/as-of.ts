// SPDX-License-Identifier: Apache-2.0
import { instant } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { badRequest, IndexError } from '../error.js';
import type { AsOf } from '../ledger-index.js';
import { say } from '../../messages/index.js';

/** The indexed blocks, as far as finding a time among them goes. */
export interface Blocks {
  readonly height: number;
  /** Latest timestamp of any valid transaction of the contract up to this block. */
  latest(block: number): string;
}

/**
 * The block that `asOf` names: the last one if absent. Block order is history and client timestamps are not monotone, so a
 * time names the highest block before the first one that holds a valid transaction later than it. (An invalid one is
 * anybody's, another chaincode's has the clock of whom its own policy asks: their timestamps count for nothing.)
 *
 * @throws IndexError `BAD_REQUEST`, `NOT_INDEXED`
 */
export function resolveAsOf(asOf: AsOf | undefined, blocks: Blocks): number {
  if (blocks.height === 0) throw new IndexError('NOT_INDEXED', say('nothing-indexed'));
  if (asOf === undefined) return blocks.height - 1;
  if (typeof asOf === 'number' || /^\d+$/.test(asOf)) return blockNumber(Number(asOf), blocks.height);
  const time = instantOf(asOf);
  if (time === undefined) throw badRequest('asOf', 'as-of-unfit');
  let [low, high] = [0, blocks.height]; // the first block that is later lies in low … high
  while (low < high) {
    const middle = (low + high) >> 1;
    if (blocks.latest(middle) > time) high = middle;
    else low = middle + 1;
  }
  if (low === 0) throw badRequest('asOf', 'as-of-before', { at: time });
  return low - 1;
}

/**
 * The instant that an RFC 3339 time names, as the ledger writes instants, so that the two compare as text; undefined for any
 * other text, and for an instant whose year in UTC does not have four digits, as an offset can bring about.
 */
export function instantOf(text: string): string | undefined {
  return instant.safeParse(text).data;
}

function blockNumber(number: number, height: number): number {
  if (!Number.isSafeInteger(number) || number < 0) throw badRequest('asOf', 'as-of-number');
  if (number < height) return number;
  throw new IndexError('NOT_INDEXED', say('not-indexed', { block: number, last: height - 1 }));
}
