// SPDX-License-Identifier: Apache-2.0
import type { LedgerIndex } from '../../index/ledger-index.js';
import { Problem } from '../../errors/problem.js';
import { say, sayOf } from '../../messages/index.js';

/**
 * A block number, and the hash that binds it to its chain: `1453:9f86d081884c7d65`. A number alone names a block of any
 * chain: after a restore to an earlier backup other blocks get the same numbers.
 */
export interface ChainPosition {
  readonly block: number;
  /** The first 16 hexadecimal digits of the hash of the block's header; undefined where the number alone is meant. */
  readonly hash: string | undefined;
}

/** The first digits of a header's hash: 64 bits, which no two chains share by accident. */
export function shortHash(headerHash: string): string {
  return headerHash.slice(0, 16);
}

/** Reads `block` or `block:hash`; undefined for any other text. */
export function parsePosition(text: string): ChainPosition | undefined {
  const [, block, hash] = /^(0|[1-9]\d{0,8})(?::([0-9a-f]{16}))?$/.exec(text) ?? [];
  return block === undefined ? undefined : { block: Number(block), hash };
}

/** A position as text. */
export function positionText({ block, hash }: ChainPosition): string {
  return hash === undefined ? String(block) : `${block}:${hash}`;
}

/** The block with its hash, if it is indexed. */
export function positionOf(index: Pick<LedgerIndex, 'block'>, block: number): ChainPosition {
  const found = index.block(block);
  return { block, hash: found && shortHash(found.headerHash) };
}

/** Whether a position is of this chain; undefined while its block is not indexed. */
export function isOfThisChain(index: Pick<LedgerIndex, 'block'>, { block, hash }: ChainPosition): boolean | undefined {
  const own = positionOf(index, block).hash;
  return own === undefined ? undefined : hash === undefined || hash === own;
}

/** @throws Problem `GONE` for a position of another chain. */
export function demandThisChain(index: Pick<LedgerIndex, 'block'>, position: ChainPosition, name: string): void {
  if (isOfThisChain(index, position) !== false) return;
  throw new Problem('GONE', {
    ...say('other-chain', { name, position: positionText(position), block: position.block }),
    issues: [sayOf(name, 'of-other-chain')],
  });
}
