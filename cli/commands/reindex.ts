// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { rebuildIndex } from '../examine.js';
import { dataFolder, type KeepingOptions, print, withConfig } from './options.js';
import { configOf } from './serve.js';

/** `yuanliu reindex` */
export function reindexCommand(): Command {
  return withConfig(new Command('reindex'))
    .description('delete the index of a stopped gateway and rebuild it from the ledger; it holds nothing else')
    .option('--json', 'print JSON', false)
    .action(async ({ json, ...options }: KeepingOptions & { json: boolean }) => {
      const config = configOf(options, { YUANLIU_DATA: dataFolder() });
      if (!existsSync(config.directory))
        throw new Error(`there is no ${config.directory}: name the folder with --data`);
      const { digest, values } = await rebuildIndex(config, (height, of) => {
        if (process.stderr.isTTY && height % 100 === 0) process.stderr.write(`\r${height} of ${of} blocks `);
      });
      if (process.stderr.isTTY) process.stderr.write('\n');
      if (json) print({ digest, values });
      else {
        if (values !== undefined) console.log(`${values} state values, each as its last valid write in the blocks`);
        console.log(`the index of ${config.directory} is rebuilt; digest ${digest}`);
      }
    });
}
