// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type Folder, readJson, writeJson } from './folder.js';
import { unreachable } from './nodes/health.js';
import type { Network } from './nodes/services.js';
import { ADDRESS, founderOf, HOST, membersOf, type Organization, portsOf, type Topology } from './topology.js';

/** Another host must do something, or give us something, before this one can go on. */
export class WaitsForOthers extends Error {
  constructor(
    what: string,
    readonly remedy: string,
  ) {
    super(`${what}: ${remedy}, then run this again`);
    this.name = 'WaitsForOthers';
  }
}

/** The name or address under which others reach an organisation's nodes. */
export function hostOf({ host }: Organization): string {
  return host ?? HOST;
}

/** What an organisation's nodes listen on: the loopback address, unless they are to be reached from other hosts. */
export function listenOn({ host }: Organization): string {
  return host === undefined ? ADDRESS : '0.0.0.0';
}

/** The organisations whose processes and keys are on this machine: one if the network has a host for each, else all. */
export function here({ topology, folder, host = ownHost(folder) }: Network): Organization[] {
  return topology.organizations.filter(({ name }) => host === undefined || name === host);
}

/** Those of them that run nodes. */
export function membersHere(network: Network): Organization[] {
  return here(network).filter(({ nodes }) => nodes);
}

/** The organisation whose administrator acts, and whose orderer and peer are asked. */
export function speakerOf(network: Network): Organization {
  return membersHere(network)[0] ?? founderOf(network.topology);
}

/** Whether this machine does what is done once for all: the first block, the definition. */
export function isFounding(network: Network): boolean {
  return here(network).includes(founderOf(network.topology));
}

/** The organisation whose host this is; undefined where all are on this machine. */
export function ownHost(folder: Folder): string | undefined {
  const remedy = 'write {"organization": "NAME"} there, of whose host this is';
  return readJson(folder.host, z.object({ organization: z.string() }), remedy)?.organization;
}

/** @throws Error when the topology does not have a host for each organisation exactly if one is chosen. */
export function demandHost({ organizations }: Topology, chosen: string | undefined): void {
  const names = organizations.map(({ name }) => name).join(', ');
  const hosts = organizations.filter(({ host }) => host !== undefined);
  if (hosts.length === 0 && chosen === undefined) return;
  if (hosts.length < organizations.length)
    throw new Error('name a `host` for every organisation of the topology, or for none: then all are on this machine');
  if (!organizations.some(({ name }) => name === chosen))
    throw new Error(`the network has a host for each organisation: say whose this is with --host, one of ${names}`);
}

export async function writeHost(folder: Folder, organization: string): Promise<void> {
  await writeJson(folder.host, { organization });
}

/** What others need of an organisation, and nothing that is secret: roots, and its nodes' certificates. */
function publicFiles({ nodes }: Organization): string[] {
  const members = ['orderer/msp/signcerts/cert.pem', 'orderer/tls/cert.pem', 'orderer/tls/ca.pem', 'peer/tls/ca.pem'];
  return ['msp/cacerts/ca.pem', 'msp/tlscacerts/ca.pem', 'msp/config.yaml', ...(nodes ? members : [])];
}

/** Where each organisation has a host: puts what others need of us where it can be copied from. */
export async function publish(network: Network): Promise<void> {
  const { folder } = network;
  if (ownHost(folder) === undefined) return;
  for (const organization of here(network)) {
    for (const file of publicFiles(organization))
      await copy(folder.identity(organization, file), join(folder.out, 'organizations', organization.mspId, file));
  }
  if (existsSync(folder.genesis)) await copy(folder.genesis, join(folder.out, 'channel', 'genesis.block'));
}

/** @throws WaitsForOthers naming whose public files are missing here. */
export function demandPublished({ folder, topology }: Network): void {
  const missing = topology.organizations.filter((organization) =>
    publicFiles(organization).some((file) => !existsSync(folder.identity(organization, file))),
  );
  if (missing.length === 0) return;
  throw new WaitsForOthers(
    `the public files of ${missing.map(({ name }) => name).join(', ')} are not here yet`,
    `copy what is in \`out\` on their hosts into ${folder.root}, and ${folder.out} to theirs`,
  );
}

/** @throws WaitsForOthers when the founder has not sent the channel's first block. */
export function demandGenesis(network: Network): void {
  const { folder, topology } = network;
  if (isFounding(network) || existsSync(folder.genesis)) return;
  throw new WaitsForOthers(
    'the channel’s first block is not here yet',
    `copy out/channel/genesis.block from the host of ${founderOf(topology).name} to ${folder.genesis}`,
  );
}

/** @throws WaitsForOthers when too few orderers can be reached for anything to be ordered. */
export async function demandQuorum(network: Network): Promise<void> {
  const { topology } = network;
  const members = membersOf(topology);
  if (membersHere(network).length === members.length) return;
  const absent: string[] = [];
  for (const member of members) {
    if (await unreachable(portsOf(topology, member).orderer, hostOf(member))) absent.push(member.name);
  }
  const faulty =
    topology.consensus === 'bft' ? Math.floor((members.length - 1) / 3) : Math.ceil(members.length / 2) - 1;
  if (absent.length <= faulty) return;
  throw new WaitsForOthers(`the orderers of ${absent.join(', ')} cannot be reached`, 'bring up their hosts');
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to);
}
