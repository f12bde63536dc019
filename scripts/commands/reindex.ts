// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { rebuildIndex } from '../examine.js';
import { print, withData } from './options.js';
import { configOf } from './serve.js';

/** `yuanliu reindex` */
export function reindexCommand(): Command {
  return withData(new Command('reindex'), 'demo-data')
    .description('delete the index of a stopped gateway and rebuild it from the ledger; it holds nothing else')
    .option('--json', 'print JSON', false)
    .action(async ({ data, json }: { data: string; json: boolean }) => {
      const digest = await rebuildIndex(configOf({ data }, {}), (height, of) => {
        if (process.stderr.isTTY && height % 100 === 0) process.stderr.write(`\r${height} of ${of} blocks `);
      });
      if (process.stderr.isTTY) process.stderr.write('\n');
      if (json) print({ digest });
      else console.log(`the index of ${data} is rebuilt; digest ${digest}`);
    });
}
