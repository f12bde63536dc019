// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { exportWallet, importWallet, type WalletItem } from 'yuanliu-gateway/identity/wallet';
import { columns } from 'yuanliu-network/terminal';
import { withIdentityStore } from './identity-store.js';
import { said } from '../words/index.js';
import { organizationOf, print, withData } from './options.js';

interface WalletOptions {
  readonly data: string;
  readonly wallet: string;
  readonly json: boolean;
}

/** `yuanliu identity import` */
export function walletImport(): Command {
  return withWallet('import')
    .description(said('about-wallet-import'))
    .addHelpText(
      'after',
      `
${said('help-wallet')}`,
    )
    .action(async (options: WalletOptions) => {
      if (!existsSync(options.wallet)) throw new Error(said('no-wallet', { wallet: options.wallet }));
      report(await withIdentityStore(options.data, (store) => importWallet(store, options.wallet)), options);
    });
}

/** `yuanliu identity export` */
export function walletExport(): Command {
  return withWallet('export')
    .description(said('about-wallet-export'))
    .option('--organization <organization>', said('option-organization-only'))
    .option('--user <name>', said('option-person-only'))
    .action(async (options: WalletOptions & { organization?: string; user?: string }) => {
      const { user, data } = options;
      const organization = options.organization && (await organizationOf(options.organization, data));
      const chosen = {
        ...(organization === undefined ? {} : { organization }),
        ...(user === undefined ? {} : { user }),
      };
      report(await withIdentityStore(options.data, (store) => exportWallet(store, options.wallet, chosen)), options);
      if (!options.json) console.log(said('keys-open', { wallet: options.wallet }));
    });
}

function withWallet(name: string): Command {
  return withData(new Command(name))
    .requiredOption('--wallet <dir>', said('option-wallet'))
    .option('--json', said('option-json'), false);
}

/** Exits with 1 where something was rejected: the rest is done. */
function report(items: readonly WalletItem[], { json }: WalletOptions): void {
  if (items.some(({ outcome }) => outcome === 'rejected')) process.exitCode = 1;
  if (json) {
    print({ items });
    return;
  }
  if (items.length === 0) console.log(said('no-identities'));
  else {
    const rows = items.map(({ label, outcome, person, reason = '' }) => [
      outcome,
      person?.organization ?? '—',
      person?.user ?? label,
      reason,
    ]);
    console.log(columns([[said('head-result'), said('head-organization'), said('head-user'), ''], ...rows]));
  }
}
