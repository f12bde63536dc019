// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { spoken } from '../progress.js';
import { upgrade } from '../upgrade.js';
import { networkIn, onNetwork, withData } from './options.js';

/** `network upgrade` */
export function upgradeCommand(): Command {
  return withData(new Command('upgrade'))
    .description('bring other chaincode into the channel while transactions go on')
    .option('--code <dir>', 'built chaincode with what it stands on installed; default: this source tree’s')
    .addHelpText(
      'after',
      '\nInterrupted, it goes on where it was when it is called again; with nothing new it does nothing.',
    )
    .action(async ({ data, code }: { data: string; code?: string }) => {
      if (code !== undefined && !existsSync(join(code, 'package.json'))) {
        throw new Error(`there is no chaincode in ${code}: name a folder with its package.json`);
      }
      const network = networkIn(data);
      const { deployment, changed } = await onNetwork(network, (toolchain, processes) =>
        upgrade(network, toolchain, processes, spoken, code),
      );
      const { version, sequence } = deployment;
      console.log(
        changed
          ? `upgraded: chaincode ${version}, sequence ${sequence}`
          : `nothing to upgrade: the channel runs that chaincode, ${version}, sequence ${sequence}`,
      );
    });
}
