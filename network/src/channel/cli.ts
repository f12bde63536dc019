// SPDX-License-Identifier: Apache-2.0
import type { Network } from '../nodes/services.js';
import { hostOf, speakerOf } from '../host.js';
import { logging, run } from '../tool.js';
import type { Toolchain } from '../toolchain/toolchain.js';
import { membersOf, type Organization, portsOf } from '../topology.js';

/** Runs Fabric's `peer` command against an organisation's peer, as its administrator or as another identity. */
export async function peerCommand(
  { folder }: Network,
  toolchain: Toolchain,
  organization: Organization,
  args: readonly string[],
  { msp, mspId }: { readonly msp?: string; readonly mspId?: string } = {},
): Promise<string> {
  const env = {
    FABRIC_CFG_PATH: folder.node(`peer.${organization.name}`),
    ...logging('error'),
    CORE_PEER_MSPCONFIGPATH: msp ?? folder.identity(organization, 'admin', 'msp'),
    ...(mspId === undefined ? {} : { CORE_PEER_LOCALMSPID: mspId }),
  };
  return (await run(toolchain.peer, { args, env })).stdout;
}

/** Options that name an orderer to send to. */
export function toOrderer(network: Network, organization = speakerOf(network)): string[] {
  const { folder, topology } = network;
  const address = `${hostOf(organization)}:${portsOf(topology, organization).orderer}`;
  return ['-o', address, '--tls', '--cafile', folder.identity(organization, 'orderer', 'tls', 'ca.pem')];
}

/** Options that name the peers of every organisation, or of the first few. */
export function toPeers({ folder, topology }: Network, howMany = Infinity): string[] {
  return membersOf(topology)
    .slice(0, howMany)
    .flatMap((member) => [
      ...['--peerAddresses', `${hostOf(member)}:${portsOf(topology, member).peer}`],
      ...['--tlsRootCertFiles', folder.identity(member, 'peer', 'tls', 'ca.pem')],
    ]);
}
