// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { rebuildIndex } from '../examine.js';
import { dataFolder, type KeepingOptions, print, withConfig } from './options.js';
import { said } from '../words/index.js';
import { configOf } from './serve.js';

/** `yuanliu reindex` */
export function reindexCommand(): Command {
  return withConfig(new Command('reindex'))
    .description(said('about-reindex'))
    .option('--json', said('option-json'), false)
    .action(async ({ json, ...options }: KeepingOptions & { json: boolean }) => {
      const config = configOf(options, { YUANLIU_DATA: dataFolder() });
      if (!existsSync(config.directory)) throw new Error(said('no-folder-data', { directory: config.directory }));
      const { digest, values } = await rebuildIndex(config, (height, of) => {
        if (process.stderr.isTTY && height % 100 === 0) process.stderr.write(`\r${said('blocks-of', { height, of })}`);
      });
      if (process.stderr.isTTY) process.stderr.write('\n');
      if (json) print({ digest, values });
      else {
        if (values !== undefined) console.log(said('values-checked', { values }));
        console.log(said('reindexed', { directory: config.directory, digest }));
      }
    });
}
