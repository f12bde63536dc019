// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { GatewayClient, UnreachableError } from '../client.js';
import { examineLedger } from '../examine.js';
import { readRunFile } from '../run-file.js';
import { print, withData } from './options.js';
import { configOf } from './serve.js';

/** `yuanliu doctor` */
export function doctorCommand(): Command {
  return withData(new Command('doctor'), 'demo-data')
    .description('say whether it is well: a running gateway by its status, a stopped one by checking its whole ledger')
    .option('--json', 'print JSON', false)
    .action(async ({ data, json }: { data: string; json: boolean }) => {
      if (!existsSync(data)) throw new Error(`there is no ${data}: name the folder with --data`);
      const status = await running(data);
      const report = status
        ? { running: true, status }
        : { running: false, ...(await examineLedger(configOf({ data }, {}))) };
      if (json) print(report);
      else if (report.running) print(report);
      else {
        const { blocks, transactions, digest } = report as Awaited<ReturnType<typeof examineLedger>>;
        console.log(`no gateway runs on ${data}`);
        console.log(`ledger: ${blocks} blocks, ${transactions} transactions, all verified from certificates alone`);
        console.log(`index: digest ${digest}, the same as a rebuild`);
      }
    });
}

async function running(directory: string): Promise<unknown> {
  const run = await readRunFile(directory);
  if (!run) return undefined;
  try {
    return await new GatewayClient(run.gateway).ask('/api/v1/status');
  } catch (error) {
    if (error instanceof UnreachableError) return undefined;
    throw error;
  }
}
