// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { spoken } from '../progress.js';
import { renew } from '../renew.js';
import { networkIn, onNetwork, withData } from './options.js';

/** `network renew NAME…` */
export function renewCommand(): Command {
  return withData(new Command('renew'))
    .description('give nodes new keys and certificates, one after the other, while transactions go on')
    .argument('<name...>', 'such as orderer.agency or peer.agency')
    .addHelpText(
      'after',
      '\nThe channel names an orderer’s certificates: a majority of the members sign that change first.\n' +
        'If it is interrupted, run it again: it continues where it was.',
    )
    .action(async (names: string[], { data }: { data: string }) => {
      const network = networkIn(data);
      await onNetwork(network, async (toolchain, processes) => {
        for (const name of names) await renew(name, { network, toolchain, processes, progress: spoken });
      });
      console.log(`renewed: ${names.join(', ')}`);
    });
}
