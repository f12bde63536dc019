// SPDX-License-Identifier: Apache-2.0
import type { Processes } from './process/processes.js';

/** Ends every process of the network that runs, clients of the others first. Returns how many. */
export async function takeDown(processes: Processes): Promise<number> {
  const order = ['chaincode', 'peer', 'orderer', 'ca'];
  const names = [...(await processes.running()).keys()];
  for (const kind of order) {
    await Promise.all(names.filter((name) => name.split('.')[0] === kind).map((name) => processes.stop(name)));
  }
  return names.length;
}
