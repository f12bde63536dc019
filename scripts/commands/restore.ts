// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { openArchive } from 'yuanliu-gateway/backup/archive';
import { restoreArchive } from 'yuanliu-gateway/backup/restore';
import { examineRestored } from '../examine.js';
import { print, withData } from './options.js';

/** `yuanliu restore FILE` */
export function restoreCommand(): Command {
  return withData(new Command('restore'))
    .description('make a data folder from a backup, and check it: every block from certificates alone, and the index')
    .argument('<file>', 'what `yuanliu backup` wrote')
    .option('--json', 'print JSON', false)
    .addHelpText(
      'after',
      `
The folder must be new or empty: nothing is written over. What was on the ledger after the backup is lost with the folder
that it was in; do not run both.

Example:
  yuanliu restore 2026-03-01.backup --data restored && yuanliu serve --data restored`,
    )
    .action(async (file: string, { data, json }: { data: string; json: boolean }) => {
      if (existsSync(data) && (await readdir(data)).length > 0) {
        throw new Error(`${data} is not empty: name a new folder with --data, nothing is written over`);
      }
      const archive = await openArchive(file);
      const directory = `${resolve(data)}.${process.pid}`; // under its own name only once it holds
      try {
        await restoreArchive(archive, directory);
        const kept = { directory, ledger: { kind: 'embedded' as const } };
        const { blocks, transactions, digest } = await examineRestored(kept, archive.index);
        await rename(directory, data);
        if (json) print({ data, made: archive.made, blocks, transactions, digest });
        else {
          console.log(`${data} holds the ledger as of ${archive.made}`);
          console.log(`${blocks} blocks, ${transactions} transactions, all verified from certificates alone`);
          console.log(`index rebuilt to the digest that it had at block ${archive.index.height - 1}`);
        }
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    });
}
