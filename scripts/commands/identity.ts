// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { IdentityStore } from 'yuanliu-gateway/identity/store';
import { withData } from './options.js';

/** `yuanliu identity` */
export function identityCommand(): Command {
  return new Command('identity')
    .description('the certificates that the gateway signs with')
    .addCommand(rotateKey().exitOverride());
}

function rotateKey(): Command {
  return withData(new Command('rotate-key'))
    .description('seal the identities of a stopped gateway with a new key; broken off at any moment, they still open')
    .addHelpText(
      'after',
      `
The key is in DATA/identities/store.key, and is replaced there. Where YUANLIU_STORE_KEY holds it, YUANLIU_STORE_KEY_NEW
must hold the new one; start the gateway with that from then on.`,
    )
    .action(async ({ data }: { data: string }) => {
      const directory = join(data, 'identities');
      if (!existsSync(directory))
        throw new Error(`there are no identities in ${data}: name the gateway's folder with --data`);
      const store = await IdentityStore.open(directory);
      try {
        await store.rotateKey();
        console.log(`${(await store.labels()).length} identities are sealed with the new key`);
      } finally {
        await store.close();
      }
    });
}
