// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { rowsAmiss, rowsDone, sendImport } from '../send-import.js';
import { clientOf, print, withClient, type ClientOptions } from './options.js';

/** `yuanliu import FILE.csv` */
export function importCommand(): Command {
  return withClient(new Command('import'))
    .description('批量上链 — anchor the resources of a CSV file, a result per row')
    .argument(
      '<file>',
      'CSV in UTF-8 or GB18030; columns domain, category, item, and where known summary, format, digest, …',
    )
    .option('--dry-run', 'tell what would happen to each row; write nothing', false)
    .addHelpText(
      'after',
      '\nThe same file again changes nothing: send it again after an interruption.\n\nExample:\n  yuanliu import 城市治理.csv --as 城市治理主管部门(演示) --dry-run',
    )
    .action(async (file: string, options: ClientOptions & { dryRun: boolean }) => {
      const client = await clientOf(options);
      const state = await sendImport(client, await readFile(file), {
        dryRun: options.dryRun,
        progress: (now) => {
          if (process.stderr.isTTY) process.stderr.write(`\r${rowsDone(now)} of ${now.rows} rows `);
        },
      });
      if (process.stderr.isTTY) process.stderr.write('\n');
      if (options.json) print(state);
      else {
        if (state.encoding !== 'utf-8') console.log(`read as ${state.encoding.toUpperCase()}`);
        for (const row of state.results) {
          if (row.message === undefined) continue;
          console.log(
            `line ${row.line} ${row.id}: ${row.result}: ${row.message}${row.remedy === undefined ? '' : ` → ${row.remedy}`}`,
          );
          for (const { path, message } of row.issues ?? []) console.log(`  ${path}: ${message}`);
        }
        const counts = Object.entries(state.counts).filter(([, rows]) => rows > 0);
        console.log(
          `${options.dryRun ? 'dry run, nothing written: ' : ''}${counts.map(([what, rows]) => `${rows} ${what}`).join(', ')}`,
        );
      }
      if (rowsAmiss(state) > 0 || state.state === 'interrupted') process.exitCode = 3;
    });
}
