// SPDX-License-Identifier: Apache-2.0
import { membersHere } from '../host.js';
import { ordererChannel } from '../nodes/health.js';
import type { Network } from '../nodes/services.js';
import type { Progress } from '../progress.js';
import { forEach, run } from '../tool.js';
import type { Toolchain } from '../toolchain/toolchain.js';
import { HOST, portsOf } from '../topology.js';
import { waitFor } from '../wait.js';
import { peerCommand } from './cli.js';

/** Has every orderer take part in the channel that has not yet, and waits until each is active in it. */
export async function joinOrderers(network: Network, toolchain: Toolchain, progress: Progress): Promise<void> {
  const { folder, topology } = network;
  await forEach(membersHere(network), async (member) => {
    const { ordererAdmin } = portsOf(topology, member);
    if (!(await ordererChannel(folder, topology, member))) {
      const tls = (file: string): string => folder.identity(member, 'orderer', 'tls', file);
      await run(toolchain.osnadmin, {
        args: [
          ...['channel', 'join', '--channelID', topology.channel, '--config-block', folder.genesis],
          ...['-o', `${HOST}:${ordererAdmin}`],
          ...['--ca-file', tls('ca.pem'), '--client-cert', tls('cert.pem'), '--client-key', tls('key.pem')],
        ],
      });
    }
    const missing = async (): Promise<string | undefined> => {
      const channel = await ordererChannel(folder, topology, member);
      return channel?.status === 'active' ? undefined : `it is ${channel?.status ?? 'not in it'}`;
    };
    await waitFor({ what: `orderer.${member.name} to be active in the channel`, missing, seconds: 60 }, progress);
  });
}

/** Has every peer join the channel that has not yet. */
export async function joinPeers(network: Network, toolchain: Toolchain): Promise<void> {
  const { folder, topology } = network;
  await forEach(membersHere(network), async (member) => {
    const joined = await peerCommand(network, toolchain, member, ['channel', 'list']);
    if (joined.split('\n').includes(topology.channel)) return;
    await peerCommand(network, toolchain, member, ['channel', 'join', '-b', folder.genesis]);
  });
}
