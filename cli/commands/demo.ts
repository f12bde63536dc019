// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { LEDGERS } from 'yuanliu-gateway/config/settings';
import { NOTICE } from 'yuanliu-gateway/identity/embedded-pki';
import { agrees } from 'yuanliu-network/terminal';
import { describeBasis } from 'yuanliu-verifier';
import { Horizon } from '../client.js';
import { holdings } from 'yuanliu-demo/catalogue';
import { membersOf, play, type Stage } from '../demo/run.js';
import { startGateways, type Gateways, type Ground } from '../demo/gateways.js';
import { showScenes } from '../demo/scenes.js';
import { printSummary } from '../demo/summary.js';
import { readRunFile, type Account, type RunFile } from '../run-file.js';
import { withData } from './options.js';
import { announce, untilStopped, withListening } from './serve.js';

interface DemoOptions extends Ground {
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
    .addOption(new Option('--ledger <ledger>', 'the ledger to play on').choices(LEDGERS).default('embedded'))
    .addOption(
      new Option('--network <dir>', 'folder of the Fabric network, for --ledger fabric and fabric-sdk')
        .env('YUANLIU_NETWORK')
        .default('network-data'),
    )
    .option('--fresh', 'delete what an earlier demonstration left in the folder, and start over', false)
    .option('--yes', 'delete without asking', false)
    .option('--exit', 'play it, check it, stop', false)
    .addHelpText('after', '\nBroken off at any moment, it goes on where it was when started again.')
    .action(async (options: DemoOptions) => {
      if (options.fresh && !(await cleared(options))) return;
      await demandSameLedger(options);
      const gateways = await startGateways(options);
      try {
        const stage = await opened(gateways, options);
        if (options.ledger === 'embedded') console.log(`源流 · ${NOTICE}\n`);
        await play(stage);
        printSummary(stage, await showScenes(stage), gateways.all, options.data);
      } catch (error) {
        await gateways.close();
        throw error;
      }
      if (!options.exit) {
        console.log('\nIt goes on serving; Ctrl-C stops it, the data stays.');
        await untilStopped(gateways);
        return;
      }
      await gateways.close();
      const { blocks, transactions, ...basis } = await gateways.examine();
      const indexes = gateways.all.length === 1 ? 'the index is' : `${gateways.all.length} gateways' indexes are`;
      console.log(
        `\nchecked: ${blocks} blocks, ${transactions} transactions, ${describeBasis(basis)}; ${indexes} what a rebuild gives`,
      );
      if (basis.restsOn !== 'genesis') process.exitCode = 1;
    });
}

/** A demonstration goes on only on the ledger that it began on. */
async function demandSameLedger({ data, ledger }: DemoOptions): Promise<void> {
  const begun = await readRunFile(data);
  if (!begun || begun.ledger === ledger) return;
  throw new Error(
    `${data} holds a demonstration on the ${begun.ledger} ledger: --fresh deletes it, or name another folder with --data`,
  );
}

/** Opens an account for every member, and says so in `run.json`. */
async function opened(gateways: Gateways, { data, ledger }: DemoOptions): Promise<Stage> {
  const all = holdings();
  const { first } = gateways;
  const accounts: Account[] = [];
  for (const { code: organization, msp: mspId, role, name, user } of membersOf(all)) {
    const gateway = gateways.of(mspId);
    const { token } = await gateway.account({ mspId, user, organization });
    const own = { ...(gateway === first ? {} : { gateway: gateway.url }), ...(token === undefined ? {} : { token }) };
    accounts.push({ role, organization, name, user, ...own });
  }
  const auth = accounts.some(({ token }) => token !== undefined) ? 'builtin' : 'oidc';
  await announce(first, data, { ledger, auth, accounts });
  return { gateway: first.url, accounts, holdings: all, horizon: new Horizon() };
}

/** Deletes a demonstration's data once the user agrees; false if not. */
async function cleared({ data, yes }: DemoOptions): Promise<boolean> {
  if (!existsSync(data)) return true;
  const run = await readRunFile(data);
  if (!run) throw new Error(`${data} holds no demonstration: it has no run.json; delete it yourself if it may go`);
  if (await answers(run)) throw new Error(`a gateway runs on ${data}: stop it first`);
  const what =
    run.ledger === 'embedded'
      ? 'ledger, keys, index and accounts'
      : 'keys, indexes and accounts; the network keeps its ledger';
  console.log(`--fresh deletes ${data}: its ${what}.`);
  if (!yes && !(await agrees('Delete it?'))) return false;
  await rm(data, { recursive: true });
  return true;
}

function answers({ gateway }: RunFile): Promise<boolean> {
  return fetch(new URL('/api/v1/status', gateway)).then(
    () => true,
    () => false,
  );
}
