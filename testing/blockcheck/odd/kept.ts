// SPDX-License-Identifier: Apache-2.0
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Trust } from 'yuanliu-verifier';
import type { Case } from './cases.js';
import type { Comparison } from './chain.js';
import { messageMutators } from './mutators.js';

/** Odd transactions with Fabric's verdicts on them, for where there is no Go to ask. */
export interface KeptChain {
  /** Of the transactions in the last block, in order. */
  readonly names: readonly string[];
  readonly trust: Trust;
  /** The first block is the genesis block; the codes and commit hashes in the others are Fabric's. */
  readonly blocks: readonly Buffer[];
}

/** The cases that are kept: each special one, and of the mutations of every layer a third, each mutation many times. */
export function isKept({ name }: Case, place: number): boolean {
  const isOfLayer = Object.keys(messageMutators).some((mutation) => name.endsWith(`: ${mutation}`));
  return !isOfLayer || (place * 7 + Math.floor(place / 10)) % 3 === 0 || name.startsWith('payload: ');
}

/** Writes a chain as file number `index` of the corpus. */
export async function keep(folder: string, index: number, { names, blocks }: Comparison, trust: Trust): Promise<void> {
  await mkdir(folder, { recursive: true });
  const json = JSON.stringify({ names, trust, blocks: blocks.map((block) => block.toString('latin1')) });
  await writeFile(join(folder, `${String(index).padStart(2, '0')}.json.gz`), gzipSync(json, { level: 9 }));
}

export async function readKept(folder: string): Promise<KeptChain[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json.gz')).sort();
  return Promise.all(
    files.map(async (name) => {
      const json = gunzipSync(await readFile(join(folder, name))).toString();
      const kept = JSON.parse(json) as Pick<KeptChain, 'names' | 'trust'> & { readonly blocks: readonly string[] };
      return { ...kept, blocks: kept.blocks.map((block) => Buffer.from(block, 'latin1')) };
    }),
  );
}
