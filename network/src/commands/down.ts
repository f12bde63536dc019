// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { servicesOf } from '../nodes/services.js';
import { withLock } from '../process/lock.js';
import { Processes } from '../process/processes.js';
import { spoken } from '../progress.js';
import { takeDown } from '../take-down.js';
import { networkIn, withData } from './options.js';

/** `network down` */
export function downCommand(): Command {
  return withData(new Command('down'))
    .description('end the processes of the network; its data stays, and `up` goes on with it')
    .action(async ({ data }: { data: string }) => {
      const network = networkIn(data);
      const ended = await withLock(network.folder, () => takeDown(new Processes(network.folder, spoken)));
      const all = servicesOf(network).length;
      console.log(ended === 0 ? 'nothing ran' : `${ended} of ${all} processes ran and are ended; the data stays`);
    });
}
