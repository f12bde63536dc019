// SPDX-License-Identifier: Apache-2.0
import { membersHere } from '../host.js';
import { notOrdering, ordererChannel } from '../nodes/health.js';
import type { Network } from '../nodes/services.js';
import type { Progress } from '../progress.js';
import { forEach, run } from '../tool.js';
import type { Toolchain } from '../toolchain/toolchain.js';
import { HOST, type Organization, portsOf } from '../topology.js';
import { waitFor } from '../wait.js';
import { peerCommand } from './cli.js';

/**
 * Has every orderer take part in the channel that has not yet, and waits until each orders in it.
 *
 * @throws Error that names `renew` for one whose certificates the channel does not name: it would follow only.
 */
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
    await waitForConsenter(network, member, progress);
  });
}

/** Waits until an orderer orders in the channel. @throws Error with the next command if it does not in a minute. */
export async function waitForConsenter(
  { folder, topology }: Network,
  member: Organization,
  progress: Progress,
): Promise<void> {
  const name = `orderer.${member.name}`;
  let follows = false;
  const missing = async (): Promise<string | undefined> => {
    const channel = await ordererChannel(folder, topology, member);
    follows = channel?.consensusRelation === 'follower';
    const reason = notOrdering(channel);
    return reason === undefined ? undefined : `it is ${reason}`;
  };
  await waitFor({ what: `${name} to be active in the channel`, missing, seconds: 60 }, progress).catch(
    (cause: unknown) => {
      const next = follows ? `renew ${name} gives it certificates that the channel names` : `restart ${name}`;
      throw new Error(`${cause instanceof Error ? cause.message : String(cause)}: npm run network -- ${next}`, {
        cause,
      });
    },
  );
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
