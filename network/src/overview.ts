// SPDX-License-Identifier: Apache-2.0
import { isLeader, ordererChannel, peerHeight } from './nodes/health.js';
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
  return Promise.all(
    servicesOf(network).map(async ({ name, ports, unhealthy }): Promise<ServiceState> => {
      const found = running.get(name);
      if (!found) return { name, state: 'stopped', ports };
      const [reason, channel] = await Promise.all([unhealthy(), channelOf(network, name)]);
      const memory = memoryOf(found.pid);
      const remark = reason ?? channel.remark;
      return {
        name,
        state: reason === undefined ? 'well' : 'ill',
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

async function channelOf({ folder, topology }: Network, name: string): Promise<{ height?: number; remark?: string }> {
  const [kind, owner] = name.split('.');
  const member = membersOf(topology).find((candidate) => candidate.name === owner);
  if (!member) return {};
  if (kind === 'peer') {
    const height = await peerHeight(topology, member);
    return height === undefined ? { remark: 'not in the channel' } : { height };
  }
  const [channel, leads] = await Promise.all([ordererChannel(folder, topology, member), isLeader(topology, member)]);
  if (!channel) return { remark: 'not in the channel' };
  const remark = channel.status === 'active' ? (leads === true ? 'leads' : undefined) : channel.status;
  return { height: channel.height, ...(remark === undefined ? {} : { remark }) };
}
