// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { exportWallet, importWallet, type WalletItem } from 'yuanliu-gateway/identity/wallet';
import { columns } from 'yuanliu-network/terminal';
import { withIdentityStore } from './identity-store.js';
import { organizationOf, print, withData } from './options.js';

interface WalletOptions {
  readonly data: string;
  readonly wallet: string;
  readonly json: boolean;
}

/** `yuanliu identity import` */
export function walletImport(): Command {
  return withWallet('import')
    .description('take people of a fabric-network wallet into the identity store of a stopped gateway')
    .addHelpText(
      'after',
      `
For an organisation that comes with a wallet of an existing Fabric application: its people keep their keys and certificates.
The wallet (files LABEL.id) is only read. A person whom this gateway's authorities do not certify cannot act through it.`,
    )
    .action(async (options: WalletOptions) => {
      if (!existsSync(options.wallet))
        throw new Error(`there is no folder ${options.wallet}: name the wallet's folder`);
      report(await withIdentityStore(options.data, (store) => importWallet(store, options.wallet)), options);
    });
}

/** `yuanliu identity export` */
export function walletExport(): Command {
  return withWallet('export')
    .description('write people of a stopped gateway into a fabric-network wallet, with their private keys in the clear')
    .option('--organization <organization>', 'only of this organisation, by its credit code or as --as takes it')
    .option('--user <name>', 'only this person')
    .action(async (options: WalletOptions & { organization?: string; user?: string }) => {
      const { user, data } = options;
      const organization = options.organization && (await organizationOf(options.organization, data));
      const chosen = {
        ...(organization === undefined ? {} : { organization }),
        ...(user === undefined ? {} : { user }),
      };
      report(await withIdentityStore(options.data, (store) => exportWallet(store, options.wallet, chosen)), options);
      if (!options.json)
        console.log(`the keys in ${options.wallet} are not sealed: give the folder to their owners only`);
    });
}

function withWallet(name: string): Command {
  return withData(new Command(name))
    .requiredOption('--wallet <dir>', "folder of fabric-network's file-system wallet")
    .option('--json', 'print JSON', false);
}

/** Exits with 1 where something was rejected: the rest is done. */
function report(items: readonly WalletItem[], { json }: WalletOptions): void {
  if (items.some(({ outcome }) => outcome === 'rejected')) process.exitCode = 1;
  if (json) {
    print({ items });
    return;
  }
  if (items.length === 0) console.log('no identities');
  else {
    const rows = items.map(({ label, outcome, person, reason = '' }) => [
      outcome,
      person?.organization ?? '—',
      person?.user ?? label,
      reason,
    ]);
    console.log(columns([['RESULT', 'ORGANISATION', 'USER', ''], ...rows]));
  }
}
