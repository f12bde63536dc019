// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { z } from 'zod';
import { readJson } from './folder.js';

const organization = z.strictObject({
  mspId: z.string().regex(/^[A-Za-z0-9]{1,40}$/),
  /** Names its nodes: `peer.NAME`, `orderer.NAME`. */
  name: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** Whether it runs a peer and an orderer, or only has a certificate authority. */
  nodes: z.boolean(),
  /** Name or IPv4 address of its host, where it has one of its own. */
  host: z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/)
    .optional(),
});

const duration = z.string().regex(/^\d+(ms|s|m)$/);

const schema = z.strictObject({
  fabric: z.enum(['3.1', '2.5']),
  consensus: z.enum(['bft', 'raft']),
  channel: z.string().regex(/^[a-z][a-z0-9.-]{0,248}$/),
  chaincode: z.string().regex(/^[A-Za-z0-9]+([-_][A-Za-z0-9]+)*$/),
  /** How many of the organisations with nodes must endorse a transaction. */
  endorsements: z.int().positive(),
  /** The network takes the ports from here up to `portBase` + 10 × (organisations with nodes + 1) - 1. */
  portBase: z.int().min(1024).max(65_000),
  block: z.strictObject({ timeout: duration, messages: z.int().positive() }),
  /** How far a proposal's timestamp may be from a peer's clock. */
  timeWindow: duration,
  logLevel: z.enum(['error', 'warning', 'info', 'debug']),
  organizations: z.array(organization).min(1),
});

/** What the network consists of. Everything else is generated from it. */
export type Topology = z.infer<typeof schema>;

export type Organization = Topology['organizations'][number];

/** Where each process listens, all on the loopback address. */
export interface NodePorts {
  readonly orderer: number;
  readonly ordererAdmin: number;
  readonly ordererOperations: number;
  readonly peer: number;
  readonly peerChaincode: number;
  readonly peerOperations: number;
}

/** The name that certificates carry and clients connect to. */
export const HOST = 'localhost';

/** The address that everything listens on. */
export const ADDRESS = '127.0.0.1';

export const TOPOLOGY_FILE = resolve(__dirname, '../topology.json');

/** @throws Error that names the file, what is wrong in it, and what to do: `remedy`. */
export function readTopology(file: string, remedy = 'change that'): Topology {
  const topology = readJson(file, schema, remedy);
  if (!topology) throw new Error(`there is no ${file}: name the file of a topology`);
  const members = membersOf(topology).length;
  if (topology.endorsements > members)
    throw new Error(`${file}: ${topology.endorsements} endorsements of ${members} organisations with peers`);
  if (topology.consensus === 'bft' && topology.fabric === '2.5')
    throw new Error(`${file}: Fabric 2.5 has no BFT: choose consensus raft, or fabric 3.1`);
  if (topology.consensus === 'bft' && members < 4)
    throw new Error(`${file}: BFT bears a faulty orderer only with four; ${members} organisations have nodes`);
  return topology;
}

/**
 * The topology with an organisation more; the same if it has that one.
 *
 * @throws Error when the organisation's name or MSP is taken, or is none.
 */
export function withOrganization(topology: Topology, added: Organization): Topology {
  const { organizations } = topology;
  const known = organizations.find(({ name, mspId }) => name === added.name || mspId === added.mspId);
  if (known && (known.name !== added.name || known.mspId !== added.mspId))
    throw new Error(`there is ${known.name} with ${known.mspId} already: choose another name, and MSP with --msp`);
  const { error } = organization.safeParse(added);
  if (error) throw new Error(`${added.name} with ${added.mspId} cannot be (${z.prettifyError(error)}): choose others`);
  return known ? topology : { ...topology, organizations: [...organizations, added] };
}

/** The organisations that run a peer and an orderer. */
export function membersOf({ organizations }: Topology): Organization[] {
  return organizations.filter(({ nodes }) => nodes);
}

/** The organisation that runs the certificate authority server and the chaincode, and proposes the definition. */
export function founderOf(topology: Topology): Organization {
  const [founder] = membersOf(topology);
  if (!founder) throw new Error('no organisation of the topology has nodes');
  return founder;
}

export function portsOf(topology: Topology, organization: Organization): NodePorts {
  const first = topology.portBase + 10 * (membersOf(topology).indexOf(organization) + 1);
  return {
    orderer: first,
    ordererAdmin: first + 1,
    ordererOperations: first + 2,
    peer: first + 5,
    peerChaincode: first + 6,
    peerOperations: first + 7,
  };
}

/** Ports of what the organisations share. */
export function sharedPorts({ portBase }: Topology) {
  return { ca: portBase, caOperations: portBase + 1, chaincode: portBase + 5, upgradedChaincode: portBase + 6 };
}

/** Where the code of a definition listens: by turns on two ports, so that the next can run beside the one in force. */
export function chaincodePort(topology: Topology, sequence: number): number {
  const { chaincode, upgradedChaincode } = sharedPorts(topology);
  return sequence % 2 === 1 ? chaincode : upgradedChaincode;
}
