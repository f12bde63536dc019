// SPDX-License-Identifier: Apache-2.0
import { Command } from 'commander';
import { bringUp } from '../bring-up.js';
import { Folder } from '../folder.js';
import { demandHost, ownHost } from '../host.js';
import { withLock } from '../process/lock.js';
import { Processes } from '../process/processes.js';
import { spoken } from '../progress.js';
import { hasTimeWindowCheck, toolchainFor } from '../toolchain/toolchain.js';
import { readTopology, TOPOLOGY_FILE, type Topology } from '../topology.js';
import { portNumber, topologyOf, withData } from './options.js';

interface UpOptions {
  readonly data: string;
  readonly topology: string;
  readonly portBase?: number;
  readonly host?: string;
}

/** `network up` */
export function upCommand(): Command {
  return withData(new Command('up'))
    .description('bring the network up, from nothing or from where it was left, and return once it takes transactions')
    .option('--topology <file>', 'what the network consists of, when it is made', TOPOLOGY_FILE)
    .option('--port-base <port>', 'first of its ports, when it is made; default: as the topology says', portNumber)
    .option('--host <organisation>', 'where each organisation has a host of its own: whose this is')
    .action(async (options: UpOptions) => {
      const folder = new Folder(options.data);
      await withLock(folder, async () => {
        const start = performance.now();
        const topology = chosen(folder, options);
        const host = folder.exists ? ownHost(folder) : options.host;
        demandHost(topology, host);
        const toolchain = await toolchainFor(topology.fabric, spoken);
        if (!hasTimeWindowCheck(toolchain))
          spoken.note(
            `Fabric ${toolchain.version} does not refuse back-dated transactions: for tests of compatibility only`,
          );
        await bringUp(
          { folder, topology, ...(host === undefined ? {} : { host }) },
          toolchain,
          new Processes(folder, spoken),
          spoken,
        );
        const seconds = ((performance.now() - start) / 1000).toFixed(1);
        console.log(
          `up in ${seconds} s: channel ${topology.channel}, chaincode ${topology.chaincode}, Fabric ${toolchain.version}; ` +
            `how to connect is in ${folder.connection}`,
        );
      });
    });
}

/** The topology the network has, or is to have. */
function chosen(folder: Folder, { topology: file, portBase }: UpOptions): Topology {
  if (!folder.exists) {
    const asked = readTopology(file);
    return portBase === undefined ? asked : { ...asked, portBase };
  }
  const made = topologyOf(folder);
  if (portBase !== undefined && portBase !== made.portBase)
    throw new Error(
      `${folder.root} was made with ports from ${made.portBase}, and its channel says so: ` +
        'leave --port-base out, or make another network with another --data',
    );
  return made;
}
