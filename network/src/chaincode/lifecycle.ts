// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { peerCommand, toOrderer, toPeers } from '../channel/cli.js';
import type { Network } from '../nodes/services.js';
import { isFounding, membersHere, speakerOf, WaitsForOthers } from '../host.js';
import type { Progress } from '../progress.js';
import { forEach, ToolError } from '../tool.js';
import type { Toolchain } from '../toolchain/toolchain.js';
import { founderOf, membersOf, type Organization } from '../topology.js';
import { waitFor } from '../wait.js';
import type { Deployment } from './package.js';

/** What the channel has agreed to run. */
const definition = z.object({ sequence: z.int(), version: z.string() });
export type Definition = z.infer<typeof definition>;

const installedPackages = z.object({
  installed_chaincodes: z.array(z.object({ package_id: z.string() })).default([]),
});
const readiness = z.object({ approvals: z.record(z.string(), z.boolean()) });

/** Installs the package on every peer that lacks it. */
export async function install(
  network: Network,
  toolchain: Toolchain,
  { packageId, packageFile }: Deployment,
): Promise<void> {
  await forEach(membersHere(network), async (member) => {
    if ((await installedOn(network, toolchain, member)).includes(packageId)) return;
    await peerCommand(network, toolchain, member, ['lifecycle', 'chaincode', 'install', packageFile]);
  });
}

/** Ids of the packages that an organisation's peer has. */
export async function installedOn(network: Network, toolchain: Toolchain, member: Organization): Promise<string[]> {
  const query = ['lifecycle', 'chaincode', 'queryinstalled', '--output', 'json'];
  const answer = installedPackages.parse(JSON.parse(await peerCommand(network, toolchain, member, query)));
  return answer.installed_chaincodes.map(({ package_id }) => package_id);
}

/** The definition that an organisation's peer knows as committed; undefined if there is none yet. */
export async function committedAt(
  network: Network,
  toolchain: Toolchain,
  member: Organization,
): Promise<Definition | undefined> {
  const { channel, chaincode } = network.topology;
  const query = ['lifecycle', 'chaincode', 'querycommitted', '-C', channel, '-n', chaincode, '--output', 'json'];
  try {
    return definition.parse(JSON.parse(await peerCommand(network, toolchain, member, query)));
  } catch (error) {
    // The peer has no code for it: a definition that is not there is an error with this text.
    if (error instanceof ToolError && error.output.includes('is not defined')) return undefined;
    throw error;
  }
}

/** @throws Error when the channel agreed on other code than was packed here. */
export async function demandAgreed(network: Network, toolchain: Toolchain, packed: Deployment): Promise<void> {
  const agreed = await committedAt(network, toolchain, speakerOf(network));
  if (agreed?.sequence !== packed.sequence || agreed.version === packed.version) return;
  throw new Error(
    `the channel agreed on chaincode ${agreed.version}, and what was packed here is ${packed.version}: check out and ` +
      `install (npm ci) the commit that the channel's is of, delete ${network.folder.chaincode} and bring the network up`,
  );
}

/** Has every organisation approve the package that has not, then commits the definition. Does nothing once committed. */
export async function approveAndCommit(
  network: Network,
  toolchain: Toolchain,
  { packageId, version, sequence }: Deployment,
  progress: Progress,
): Promise<void> {
  const { channel, chaincode } = network.topology;
  const speaker = speakerOf(network);
  const known = async (member: Organization): Promise<boolean> =>
    ((await committedAt(network, toolchain, member))?.sequence ?? 0) >= sequence;
  if (await known(speaker)) return;
  const terms = ['-C', channel, '-n', chaincode, '--version', version, '--sequence', String(sequence)];
  await forEach(membersHere(network), async (member) => {
    const approvals = await approvalsOf(network, toolchain, member, terms);
    if (approvals[member.mspId] === true) return;
    const approve = ['lifecycle', 'chaincode', 'approveformyorg', ...terms, '--package-id', packageId];
    await peerCommand(network, toolchain, member, [...approve, ...toOrderer(network)]);
  });
  await demandApprovals(network, toolchain, terms);
  const commit = ['lifecycle', 'chaincode', 'commit', ...terms, ...toOrderer(network), ...toPeers(network)];
  await peerCommand(network, toolchain, speaker, commit);
  await forEach(membersHere(network), (member) =>
    waitFor(
      {
        what: `peer.${member.name} to know the definition`,
        missing: async () => ((await known(member)) ? undefined : 'it does not'),
        seconds: 30,
      },
      progress,
    ),
  );
}

async function approvalsOf(
  network: Network,
  toolchain: Toolchain,
  member: Organization,
  terms: readonly string[],
): Promise<Readonly<Record<string, boolean>>> {
  const check = ['lifecycle', 'chaincode', 'checkcommitreadiness', ...terms, '--output', 'json'];
  return readiness.parse(JSON.parse(await peerCommand(network, toolchain, member, check))).approvals;
}

/** @throws WaitsForOthers until every organisation approved, or, where that is the founder's to do, it is committed. */
async function demandApprovals(network: Network, toolchain: Toolchain, terms: readonly string[]): Promise<void> {
  const { topology } = network;
  const approvals = await approvalsOf(network, toolchain, speakerOf(network), terms);
  const missing = membersOf(topology).filter(({ mspId }) => approvals[mspId] !== true);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    throw new WaitsForOthers(
      `${names} did not approve the chaincode yet`,
      'bring up their hosts, from the same commit',
    );
  }
  if (isFounding(network)) return;
  throw new WaitsForOthers(
    'the chaincode is approved and not committed yet',
    `bring up ${founderOf(topology).name}'s host`,
  );
}
