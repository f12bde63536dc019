// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { withLock } from '../process/lock.js';
import { Processes } from '../process/processes.js';
import { spoken } from '../progress.js';
import { takeDown } from '../take-down.js';
import { folderIn, withData } from './options.js';

/** `network down` */
export function downCommand(): Command {
  return withData(new Command('down'))
    .description('end the processes of the network; its data stays, and `up` goes on with it')
    .action(async ({ data }: { data: string }) => {
      const folder = folderIn(data);
      const ended = await withLock(folder, () => takeDown(new Processes(folder, spoken)));
      console.log(ended === 0 ? 'nothing ran' : `processes that ran and are ended: ${ended}; the data stays`);
    });
}
