// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { type Archive, openArchive } from 'yuanliu-gateway/backup/archive';
import { restoreArchive } from 'yuanliu-gateway/backup/restore';
import { sealOf } from 'yuanliu-gateway/storage/seal';
import { KEY_VARIABLE, keyElsewhere } from 'yuanliu-gateway/storage/store-key';
import { writeBeginning } from 'yuanliu-gateway/ledger/beginning';
import { headerHash } from 'yuanliu-gateway/config/header-hash';
import { describeBasis } from 'yuanliu-verifier';
import { PIN } from '../doctor.js';
import { examineRestored, isComparable } from '../examine.js';
import { print, withData } from './options.js';

/** `yuanliu restore FILE` */
export function restoreCommand(): Command {
  return withData(new Command('restore'), 'data')
    .description('make a data folder from a backup, and check it: every block from its genesis block on, and the index')
    .argument('<file>', 'what `yuanliu backup` wrote')
    .option('--store-key <file>', `a copy of identities/store.key of the folder, unless ${KEY_VARIABLE} holds the key`)
    .option('--unauthenticated', 'take a backup of an older version, which no key authenticates', false)
    .option(
      '--genesis <hash>',
      'header hash of the genesis block that the ledger must begin with, as it was written down',
    )
    .option('--json', 'print JSON', false)
    .addHelpText(
      'after',
      `
A backup is authenticated by the key of the identity store, which is not in it. One that was changed, or was made with
another key, is refused before anything is written. Backups of format 1 have no such key: with --unauthenticated every
block and state value is checked as well, but by the certificates in that same file: nothing is proven then, and the
exit code is 1, unless \`--genesis\` names the genesis block of the ledger.

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
      const genesis = pinOf(file, archive, how);
      const directory = `${resolve(data)}.${process.pid}`; // under its own name only once it holds
      try {
        await restoreArchive(archive, directory, storeKey);
        const kept = { directory, ledger: { kind: 'embedded' as const } };
        if (genesis !== undefined) await writeBeginning(directory, { genesis, pinned: true });
        const { blocks, transactions, values = 0, digest, ...basis } = await examineRestored(kept, archive.index);
        if (genesis === undefined) await writeBeginning(directory, { genesis: basis.genesis, pinned: false });
        await rename(directory, data);
        if (json)
          print({
            data,
            made: archive.made,
            authenticated: !how.unauthenticated,
            genesis: basis.genesis,
            restsOn: basis.restsOn,
            blocks,
            transactions,
            values,
            digest,
          });
        else {
          console.log(`${data} holds the ledger as of ${archive.made}`);
          console.log(`${blocks} blocks, ${transactions} transactions, ${describeBasis(basis)}`);
          console.log(`${values} state values, each as its last valid write in the blocks; no others`);
          console.log(
            isComparable(archive.index)
              ? `index rebuilt to the digest that it had at block ${archive.index.height - 1}`
              : 'index rebuilt; another version made the one that was backed up, so their digests were not compared',
          );
          if (how.unauthenticated) console.log(`! ${UNAUTHENTICATED}`);
          if (genesis === undefined) console.log(`! ${PIN}`);
        }
        if (basis.restsOn !== 'genesis') process.exitCode = 1;
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
  readonly genesis?: string;
}

/**
 * The genesis block that the restored ledger must begin with: the one given, else the one that an authenticated backup names.
 * Throws where the backup is of another one.
 */
function pinOf(
  file: string,
  { genesis: named }: Archive,
  { genesis: given, unauthenticated }: Pick<RestoreOptions, 'genesis' | 'unauthenticated'>,
): string | undefined {
  if (given === undefined) return unauthenticated ? undefined : named;
  const pin = headerHash.safeParse(given);
  if (!pin.success) throw new Error(`--genesis ${given} is no header hash: write its 64 hexadecimal digits`);
  if (named === undefined || named === pin.data) return pin.data;
  throw new Error(
    `${file} is of the ledger that begins with ${named}, not with ${pin.data}: it is another ledger's backup`,
  );
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
      `${file} was made by an older version, and no key authenticates it: anyone who had it may have changed it. ` +
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
