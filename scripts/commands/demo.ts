// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command, Option } from 'commander';
import { NOTICE } from 'yuanliu-gateway/identity/embedded-pki';
import { startGateway, type Gateway } from 'yuanliu-gateway';
import { examineLedger } from '../examine.js';
import { holdings } from '../demo/catalogue.js';
import { membersOf, play, type Stage } from '../demo/run.js';
import { showScenes } from '../demo/scenes.js';
import { curtain } from '../demo/curtain.js';
import { readRunFile, type Account } from '../run-file.js';
import { withData } from './options.js';
import { announce, configOf, untilStopped, withListening, type ServeOptions } from './serve.js';

interface DemoOptions extends ServeOptions {
  readonly fresh: boolean;
  readonly yes: boolean;
  readonly exit: boolean;
}

/** `yuanliu demo` */
export function demoCommand(): Command {
  return withListening(withData(new Command('demo'), 'demo-data'))
    .description(
      '演示 — put a city’s catalogue on a ledger, run one authorization from plan to use, answer both questions',
    )
    .addOption(new Option('--ledger <ledger>', 'the ledger to play on').choices(['embedded']).default('embedded'))
    .option('--fresh', 'delete what an earlier demonstration left in the folder, and start over', false)
    .option('--yes', 'delete without asking', false)
    .option('--exit', 'play it, check it, stop', false)
    .addHelpText('after', '\nBroken off at any moment, it goes on where it was when started again.')
    .action(async (options: DemoOptions) => {
      if (options.fresh && !(await cleared(options))) return;
      const gateway = await startGateway(
        configOf(options, { YUANLIU_LOG_LEVEL: 'error', YUANLIU_REQUESTS_PER_MINUTE: '1000000' }),
      );
      try {
        const stage = await opened(gateway, options.data);
        console.log(`源流 · ${NOTICE}\n`);
        await play(stage);
        curtain(stage, await showScenes(stage), gateway, options.data);
      } catch (error) {
        await gateway.close();
        throw error;
      }
      if (!options.exit) {
        console.log('\nThe gateway goes on serving; Ctrl-C stops it, the data stays.');
        await untilStopped(gateway);
        return;
      }
      await gateway.close();
      const { blocks, transactions } = await examineLedger(options.data);
      console.log(
        `\nchecked: ${blocks} blocks, ${transactions} transactions verified from certificates alone; the index is what a rebuild gives`,
      );
    });
}

/** Opens an account for every member, and says so in `run.json`. */
async function opened(gateway: Gateway, directory: string): Promise<Stage> {
  const all = holdings();
  const accounts: Account[] = [];
  for (const { code: organization, msp: mspId, role, name, user } of membersOf(all)) {
    const { token } = await gateway.account({ mspId, user, organization });
    accounts.push({ role, organization, name, user, ...(token === undefined ? {} : { token }) });
  }
  await announce(gateway, directory, accounts);
  return { gateway: gateway.url, accounts, holdings: all };
}

/** Deletes a demonstration's data once the user agrees; false if not. */
async function cleared({ data, yes }: DemoOptions): Promise<boolean> {
  if (!existsSync(data)) return true;
  if (!existsSync(join(data, 'run.json')))
    throw new Error(`${data} holds no demonstration: it has no run.json; delete it yourself if it may go`);
  if (await answers(data)) throw new Error(`a gateway runs on ${data}: stop it first`);
  console.log(`--fresh deletes ${data}: its ledger, keys, index and accounts.`);
  if (!yes && process.stdin.isTTY) {
    const ask = createInterface({ input: process.stdin, output: process.stdout });
    const answer = await ask.question('Delete it? [y/N] ');
    ask.close();
    if (!/^y(es)?$/i.test(answer.trim())) return false;
  } else if (!yes) throw new Error('nobody to ask: say --yes to delete');
  await rm(data, { recursive: true });
  return true;
}

async function answers(directory: string): Promise<boolean> {
  const run = await readRunFile(directory);
  return (
    run !== undefined &&
    fetch(new URL('/api/v1/status', run.gateway)).then(
      () => true,
      () => false,
    )
  );
}
