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
import { basisText } from '../doctor.js';
import { said } from '../words/index.js';
import { examineRestored, isComparable } from '../examine.js';
import { print, withData } from './options.js';

/** `yuanliu restore FILE` */
export function restoreCommand(): Command {
  return withData(new Command('restore'), 'data')
    .description(said('about-restore'))
    .argument('<file>', said('arg-restore'))
    .option('--store-key <file>', said('option-store-key', { variable: KEY_VARIABLE }))
    .option('--unauthenticated', said('option-unauthenticated'), false)
    .option('--genesis <hash>', said('option-genesis'))
    .option('--json', said('option-json'), false)
    .addHelpText(
      'after',
      `
${said('help-restore')}

${said('example')}
  yuanliu restore 2026-03-01.backup --store-key safe/store.key --data restored && yuanliu serve --data restored`,
    )
    .action(async (file: string, { data, json, ...how }: RestoreOptions) => {
      if (existsSync(data) && (await readdir(data)).length > 0) {
        throw new Error(said('not-empty', { data }));
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
          console.log(said('restored', { data, at: archive.made }));
          console.log(said('blocks-checked', { blocks, transactions, basis: basisText(basis) }));
          console.log(said('state-checked', { values }));
          console.log(
            isComparable(archive.index)
              ? said('index-rebuilt', { block: archive.index.height - 1 })
              : said('index-not-compared'),
          );
          if (how.unauthenticated) console.log(`! ${said('unauthenticated')}`);
          if (genesis === undefined) console.log(`! ${said('pin')}`);
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
  if (!pin.success) throw new Error(said('genesis-unfit', { given }));
  if (named === undefined || named === pin.data) return pin.data;
  throw new Error(said('other-genesis', { file, named, pin: pin.data }));
}

/** The backup, if its key authenticates it, or if one of an older version is wanted without. */
async function admitted(
  file: string,
  { storeKey, unauthenticated }: Pick<RestoreOptions, 'storeKey' | 'unauthenticated'>,
): Promise<{ readonly archive: Archive; readonly storeKey?: string }> {
  const whole = await openArchive(file);
  if (unauthenticated) return { archive: whole.unauthenticated() };
  if (!whole.sealed) {
    throw new Error(said('backup-older', { file }));
  }
  const found = await keyElsewhere(storeKey);
  if (!found) {
    throw new Error(said('key-needed', { file, variable: KEY_VARIABLE }));
  }
  const archive = await whole.authenticated(sealOf(found.key));
  return { archive, ...(found.inEnvironment ? {} : { storeKey: found.key }) };
}
