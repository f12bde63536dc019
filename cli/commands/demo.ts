// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { LEDGERS } from 'yuanliu-gateway/config/settings';
import { agrees } from 'yuanliu-network/terminal';
import { basisText } from '../doctor.js';
import { said } from '../words/index.js';
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
    .description(said('about-demo'))
    .addOption(new Option('--ledger <ledger>', said('option-ledger')).choices(LEDGERS).default('embedded'))
    .addOption(new Option('--network <dir>', said('option-network')).env('YUANLIU_NETWORK').default('network-data'))
    .option('--fresh', said('option-fresh'), false)
    .option('--yes', said('option-yes-delete'), false)
    .option('--exit', said('option-exit'), false)
    .addHelpText('after', `\n${said('help-demo')}`)
    .action(async (options: DemoOptions) => {
      if (options.fresh && !(await cleared(options))) return;
      await demandSameLedger(options);
      const gateways = await startGateways(options);
      try {
        const stage = await opened(gateways, options);
        if (options.ledger === 'embedded') console.log(`${said('demo-head')}\n`);
        await play(stage);
        printSummary(stage, await showScenes(stage), gateways.all, options.data);
      } catch (error) {
        await gateways.close();
        throw error;
      }
      if (!options.exit) {
        console.log(`\n${said('goes-on')}`);
        await untilStopped(gateways);
        return;
      }
      await gateways.close();
      const { blocks, transactions, ...basis } = await gateways.examine();
      const found = { blocks, transactions, basis: basisText(basis) };
      const count = gateways.all.length;
      console.log(`\n${count === 1 ? said('demo-checked', found) : said('demo-checked-many', { ...found, count })}`);
      if (basis.restsOn !== 'genesis') process.exitCode = 1;
    });
}

/** A demonstration goes on only on the ledger that it began on. */
async function demandSameLedger({ data, ledger }: DemoOptions): Promise<void> {
  const begun = await readRunFile(data);
  if (!begun || begun.ledger === ledger) return;
  throw new Error(said('demo-other-ledger', { data, ledger: begun.ledger }));
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
  if (!run) throw new Error(said('no-demo', { data }));
  if (await answers(run)) throw new Error(said('demo-runs', { data }));
  console.log(said(run.ledger === 'embedded' ? 'fresh-embedded' : 'fresh-network', { data }));
  if (!yes && !(await agrees(said('ask-delete')))) return false;
  await rm(data, { recursive: true });
  return true;
}

function answers({ gateway }: RunFile): Promise<boolean> {
  return fetch(new URL('/api/v1/status', gateway)).then(
    () => true,
    () => false,
  );
}
