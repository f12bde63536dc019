// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { z } from 'zod';
import { decodeBlock } from 'yuanliu-verifier';
import { readIfThere, writePrivate } from '../storage/private-files.js';
import { LedgerError } from './error.js';
import { headerHash } from '../config/header-hash.js';
import type { Ledger } from './port.js';

/** The genesis block that a data folder's ledger begins with. */
export interface Beginning {
  /** Hex header hash. */
  readonly genesis: string;
  /**
   * Whether somebody vouches for it: who set YUANLIU_GENESIS, who made `network.json`, or this folder that founded the
   * ledger. Not so where it was only the first that was met.
   */
  readonly pinned: boolean;
}

/** The file of a data folder that says which genesis block an embedded ledger began with. */
export const BEGINNING = 'genesis.json';

const schema = z.strictObject({ genesis: headerHash, pinned: z.boolean() });

/** What the data folder says of its ledger's beginning; undefined if nothing. @throws LedgerError `DAMAGED`. */
export async function readBeginning(directory: string): Promise<Beginning | undefined> {
  const file = join(directory, BEGINNING);
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const message = `${file} names no genesis block: put it back from a backup, or set YUANLIU_GENESIS and delete it`;
    throw new LedgerError('DAMAGED', message, { cause });
  }
}

export function writeBeginning(directory: string, beginning: Beginning): Promise<void> {
  return writePrivate(join(directory, BEGINNING), `${JSON.stringify(beginning)}\n`);
}

/** The genesis block's hash as this ledger gives it. */
export async function genesisOf(ledger: Ledger): Promise<string> {
  for await (const { bytes } of ledger.blocks(0)) return decodeBlock(bytes).headerHash.toString('hex');
  throw new LedgerError('UNAVAILABLE', 'the ledger gave no first block: start again');
}

/** @throws LedgerError `UNAVAILABLE` where a ledger begins with another block than the one that is pinned, if one is. */
export function demandGenesis(found: string, pinned: string | undefined, where: string): void {
  if (pinned === undefined || pinned === found) return;
  throw new LedgerError(
    'UNAVAILABLE',
    `the ledger begins with the genesis block ${found}, and ${where} pins ${pinned}: ` +
      'this is another ledger than the one meant; correct the pin only if you know that it is wrong',
  );
}
