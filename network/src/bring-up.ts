// SPDX-License-Identifier: Apache-2.0
import { approveAndCommit, demandAgreed, install } from './chaincode/lifecycle.js';
import { deployed } from './chaincode/package.js';
import { demandCode } from './chaincode/running-code.js';
import { makeGenesis } from './channel/configtx.js';
import { waitForGateways } from './channel/gateway-service.js';
import { joinOrderers, joinPeers } from './channel/join.js';
import { waitForTransaction } from './channel/transact.js';
import { writeConnection } from './connection.js';
import { writeJson } from './folder.js';
import { demandGenesis, demandPublished, demandQuorum, membersHere, publish, writeHost } from './host.js';
import { writeAuthorityConfig } from './identity/authority.js';
import { demandKept, demandUsable } from './identity/certificates.js';
import { enrolAll } from './identity/enrol-all.js';
import { AUTHORITY, isChaincode, type Network, servicesOf } from './nodes/services.js';
import { demandPorts, startServices } from './nodes/start.js';
import type { Processes } from './process/processes.js';
import type { Progress } from './progress.js';
import type { Toolchain } from './toolchain/toolchain.js';

/**
 * Brings the network to where it takes transactions, from wherever it is: nothing, half made, stopped, or up already.
 * Each step finds out what is there and does the rest.
 */
export async function bringUp(
  network: Network,
  toolchain: Toolchain,
  processes: Processes,
  progress: Progress,
): Promise<void> {
  const { folder, topology } = network;
  demandUsable(network);
  demandKept(network);
  const services = servicesOf(network);
  await demandPorts(services, processes);
  if (!folder.exists) {
    if (network.host !== undefined) await writeHost(folder, network.host);
    await writeJson(folder.topology, topology); // from here on it is this network
  }
  const start = (which: (name: string) => boolean): Promise<void> =>
    startServices(
      services.filter(({ name }) => which(name)),
      toolchain,
      processes,
      progress,
    );

  const secrets = await progress.step('the certificate authorities answer', async () => {
    const made = await writeAuthorityConfig(network);
    await start((name) => name === AUTHORITY);
    return made;
  });
  await progress.step('administrators and nodes are enrolled', () => enrolAll({ ...network, toolchain }, secrets));
  await publish(network);
  demandPublished(network);
  demandGenesis(network);
  await progress.step('the channel has a first block', () => makeGenesis(folder, topology, toolchain));
  await publish(network);
  await progress.step('orderers and peers are healthy', () =>
    start((name) => name !== AUTHORITY && !isChaincode(name)),
  );
  await progress.step(`orderers are active in ${topology.channel}`, () => joinOrderers(network, toolchain, progress));
  await progress.step(`peers are in ${topology.channel}`, () => joinPeers(network, toolchain));
  await writeConnection(network, secrets);
  if (membersHere(network).length === 0) return; // its users are clients of the others' peers
  const deployment = await deployed(network);
  await demandAgreed(network, toolchain, deployment);
  await progress.step('the chaincode listens', () => start(isChaincode));
  await demandQuorum(network);
  await progress.step('every peer has the chaincode package', () => install(network, toolchain, deployment));
  await progress.step('every organisation approved it and it is committed', () =>
    approveAndCommit(network, toolchain, deployment, progress),
  );
  await progress.step('a transaction is committed', () => waitForTransaction(network, toolchain, progress));
  await progress.step('every peer finds endorsers', () => waitForGateways(network, progress));
  await progress.step('every peer runs the code of the package', () => demandCode(network, toolchain));
}
