// SPDX-License-Identifier: Apache-2.0
import { Revocations } from 'yuanliu-verifier/identity/revocation';
import { readSecrets } from '../identity/authority.js';
import { revocationList } from '../identity/revocation-list.js';
import { speakerOf } from '../host.js';
import { type Network, servicesForChange } from '../nodes/services.js';
import { demandWell } from '../nodes/start.js';
import type { Progress } from '../progress.js';
import type { Toolchain } from '../toolchain/toolchain.js';
import { type Organization } from '../topology.js';
import { changeConfig, type ChannelConfig, groupOf, readConfig } from './config.js';

/** What became of an organisation's list of revoked certificates. */
export interface Listed {
  readonly mspId: string;
  /** How many certificates the channel refuses now. */
  readonly revoked: number;
  /** Whether that is since now. */
  readonly changed: boolean;
}

/**
 * Takes the list of revoked certificates from an organisation's authority into the channel, wherever the organisation
 * stands in it, in one update by its own administrator. Does nothing where the channel has the same already. From then on
 * the peers refuse those certificates.
 *
 * @throws Error when the authority lists nobody and the channel does: with that the channel would take them again.
 */
export async function takeRevocations(
  network: Network,
  toolchain: Toolchain,
  organization: Organization,
  progress: Progress,
): Promise<Listed> {
  const { folder, topology } = network;
  const { mspId } = organization;
  await demandWell(servicesForChange(network));
  const list = await revocationList({ folder, topology, toolchain }, await readSecrets(folder), organization);
  const before = await readConfig(network, toolchain, speakerOf(network));
  const { listed } = new Revocations([list]);
  const places = listsOf(before, mspId).map((lists) => new Revocations(lists).listed);
  if (listed.size === 0 && places.some((place) => place.size > 0)) {
    throw new Error(
      `the authority of ${mspId} lists no revoked certificate, and the channel does: ` +
        'its database is not the one it was; put that back from a backup',
    );
  }
  const revoked = listed.size;
  if (places.every((place) => same(place, listed))) return { mspId, revoked, changed: false };
  const after = structuredClone(before);
  for (const { config } of mspsOf(after, mspId)) config.revocation_list = [list.toString('base64')];
  await changeConfig(network, toolchain, { before, after, by: [organization] }, progress);
  return { mspId, revoked, changed: true };
}

function same(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((name) => other.has(name));
}

function listsOf(config: ChannelConfig, mspId: string): Buffer[][] {
  return mspsOf(config, mspId).map(({ config: { revocation_list: lists } }) =>
    (lists ?? []).map((list) => Buffer.from(list, 'base64')),
  );
}

/** An organisation stands in the channel as one whose clients act, and again if it runs an orderer. */
function mspsOf({ channel_group: { groups } }: ChannelConfig, mspId: string) {
  return [groups.Application, groups.Orderer].flatMap((section) => groupOf(section, mspId)?.values.MSP.value ?? []);
}
