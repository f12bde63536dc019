// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deployed, nextOf, sequencesIn } from '../chaincode/package.js';
import { chaincodeService } from '../chaincode/service.js';
import { type Folder, writeJson, writePrivate } from '../folder.js';
import { membersHere, speakerOf } from '../host.js';
import type { Program } from '../process/processes.js';
import { logging } from '../tool.js';
import { hasTimeWindowCheck, type Toolchain } from '../toolchain/toolchain.js';
import { chaincodePort, type Organization, portsOf, sharedPorts, type Topology } from '../topology.js';
import { unhealthy, unreachable } from './health.js';
import { ordererSettings } from './orderer.js';
import { CHAINCODE_TLS, peerSettings } from './peer.js';

/** What one network is made of and with. */
export interface Network {
  readonly folder: Folder;
  readonly topology: Topology;
  /** Name of the organisation whose host this is, while the network is made; later its folder knows. */
  readonly host?: string;
}

/** A part of the network that runs as a process. */
export interface Service {
  readonly name: string;
  /** What listens where, the port that its clients use first. */
  readonly ports: readonly number[];
  /** Undefined if it is well, else why not. */
  readonly unhealthy: () => Promise<string | undefined>;
  /** Writes its configuration and says how it is started. */
  readonly program: (toolchain: Toolchain) => Promise<Program>;
}

/** Every process of the network, in the order in which they start. */
export function servicesOf(network: Network): Service[] {
  const members = membersHere(network);
  return [
    authorityService(network),
    ...members.map((member) => ordererService(network, member)),
    ...members.map((member) => peerService(network, member)),
    ...(members.length > 0 ? sequencesIn(network.folder).map((sequence) => codeService(network, sequence)) : []),
  ];
}

/** What a change of the channel's configuration goes through: the authorities, and an orderer and a peer of ours. */
export function servicesForChange(network: Network): Service[] {
  const { name: speaker } = speakerOf(network);
  const needed = [AUTHORITY, `orderer.${speaker}`, `peer.${speaker}`];
  return servicesOf(network).filter(({ name }) => needed.includes(name));
}

export const AUTHORITY = 'ca';
export const CHAINCODE = 'chaincode';

/** The process that runs the code of a definition, by its sequence. */
export function chaincodeName(sequence: number): string {
  return sequence === 1 ? CHAINCODE : `${CHAINCODE}.${sequence}`;
}

export function isChaincode(name: string): boolean {
  return name.split('.')[0] === CHAINCODE;
}

function authorityService({ folder, topology }: Network): Service {
  const { ca, caOperations } = sharedPorts(topology);
  return {
    name: AUTHORITY,
    ports: [ca, caOperations],
    unhealthy: () => unhealthy(caOperations),
    program: (toolchain) =>
      Promise.resolve({
        name: AUTHORITY,
        program: toolchain['fabric-ca-server'],
        args: ['start', '--home', folder.ca],
        env: { FABRIC_CA_SERVER_HOME: folder.ca },
        cwd: folder.ca,
      }),
  };
}

function ordererService({ folder, topology }: Network, organization: Organization): Service {
  const name = `orderer.${organization.name}`;
  const { orderer, ordererAdmin, ordererOperations } = portsOf(topology, organization);
  const home = folder.node(name);
  return {
    name,
    ports: [orderer, ordererAdmin, ordererOperations],
    unhealthy: () => unhealthy(ordererOperations),
    program: async (toolchain) => {
      await writeJson(join(home, 'orderer.yaml'), ordererSettings(folder, topology, organization));
      const env = { FABRIC_CFG_PATH: home, ...logging(specOf(topology.logLevel)) };
      return { name, program: toolchain.orderer, args: ['start'], env, cwd: home };
    },
  };
}

/** An operator is to see when orderers complain of their leader, which SmartBFT logs as warnings. */
function specOf(level: Topology['logLevel']): string {
  return level === 'error' ? 'orderer.consensus.smartbft=warning:error' : level;
}

function peerService({ folder, topology }: Network, organization: Organization): Service {
  const name = `peer.${organization.name}`;
  const { peer, peerChaincode, peerOperations } = portsOf(topology, organization);
  const home = folder.node(name);
  const chaincodeTls = join(home, 'chaincode-tls.json-part');
  return {
    name,
    ports: [peer, peerChaincode, peerOperations],
    unhealthy: () => unhealthy(peerOperations),
    program: async (toolchain) => {
      await writeJson(
        join(home, 'core.yaml'),
        peerSettings(folder, topology, organization, hasTimeWindowCheck(toolchain)),
      );
      await writePrivate(chaincodeTls, await chaincodeClientTls({ folder, topology }, organization));
      const env = { FABRIC_CFG_PATH: home, ...logging(topology.logLevel), [CHAINCODE_TLS]: chaincodeTls };
      return { name, program: toolchain.peer, args: ['node', 'start'], env, cwd: home };
    },
  };
}

function codeService(network: Network, sequence: number): Service {
  const name = chaincodeName(sequence);
  const port = chaincodePort(network.topology, sequence);
  return {
    name,
    ports: [port],
    unhealthy: () => unreachable(port),
    program: async () => {
      const next = nextOf(network.folder);
      const deployment = next?.sequence === sequence ? next : await deployed(network);
      return chaincodeService(network, deployment, name);
    },
  };
}

/** The members that `builder/ccaas/bin/release` adds to a package's address. */
async function chaincodeClientTls({ folder, topology }: Network, organization: Organization): Promise<string> {
  const read = (whose: Organization, role: string, file: string): Promise<string> =>
    readFile(folder.identity(whose, role, 'tls', file), 'utf8');
  const members = {
    tls_required: true,
    client_auth_required: true,
    client_key: await read(organization, 'peer', 'key.pem'),
    client_cert: await read(organization, 'peer', 'cert.pem'),
    root_cert: await read(speakerOf({ folder, topology }), 'chaincode', 'ca.pem'),
  };
  return JSON.stringify(members).slice(1, -1);
}
