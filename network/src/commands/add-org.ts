// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { addOrganization } from '../add-organization.js';
import { spoken } from '../progress.js';
import { networkIn, onNetwork, withData } from './options.js';

/** `network add-org NAME` */
export function addOrgCommand(): Command {
  return withData(new Command('add-org'))
    .description('take another organisation into the running network: its authorities, and its place in the channel')
    .argument('<name>', 'small letters, digits and -, such as district')
    .option('--msp <id>', 'its MSP, letters and digits; default: the name with a capital, and MSP')
    .addHelpText(
      'after',
      '\nA majority of the members sign the change. Its gateway is started with the new network.json.',
    )
    .action(async (name: string, { data, msp }: { data: string; msp?: string }) => {
      const network = networkIn(data);
      const mspId = msp ?? `${name.charAt(0).toUpperCase()}${name.slice(1).replace(/-/g, '')}MSP`;
      await onNetwork(network, (toolchain, processes) =>
        addOrganization(network, { mspId, name, nodes: false }, toolchain, processes, spoken),
      );
      console.log(
        `${mspId} is a member. Gateways that run follow that; its own is started with the new ${network.folder.connection}`,
      );
    });
}
