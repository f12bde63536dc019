// SPDX-License-Identifier: Apache-2.0
import { changeConfig, type ChannelConfig, groupOf, readConfig } from './channel/config.js';
import { organizationGroup } from './channel/configtx.js';
import { waitForTransaction } from './channel/transact.js';
import { writeConnection } from './connection.js';
import { writeJson } from './folder.js';
import { ownHost, speakerOf } from './host.js';
import { writeAuthorityConfig } from './identity/authority.js';
import { enrolAll } from './identity/enrol-all.js';
import { AUTHORITY, type Network, servicesForChange, servicesOf } from './nodes/services.js';
import { demandWell, startServices } from './nodes/start.js';
import type { Processes } from './process/processes.js';
import type { Progress } from './progress.js';
import type { Toolchain } from './toolchain/toolchain.js';
import { type Organization, withOrganization } from './topology.js';

/**
 * Takes an organisation into a running network: its own certificate authorities, its place in the channel by a change
 * that a majority of the members sign, and `network.json` anew. It runs no nodes: its people are clients of the others'
 * peers. Broken off, it goes on when called again.
 *
 * @throws Error where the network has a host for each organisation: one machine cannot sign for the others; and where it
 *   does not run, or the organisation's names cannot be.
 */
export async function addOrganization(
  network: Network,
  organization: Organization,
  toolchain: Toolchain,
  processes: Processes,
  progress: Progress,
): Promise<void> {
  const { folder } = network;
  if (ownHost(folder) !== undefined)
    throw new Error(
      'each organisation has its own host here: its administrators sign the change there, with Fabric’s own tools',
    );
  const topology = withOrganization(network.topology, organization);
  await demandWell(servicesForChange(network));
  const grown: Network = { ...network, topology };
  await writeJson(folder.topology, topology);

  const secrets = await progress.step(`the authorities of ${organization.mspId} answer`, async () => {
    const made = await writeAuthorityConfig(grown);
    await processes.stop(AUTHORITY); // it reads the list of its authorities when it starts
    const servers = servicesOf(grown).filter(({ name }) => name === AUTHORITY);
    await startServices(servers, toolchain, processes, progress);
    return made;
  });
  await progress.step('its administrator is enrolled', () => enrolAll({ ...grown, toolchain }, secrets));
  await progress.step('a majority took it into the channel', () => takeIn(grown, organization, toolchain, progress));
  await writeConnection(grown, secrets);
  await progress.step('a transaction is committed', () => waitForTransaction(grown, toolchain, progress));
}

async function takeIn(
  network: Network,
  organization: Organization,
  toolchain: Toolchain,
  progress: Progress,
): Promise<void> {
  const before = await readConfig(network, toolchain, speakerOf(network));
  const { Application: application } = before.channel_group.groups;
  if (groupOf(application, organization.mspId)) return;
  const after: ChannelConfig = structuredClone(before);
  Object.assign(after.channel_group.groups.Application.groups, {
    [organization.mspId]: await organizationGroup(network, toolchain, organization),
  });
  const members = network.topology.organizations.filter(({ mspId }) => groupOf(application, mspId));
  const [sender, ...others] = members.slice(0, Math.floor(members.length / 2) + 1);
  if (!sender) throw new Error('the channel has no members');
  await changeConfig(network, toolchain, { before, after, by: [sender, ...others] }, progress);
}
