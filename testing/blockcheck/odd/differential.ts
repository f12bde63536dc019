// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { Trust } from 'yuanliu-verifier';
import { Random } from '../../random.js';
import { type Case, namedCases, randomCase } from './cases.js';
import { compare, type Comparison, newOddChain } from './chain.js';
import { newWorld } from './world.js';

/** What a run of odd transactions came to. */
export interface Differential {
  readonly transactions: number;
  /** How many of them Fabric found valid. */
  readonly valid: number;
  /** How many of them our verifier remarked on. */
  readonly remarked: number;
  /** Transactions on which our verifier does not follow Fabric: what is odd about each, and what both say. */
  readonly disagreements: readonly string[];
}

export interface DifferentialOptions {
  /** How many random cases beside the named ones. */
  readonly more: number;
  readonly seed: number;
  /** Which of the named cases; all if left out. */
  readonly only?: (one: Case, place: number) => boolean;
}

/** As many as go into one block: the block is what both sides take or refuse. */
const BLOCK = 150;

/**
 * Has Fabric's own validator and ours judge every kind of odd transaction once, and `more` at random from `seed` on.
 *
 * @param took Called with each chain as it was judged.
 */
export async function runDifferential(
  blockcheck: string,
  work: string,
  { more, seed, only = () => true }: DifferentialOptions,
  took: (comparison: Comparison, trust: Trust) => Promise<void> | void = () => undefined,
): Promise<Differential> {
  const world = await newWorld();
  const random = new Random(seed);
  const cases: Case[] = [...namedCases().filter(only), ...Array.from({ length: more }, () => randomCase(random))];
  let [transactions, valid, remarked] = [0, 0, 0];
  const disagreements: string[] = [];
  for (let first = 0; first < cases.length; first += BLOCK) {
    const chain = newOddChain(world, cases.slice(first, first + BLOCK), seed + first);
    const found = await compare(blockcheck, join(work, `odd-${first}`), chain, world);
    const filter = Buffer.from(found.judged[1]?.filter ?? '', 'hex');
    transactions += found.names.length;
    valid += filter.filter((code) => code === 0).length;
    remarked += new Set(found.verdict.remarks.map(({ transaction }) => transaction)).size;
    disagreements.push(...differencesOf(found, filter));
    await took(found, chain.trust);
  }
  return { transactions, valid, remarked, disagreements };
}

function differencesOf({ names, verdict }: Comparison, filter: Uint8Array): string[] {
  return verdict.findings.map(({ transaction, code, message }) => {
    if (transaction === undefined) return `all of a block: ${code}, ${message}`;
    return `${names[transaction] ?? ''}: Fabric marks ${filter[transaction] ?? ''}, ours says ${code}, ${message}`;
  });
}
