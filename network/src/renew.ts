// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { changeConfig, readConfig } from './channel/config.js';
import { certificatesIn, isConsenter, withConsenter } from './channel/consenters.js';
import { waitForGateways } from './channel/gateway-service.js';
import { waitForConsenter } from './channel/join.js';
import { waitForTransaction } from './channel/transact.js';
import { ownHost } from './host.js';
import { readSecrets, writeAuthorityConfig } from './identity/authority.js';
import { demandKept, nextOf, RENEWABLE } from './identity/certificates.js';
import { enrolNode } from './identity/enrol-all.js';
import { notOrdering, ordererChannel } from './nodes/health.js';
import { AUTHORITY, type Network, servicesOf } from './nodes/services.js';
import { demandPorts, startServices } from './nodes/start.js';
import type { Processes } from './process/processes.js';
import type { Progress } from './progress.js';
import type { Toolchain } from './toolchain/toolchain.js';
import { membersOf, type Organization } from './topology.js';
import { waitFor } from './wait.js';

interface Renewing {
  readonly network: Network;
  readonly toolchain: Toolchain;
  readonly processes: Processes;
  readonly progress: Progress;
}

/**
 * Gives a node, `orderer.NAME` or `peer.NAME`, a new key and new certificates. An orderer's stand in the channel's
 * configuration, by which the others know it: a change that a majority signs names the new ones first. Ends once the node
 * does its work again. If it is interrupted, run it again: it continues.
 *
 * @throws Error for another process; where each organisation has its own host: one machine cannot sign for the others;
 *   and where the other orderers could not bear to be without this one.
 */
export async function renew(name: string, renewing: Renewing): Promise<void> {
  const { network, toolchain, processes, progress } = renewing;
  const { folder, topology } = network;
  const [kind, owner] = name.split('.');
  const role = RENEWABLE.find((one) => one === kind);
  const organization = membersOf(topology).find((one) => one.name === owner);
  if (!role || !organization)
    throw new Error(`${name} has no certificates that this renews: name one of ${renewable(network).join(', ')}`);
  if (ownHost(folder) !== undefined && role === 'orderer')
    throw new Error(
      'each organisation has its own host here: its administrators sign the change of the channel there, with Fabric’s own tools',
    );
  await (role === 'orderer' ? renewOrderer(renewing, organization) : renewPeer(renewing, organization));
  if (!(await processes.running()).has(name)) return;
  if (role === 'peer')
    await progress.step('a transaction is committed', () => waitForTransaction(network, toolchain, progress));
  await progress.step('every peer finds endorsers', () => waitForGateways(network, progress));
}

/** The nodes of a network whose certificates can be renewed. */
function renewable({ topology }: Network): string[] {
  return RENEWABLE.flatMap((role) => membersOf(topology).map((member) => `${role}.${member.name}`));
}

async function renewOrderer(renewing: Renewing, organization: Organization): Promise<void> {
  const { network, toolchain, processes, progress } = renewing;
  const { folder, topology } = network;
  const name = `orderer.${organization.name}`;
  const others = servicesOf(network).filter((service) => service.name !== name);
  demandKept(network, organization);
  await progress.step('everything else runs', async () => {
    await demandPorts(others, processes);
    await writeAuthorityConfig(network);
    await startServices(others, toolchain, processes, progress);
  });
  await progress.step('the other orderers are level', () => waitForLevel(renewing, organization));
  await progress.step(`${name} is enrolled anew`, () => enrolNext(renewing, organization, 'orderer'));

  const members = membersOf(topology);
  const [through = organization] = members.filter((member) => member !== organization);
  const certificates = certificatesIn(folder, topology, organization, nextOf('orderer'));
  await progress.step('the channel names its new certificates', async () => {
    const before = await readConfig(network, toolchain, through);
    if (isConsenter(before, topology, organization, certificates)) return;
    const after = withConsenter(before, topology, organization, certificates);
    const signers = members.slice(0, Math.floor(members.length / 2) + 1);
    const [sender = organization, ...more] = signers;
    await changeConfig(network, toolchain, { before, after, by: [sender, ...more], through }, progress);
  });
  await progress.step(`${name} runs with them`, async () => {
    await processes.stop(name);
    await takeNext(network, organization, 'orderer');
    const own = servicesOf(network).filter((service) => service.name === name);
    await startServices(own, toolchain, processes, progress);
  });
  await progress.step(`${name} orders again`, async () => {
    await waitForConsenter(network, organization, progress);
    await waitForTransaction(network, toolchain, progress, organization);
    await waitForLevel(renewing);
  });
}

/** A peer's certificates stand nowhere but with it. Where it does not run it is not started: `up` does that. */
async function renewPeer(renewing: Renewing, organization: Organization): Promise<void> {
  const { network, toolchain, processes, progress } = renewing;
  const name = `peer.${organization.name}`;
  await progress.step('the certificate authorities answer', async () => {
    await writeAuthorityConfig(network);
    const authority = servicesOf(network).filter((service) => service.name === AUTHORITY);
    await startServices(authority, toolchain, processes, progress);
  });
  await progress.step(`${name} is enrolled anew`, () => enrolNext(renewing, organization, 'peer'));
  await progress.step(`${name} has its new certificates`, async () => {
    const ran = await processes.stop(name);
    await takeNext(network, organization, 'peer');
    // What the builder made for the chaincode holds the certificate that the peer shows it: it is made anew from the package.
    await rm(join(network.folder.node(name), 'data', 'externalbuilder'), { recursive: true, force: true });
    const own = servicesOf(network).filter((service) => service.name === name);
    if (ran) await startServices(own, toolchain, processes, progress);
  });
}

async function enrolNext({ network, toolchain }: Renewing, organization: Organization, role: string): Promise<void> {
  const secrets = await readSecrets(network.folder);
  await enrolNode({ ...network, toolchain }, secrets, organization, role, nextOf(role));
}

/** Puts the next certificates in the place of those before. */
async function takeNext({ folder }: Network, organization: Organization, role: string): Promise<void> {
  const [next, current] = [folder.identity(organization, nextOf(role)), folder.identity(organization, role)];
  const before = `${current}.before`;
  await rm(before, { recursive: true, force: true });
  if (existsSync(current)) await rename(current, before);
  await rename(next, current);
  await rm(before, { recursive: true, force: true });
}

/** Waits until every orderer, but one if named, orders and has the blocks that any of them had when this was asked. */
async function waitForLevel({ network, progress }: Renewing, but?: Organization): Promise<void> {
  const { folder, topology } = network;
  const members = membersOf(topology).filter((member) => member !== but);
  const channels = () => Promise.all(members.map((member) => ordererChannel(folder, topology, member)));
  const highest = Math.max(...(await channels()).map((channel) => channel?.height ?? 0));
  const missing = async (): Promise<string | undefined> => {
    const amiss = (await channels()).flatMap((channel, index) => {
      const behind = channel && channel.height < highest ? `at ${channel.height} of ${highest} blocks` : undefined;
      const reason = notOrdering(channel) ?? behind;
      return reason === undefined ? [] : [`orderer.${members[index]?.name ?? ''} is ${reason}`];
    });
    return amiss.length === 0 ? undefined : amiss.join(', ');
  };
  await waitFor({ what: 'the orderers to be level', missing, seconds: 120 }, progress);
}
