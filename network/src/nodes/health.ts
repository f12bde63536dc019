// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { connect } from 'node:net';
import { z } from 'zod';
import type { Folder } from '../folder.js';
import { ADDRESS, HOST, membersOf, type Organization, portsOf, type Topology } from '../topology.js';

/** Asks a node's operations port; undefined if it says it is well, else why not. */
export async function unhealthy(operationsPort: number): Promise<string | undefined> {
  try {
    const response = await fetch(`http://${ADDRESS}:${operationsPort}/healthz`, { signal: AbortSignal.timeout(3000) });
    const body = await response.text();
    return response.ok ? undefined : `it says ${response.status} ${body.trim().slice(0, 200)}`;
  } catch (error) {
    return `port ${operationsPort}: ${reasonOf(error)}`;
  }
}

/** Whether something listens on the port; undefined if so, else why not. */
export function unreachable(port: number, host = ADDRESS): Promise<string | undefined> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: 3000 });
    const end = (reason: string | undefined): void => {
      socket.destroy();
      done(reason);
    };
    socket.once('connect', () => {
      end(undefined);
    });
    socket.once('timeout', () => {
      end(`port ${port}: no answer`);
    });
    socket.once('error', (error) => {
      end(`port ${port}: ${error.message}`);
    });
  });
}

/** How many blocks a peer has of the channel; undefined if it does not tell. */
export async function peerHeight(topology: Topology, organization: Organization): Promise<number | undefined> {
  const { peerOperations } = portsOf(topology, organization);
  return metricOf(peerOperations, `ledger_blockchain_height{channel="${topology.channel}"}`);
}

/** Whether an orderer leads the others now; undefined if it does not tell. */
export async function isLeader(topology: Topology, organization: Organization): Promise<boolean | undefined> {
  const { ordererOperations } = portsOf(topology, organization);
  const family = topology.consensus === 'bft' ? 'BFT' : 'etcdraft';
  const value = await metricOf(ordererOperations, `consensus_${family}_is_leader{channel="${topology.channel}"}`);
  return value === undefined ? undefined : value === 1;
}

/** How much a peer's chaincode of this package has asked of it so far. */
export async function chaincodeRequests(
  topology: Topology,
  organization: Organization,
  packageId: string,
): Promise<number> {
  const name = `chaincode_shim_requests_received{chaincode="${packageId}",`;
  const rows = (await metricsOf(portsOf(topology, organization).peerOperations)).filter((row) => row.startsWith(name));
  return rows.reduce((sum, row) => sum + Number(row.split(' ').at(-1)), 0);
}

/**
 * The organisation whose orderer leads, as most SmartBFT orderers say: one that hung and came back may take itself for
 * the leader until it hears of the election. Undefined if there is no such majority.
 */
export async function leaderOf(topology: Topology): Promise<Organization | undefined> {
  const members = membersOf(topology);
  const name = `consensus_BFT_leader_id{channel="${topology.channel}"}`;
  const said = await Promise.all(members.map((member) => metricOf(portsOf(topology, member).ordererOperations, name)));
  return members.find((_, index) => said.filter((id) => id === index + 1).length * 2 > members.length);
}

async function metricOf(operationsPort: number, name: string): Promise<number | undefined> {
  const line = (await metricsOf(operationsPort)).find((row) => row.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length));
}

async function metricsOf(operationsPort: number): Promise<string[]> {
  const text = await fetch(`http://${ADDRESS}:${operationsPort}/metrics`, { signal: AbortSignal.timeout(3000) })
    .then((response) => response.text())
    .catch(() => ''); // who is not there tells nothing
  return text.split('\n');
}

/** What an orderer says of the channel; undefined if it has not joined or does not answer. */
export interface OrdererChannel {
  readonly height: number;
  /** `active`, or `onboarding` while it fetches what it missed. */
  readonly status: string;
  /** `consenter`; or `follower` if the channel's configuration does not name its certificates: it orders nothing. */
  readonly consensusRelation: string;
}

/** What is said of an orderer whose certificates the channel's configuration does not name: `renew` is for that. */
export const NOT_NAMED = 'the channel does not name its certificates';

/** Why an orderer does not order in the channel; undefined if it does. */
export function notOrdering(channel: OrdererChannel | undefined): string | undefined {
  if (!channel) return 'not in the channel';
  if (channel.consensusRelation !== 'consenter') return `a ${channel.consensusRelation}: ${NOT_NAMED}`;
  return channel.status === 'active' ? undefined : channel.status;
}

export async function ordererChannel(
  folder: Folder,
  topology: Topology,
  organization: Organization,
): Promise<OrdererChannel | undefined> {
  const tls = (file: string): Promise<Buffer> => readFile(folder.identity(organization, 'orderer', 'tls', file));
  const files = await Promise.all([tls('ca.pem'), tls('cert.pem'), tls('key.pem')]).catch(() => undefined);
  if (!files) return undefined; // its certificates are lost: `renew` gives it others
  const [ca, cert, key] = files;
  const port = portsOf(topology, organization).ordererAdmin;
  const path = `/participation/v1/channels/${topology.channel}`;
  const body = await new Promise<string>((done) => {
    const asked = request({ host: HOST, port, path, ca, cert, key, timeout: 3000, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        done(response.statusCode === 200 ? Buffer.concat(chunks).toString() : '');
      });
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', () => {
      done('');
    });
    asked.end();
  });
  if (body === '') return undefined;
  return ordererChannelSchema.parse(JSON.parse(body));
}

const ordererChannelSchema = z.object({ height: z.number(), status: z.string(), consensusRelation: z.string() });

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
