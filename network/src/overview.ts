// SPDX-License-Identifier: Apache-2.0
import { certificatesOf, daysUntil, WARNING_DAYS } from './identity/certificates.js';
import { isLeader, notOrdering, ordererChannel, peerHeight } from './nodes/health.js';
import { type Network, servicesOf } from './nodes/services.js';
import { memoryOf } from './process/identity.js';
import type { Processes } from './process/processes.js';
import { membersOf } from './topology.js';

/** How one process of the network is. */
export interface ServiceState {
  readonly name: string;
  /** `well`, `stopped`, or `ill` for one that runs and does not say it is well. */
  readonly state: 'well' | 'ill' | 'stopped';
  readonly ports: readonly number[];
  readonly pid?: number;
  readonly since?: string;
  /** Bytes that it holds now. */
  readonly memory?: number;
  /** Blocks that it has of the channel. */
  readonly height?: number;
  /** What is wrong, or what else is to be known. */
  readonly remark?: string;
}

/** How every process of the network is. Starts and changes nothing. */
export async function overviewOf(network: Network, processes: Processes): Promise<ServiceState[]> {
  const running = await processes.running();
  const expiring = expiringOrderers(network);
  return Promise.all(
    servicesOf(network).map(async ({ name, ports, unhealthy }): Promise<ServiceState> => {
      const found = running.get(name);
      if (!found) return { name, state: 'stopped', ports };
      const [reason, channel] = await Promise.all([unhealthy(), channelOf(network, name)]);
      const memory = memoryOf(found.pid);
      const remark = reason ?? channel.reason ?? expiring.get(name) ?? channel.remark;
      return {
        name,
        state: reason === undefined && channel.reason === undefined ? 'well' : 'ill',
        ports,
        pid: found.pid,
        since: found.since,
        ...(memory === undefined ? {} : { memory }),
        ...(channel.height === undefined ? {} : { height: channel.height }),
        ...(remark === undefined ? {} : { remark }),
      };
    }),
  );
}

/** What is to be known of orderers whose certificates end soon: the others of the channel take no word of theirs then. */
function expiringOrderers(network: Network): ReadonlyMap<string, string> {
  const soon = certificatesOf(network).flatMap(({ consenter, until }): [string, string][] => {
    const days = consenter === undefined || until === undefined ? Infinity : daysUntil(until);
    return days > WARNING_DAYS ? [] : [[`orderer.${consenter ?? ''}`, `a certificate ends in ${days} days: renew it`]];
  });
  return new Map(soon);
}

interface InChannel {
  readonly height?: number;
  readonly remark?: string;
  /** Why it does not do its work in the channel. */
  readonly reason?: string;
}

async function channelOf({ folder, topology }: Network, name: string): Promise<InChannel> {
  const [kind, owner] = name.split('.');
  const member = membersOf(topology).find((candidate) => candidate.name === owner);
  if (!member) return {};
  if (kind === 'peer') {
    const height = await peerHeight(topology, member);
    return height === undefined ? { remark: 'not in the channel' } : { height };
  }
  const [channel, leads] = await Promise.all([ordererChannel(folder, topology, member), isLeader(topology, member)]);
  if (!channel) return { remark: 'not in the channel' };
  const { height, consensusRelation } = channel;
  if (consensusRelation === 'follower') return { height, reason: notOrdering(channel) ?? consensusRelation };
  const remark = notOrdering(channel) ?? (leads === true ? 'leads' : undefined);
  return { height, ...(remark === undefined ? {} : { remark }) };
}
