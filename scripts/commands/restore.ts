// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { type Archive, openArchive } from 'yuanliu-gateway/backup/archive';
import { restoreArchive } from 'yuanliu-gateway/backup/restore';
import { sealOf } from 'yuanliu-gateway/identity/seal';
import { KEY_VARIABLE, keyElsewhere } from 'yuanliu-gateway/identity/store-key';
import { examineRestored, isComparable } from '../examine.js';
import { print, withData } from './options.js';

/** `yuanliu restore FILE` */
export function restoreCommand(): Command {
  return withData(new Command('restore'), 'data')
    .description('make a data folder from a backup, and check it: every block from certificates alone, and the index')
    .argument('<file>', 'what `yuanliu backup` wrote')
    .option('--store-key <file>', `a copy of identities/store.key of the folder, unless ${KEY_VARIABLE} holds the key`)
    .option('--unauthenticated', 'take a backup of an older version, which no key authenticates', false)
    .option('--json', 'print JSON', false)
    .addHelpText(
      'after',
      `
A backup is authenticated by the key of the identity store, which is not in it. One that was changed, or was made with
another key, is refused before anything is written. Backups of version 1 have no such key: with --unauthenticated every
block and state value is checked as well, but by the certificates in that same file; so its verdict rests on the blocks.

The folder must be new or empty: nothing is written over. What was on the ledger after the backup is lost with the folder
that it was in; do not run both.

Example:
  yuanliu restore 2026-03-01.backup --store-key safe/store.key --data restored && yuanliu serve --data restored`,
    )
    .action(async (file: string, { data, json, ...how }: RestoreOptions) => {
      if (existsSync(data) && (await readdir(data)).length > 0) {
        throw new Error(`${data} is not empty: name a new folder with --data, nothing is written over`);
      }
      const { archive, storeKey } = await admitted(file, how);
      const directory = `${resolve(data)}.${process.pid}`; // under its own name only once it holds
      try {
        await restoreArchive(archive, directory, storeKey);
        const kept = { directory, ledger: { kind: 'embedded' as const } };
        const { blocks, transactions, values = 0, digest } = await examineRestored(kept, archive.index);
        await rename(directory, data);
        if (json)
          print({
            data,
            made: archive.made,
            authenticated: !how.unauthenticated,
            blocks,
            transactions,
            values,
            digest,
          });
        else {
          console.log(`${data} holds the ledger as of ${archive.made}`);
          console.log(`${blocks} blocks, ${transactions} transactions, all verified from certificates alone`);
          console.log(`${values} state values, each as its last valid write in the blocks; no others`);
          console.log(
            isComparable(archive.index)
              ? `index rebuilt to the digest that it had at block ${archive.index.height - 1}`
              : 'index rebuilt; another version made the one that was backed up, so their digests were not compared',
          );
          if (how.unauthenticated) console.log(`! ${UNAUTHENTICATED}`);
        }
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    });
}

interface RestoreOptions {
  readonly data: string;
  readonly json: boolean;
  readonly storeKey?: string;
  readonly unauthenticated: boolean;
}

/** The backup, if its key authenticates it, or if one of an older version is wanted without. */
async function admitted(
  file: string,
  { storeKey, unauthenticated }: Pick<RestoreOptions, 'storeKey' | 'unauthenticated'>,
): Promise<{ readonly archive: Archive; readonly storeKey?: string }> {
  const whole = await openArchive(file);
  if (unauthenticated) return { archive: whole.unauthenticated() };
  if (!whole.sealed) {
    throw new Error(
      `${file} was made by an older version, and no key authenticates it: whoever had it can have changed it. ` +
        'If you trust where it was kept, restore it with --unauthenticated, which checks all that the blocks can show',
    );
  }
  const found = await keyElsewhere(storeKey);
  if (!found) {
    throw new Error(
      `the key of the identity store authenticates ${file}: name a copy of identities/store.key ` +
        `with --store-key, or set ${KEY_VARIABLE}`,
    );
  }
  const archive = await whole.authenticated(sealOf(found.key));
  return { archive, ...(found.inEnvironment ? {} : { storeKey: found.key }) };
}

const UNAUTHENTICATED =
  'no key authenticates this backup: this verdict rests on the blocks alone, by the certificates in the same file';
