// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { type Listed, takeRevocations } from '../channel/revocation.js';
import { spoken } from '../progress.js';
import { networkIn, onNetwork, withData } from './options.js';

/** `network crl MSP` */
export function crlCommand(): Command {
  return withData(new Command('crl'))
    .description('take the list of certificates that an organisation’s authority revoked into the channel')
    .argument('<msp>', 'such as DepartmentMSP')
    .option('--json', 'print JSON', false)
    .addHelpText(
      'after',
      '\nIts own administrator signs the change. Peers refuse those certificates from then on. A repeat changes nothing.',
    )
    .action(async (mspId: string, { data, json }: { data: string; json: boolean }) => {
      const network = networkIn(data);
      const known = network.topology.organizations;
      const organization = known.find((one) => one.mspId === mspId);
      if (!organization) throw new Error(`there is no ${mspId}; there are ${known.map((one) => one.mspId).join(', ')}`);
      const taken = await onNetwork(network, (toolchain) =>
        spoken.step(`the list of ${mspId} is in the channel`, () =>
          takeRevocations(network, toolchain, organization, spoken),
        ),
      );
      console.log(json ? JSON.stringify(taken) : sentence(taken));
    });
}

function sentence({ mspId, revoked, changed }: Listed): string {
  if (revoked === 0) return `${mspId} has revoked no certificate that has not expired`;
  return `${revoked} revoked certificates of ${mspId} are refused by the channel${changed ? ' from now on' : ', as before'}`;
}
