// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { Command } from 'commander';
import { withLock } from '../process/lock.js';
import { Processes } from '../process/processes.js';
import { spoken } from '../progress.js';
import { takeDown } from '../take-down.js';
import { agrees } from '../terminal.js';
import { networkIn, withData } from './options.js';

/** `network destroy` */
export function destroyCommand(): Command {
  return withData(new Command('destroy'))
    .description('end the network’s processes and delete its folder: ledgers, keys, certificate authorities, logs')
    .option('--yes', 'delete without asking', false)
    .action(async ({ data, yes }: { data: string; yes: boolean }) => {
      const { folder, topology } = networkIn(data);
      console.log(
        `This deletes ${folder.root}: the ledger of ${topology.channel} on every peer and orderer, the keys of ` +
          `${topology.organizations.map(({ mspId }) => mspId).join(', ')} and their certificate authorities, and the logs.`,
      );
      if (!yes && !(await agrees('Delete it?'))) return;
      await withLock(folder, async () => {
        await takeDown(new Processes(folder, spoken));
        await rm(folder.root, { recursive: true });
      });
      console.log('deleted');
    });
}
