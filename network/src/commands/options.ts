// SPDX-License-Identifier: Apache-2.0
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Folder } from '../folder.js';
import { CHAINCODE, isChaincode, type Network, type Service, servicesOf } from '../nodes/services.js';
import { withLock } from '../process/lock.js';
import { Processes } from '../process/processes.js';
import { spoken } from '../progress.js';
import { type Toolchain, toolchainFor } from '../toolchain/toolchain.js';
import { readTopology, type Topology } from '../topology.js';

/** Adds the option that names the network's folder. */
export function withData(command: Command): Command {
  return command.addOption(
    new Option('--data <dir>', 'folder of the network').env('YUANLIU_NETWORK').default('network-data'),
  );
}

/** The network in a folder. @throws Error if there is none, or its topology cannot be read. */
export function networkIn(data: string): Network {
  const folder = folderIn(data);
  return { folder, topology: topologyOf(folder) };
}

/** The folder of a network. @throws Error if there is none in it. */
export function folderIn(data: string): Folder {
  const folder = new Folder(data);
  if (folder.exists) return folder;
  throw new Error(`there is no network in ${folder.root}: bring one up there, or name its folder with --data`);
}

/** The topology that a network was made from. */
export function topologyOf({ topology: file }: Folder): Topology {
  const remedy =
    'put it back as it was, from a backup or from the file that the network was made with; ' +
    'to give the network up, bring it down and delete its folder';
  return readTopology(file, remedy);
}

/** Works on a network on which no other command works meanwhile. */
export function onNetwork<T>(
  { folder, topology }: Network,
  work: (toolchain: Toolchain, processes: Processes) => Promise<T>,
): Promise<T> {
  return withLock(folder, async () => work(await toolchainFor(topology.fabric, spoken), new Processes(folder, spoken)));
}

/**
 * The service of a name; `chaincode` is the one in force, whichever its sequence.
 *
 * @throws Error that names all services if there is none of that name.
 */
export function serviceNamed(network: Network, name: string): Service {
  const services = servicesOf(network);
  const inForce = name === CHAINCODE ? services.find((service) => isChaincode(service.name)) : undefined;
  const found = inForce ?? services.find((service) => service.name === name);
  if (!found) throw new Error(`nothing is named ${name}; there are ${services.map((each) => each.name).join(', ')}`);
  return found;
}

/** Parses a port for commander. */
export function portNumber(text: string): number {
  const value = Number(text);
  if (!/^\d{4,5}$/.test(text) || value < 1024 || value > 65_000)
    throw new InvalidArgumentError('a port from 1024 to 65000');
  return value;
}
