// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { waitForGateways } from '../channel/gateway-service.js';
import { waitForTransaction } from '../channel/transact.js';
import { startServices } from '../nodes/start.js';
import { spoken } from '../progress.js';
import { networkIn, onNetwork, serviceNamed, withData } from './options.js';

/** `network restart NAME` */
export function restartCommand(): Command {
  return withData(new Command('restart'))
    .description('end one process, start it anew, and wait until a transaction goes through again')
    .argument('<name>', 'as `status` names it, such as orderer.agency; chaincode is the one in force')
    .action(async (asked: string, { data }: { data: string }) => {
      const network = networkIn(data);
      const service = serviceNamed(network, asked);
      const { name } = service;
      await onNetwork(network, async (toolchain, processes) => {
        await spoken.step(`${name} is ended`, () => processes.stop(name));
        await spoken.step(`${name} is healthy`, () => startServices([service], toolchain, processes, spoken));
        await spoken.step('a transaction is committed', () => waitForTransaction(network, toolchain, spoken));
        await spoken.step('every peer finds endorsers', () => waitForGateways(network, spoken));
      });
    });
}
