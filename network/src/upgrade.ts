// SPDX-License-Identifier: Apache-2.0
import { readCode } from 'yuanliu-chaincode/code';
import { approveAndCommit, install } from './chaincode/lifecycle.js';
import { adoptNext, chaincodeFolder, type Deployment, deployed, nextOf, prepareNext } from './chaincode/package.js';
import { demandCode } from './chaincode/running-code.js';
import { waitForGateways } from './channel/gateway-service.js';
import { waitForTransaction } from './channel/transact.js';
import { membersHere } from './host.js';
import { chaincodeRequests } from './nodes/health.js';
import { isChaincode, type Network, servicesOf } from './nodes/services.js';
import { demandPorts, demandWell, startServices } from './nodes/start.js';
import type { Processes } from './process/processes.js';
import type { Progress } from './progress.js';
import type { Toolchain } from './toolchain/toolchain.js';
import { waitFor } from './wait.js';

/** What the channel runs now, and whether that is since now. */
export interface Upgraded {
  readonly deployment: Deployment;
  readonly changed: boolean;
}

/**
 * Brings the chaincode of a folder, this tree's unless said, into the channel while transactions go on. The next code runs
 * beside the one in force until the organisations have agreed on it and nobody uses the old any more. Each step finds out
 * what is there and does the rest: an interrupted upgrade goes on where it was, with the code that it began with.
 *
 * @throws Error when a node or the authorities are not well: every organisation has to agree.
 */
export async function upgrade(
  network: Network,
  toolchain: Toolchain,
  processes: Processes,
  progress: Progress,
  source = chaincodeFolder(),
): Promise<Upgraded> {
  const { folder } = network;
  await demandWell(servicesOf(network).filter(({ name }) => !isChaincode(name)));
  const before = await deployed(network);
  const wanted = await readCode(source);
  const begun = nextOf(folder);
  if (!begun && wanted.digest === before.code.digest) {
    await endOthers(network, processes, progress);
    return { deployment: before, changed: false };
  }
  if (begun && wanted.digest !== begun.code.digest)
    progress.note(`goes on with the upgrade to ${begun.version} that was begun; upgrade again for ${wanted.version}`);
  const next = await progress.step('the code is packed', () => prepareNext(network, source));
  progress.note(`from ${before.version} to ${next.version}, sequence ${next.sequence}`);
  const services = servicesOf(network).filter(({ name }) => isChaincode(name));
  await progress.step('its process runs beside the old one', async () => {
    await demandPorts(services, processes);
    await startServices(services, toolchain, processes, progress);
  });
  await progress.step('every peer has the package', () => install(network, toolchain, next));
  await progress.step('every organisation approved it and it is committed', () =>
    approveAndCommit(network, toolchain, next, progress),
  );
  await adoptNext(folder);
  await progress.step('the old process has nothing to do', () => drained(network, before, progress));
  await endOthers(network, processes, progress);
  await progress.step('a transaction is committed', () => waitForTransaction(network, toolchain, progress));
  await progress.step('every peer finds endorsers', () => waitForGateways(network, progress));
  await progress.step('every peer runs the code of the package', () => demandCode(network, toolchain));
  return { deployment: next, changed: true };
}

/** Waits until the old code has asked no peer for anything for a while. New transactions already go to the new. */
async function drained(network: Network, { packageId }: Deployment, progress: Progress): Promise<void> {
  const QUIET_MS = 1500;
  let [asked, since] = [-1, performance.now()];
  const missing = async (): Promise<string | undefined> => {
    const members = membersHere(network);
    const counts = await Promise.all(members.map((one) => chaincodeRequests(network.topology, one, packageId)));
    const now = counts.reduce((sum, count) => sum + count, 0);
    if (now !== asked) [asked, since] = [now, performance.now()];
    return performance.now() - since >= QUIET_MS ? undefined : 'it still serves';
  };
  await waitFor({ what: 'the old chaincode to have nothing to do', missing, seconds: 60 }, progress);
}

/** Ends the processes of chaincode that is not, or no longer, wanted. */
async function endOthers(network: Network, processes: Processes, progress: Progress): Promise<void> {
  const wanted = servicesOf(network).map(({ name }) => name);
  for (const name of (await processes.running()).keys()) {
    if (!isChaincode(name) || wanted.includes(name)) continue;
    await progress.step(`${name} is ended`, () => processes.stop(name));
  }
}
