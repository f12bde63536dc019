// SPDX-License-Identifier: Apache-2.0
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Folder } from '../folder.js';
import { type Network, type Service, servicesOf } from '../nodes/services.js';
import { readTopology } from '../topology.js';

/** Adds the option that names the network's folder. */
export function withData(command: Command): Command {
  return command.addOption(
    new Option('--data <dir>', 'folder of the network').env('YUANLIU_NETWORK').default('network-data'),
  );
}

/** The network in a folder. @throws Error if there is none. */
export function networkIn(data: string): Network {
  const folder = new Folder(data);
  if (!folder.exists)
    throw new Error(`there is no network in ${folder.root}: bring one up there, or name its folder with --data`);
  return { folder, topology: readTopology(folder.topology) };
}

/** @throws Error that names all services if there is none of that name. */
export function serviceNamed(network: Network, name: string): Service {
  const services = servicesOf(network);
  const found = services.find((service) => service.name === name);
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
