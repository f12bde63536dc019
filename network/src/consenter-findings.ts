// SPDX-License-Identifier: Apache-2.0
import { X509Certificate } from 'node:crypto';
import { type ChannelConfig, readConfig } from './channel/config.js';
import { certificatesIn, consenterIn, isConsenter } from './channel/consenters.js';
import type { Finding } from './finding.js';
import { membersHere, speakerOf } from './host.js';
import { daysUntil, WARNING_DAYS } from './identity/certificates.js';
import { notOrdering, ordererChannel } from './nodes/health.js';
import type { Network } from './nodes/services.js';
import type { Processes } from './process/processes.js';
import { ToolError } from './tool.js';
import type { Toolchain } from './toolchain/toolchain.js';
import { membersOf, type Organization } from './topology.js';

/**
 * Whether each orderer that the channel is to have orders in it: its relation to the channel, its height, and the
 * certificates that the channel's configuration names for it. An orderer with others runs, is healthy, and orders nothing.
 */
export async function consenterFindings(
  network: Network,
  toolchain: Toolchain,
  processes: Processes,
): Promise<Finding[]> {
  const running = await processes.running();
  const peer = `peer.${speakerOf(network).name}`;
  if (!running.has(peer)) return []; // is said already
  let config: ChannelConfig;
  try {
    config = await readConfig(network, toolchain, speakerOf(network));
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return [
      {
        verdict: 'wrong',
        what: `the channel’s configuration cannot be read from ${peer}: ${error.message}`,
        remedy: 'npm run network -- up',
      },
    ];
  }
  const members = membersOf(network.topology);
  return (await Promise.all(members.map((member) => findingsOf(network, config, member, running)))).flat();
}

async function findingsOf(
  network: Network,
  config: ChannelConfig,
  organization: Organization,
  running: ReadonlyMap<string, unknown>,
): Promise<Finding[]> {
  const { folder, topology } = network;
  const name = `orderer.${organization.name}`;
  const renewal = `npm run network -- renew ${name}`;
  const { identity, tls, clientTls } = consenterIn(config, topology, organization);
  const ends = [identity, tls, clientTls].flatMap((pem) =>
    pem === undefined ? [] : [new Date(new X509Certificate(pem).validTo)],
  );
  const days = daysUntil(new Date(Math.min(...ends.map((end) => end.getTime()))));
  const findings: Finding[] = [];
  if (days <= WARNING_DAYS)
    findings.push({
      verdict: days < 0 ? 'wrong' : 'notice',
      what: `the channel names certificates of ${name} that ${days < 0 ? 'have ended' : `end in ${days} days`}`,
      remedy: renewal,
    });
  if (!membersHere(network).includes(organization)) return findings;

  let named = false;
  try {
    named = isConsenter(config, topology, organization, certificatesIn(folder, topology, organization, 'orderer'));
  } catch {
    // they cannot be read, so they are not the ones
  }
  if (!named)
    findings.push({
      verdict: 'wrong',
      what: `the channel names other certificates of ${name} than it has`,
      remedy: renewal,
    });
  if (!named || !running.has(name)) return findings; // there is nothing to ask it by, or it is said already
  const channel = await ordererChannel(folder, topology, organization);
  const reason = notOrdering(channel);
  if (reason !== undefined)
    findings.push({
      verdict: 'wrong',
      what: `${name} is ${reason}`,
      remedy: channel?.consensusRelation === 'follower' ? renewal : `npm run network -- restart ${name}`,
    });
  if (findings.length > 0 || !channel) return findings;
  const what = `${name} is a consenter of ${topology.channel}, active at ${channel.height} blocks`;
  return [{ verdict: 'right', what: `${what}; the channel’s certificates of it end in ${days} days` }];
}
