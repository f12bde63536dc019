// SPDX-License-Identifier: Apache-2.0
import { leaderOf, ordererChannel } from 'yuanliu-network/nodes/health';
import type { Network } from 'yuanliu-network/nodes/services';
import { Processes } from 'yuanliu-network/process/processes';
import { silent } from 'yuanliu-network/progress';
import { membersOf } from 'yuanliu-network/topology';
import { waitFor } from 'yuanliu-network/wait';
import type { Bench } from './bench.js';
import type { WorkerClient } from './fabric/client.js';
import { onGround } from './fabric/ground.js';
import type { Load } from './fabric/messages.js';

const LOAD: Load = { count: 500, atOnce: 50, seconds: 12 };

/**
 * What one hung orderer of four costs, once the others have noticed: each pair is a network that is well and, next to it,
 * the same with a follower stopped, or with the leader stopped and another elected. On one machine the stopped one leaves
 * its share of the processor to the others.
 */
const bench: Bench = {
  name: 'bft-fault',
  unit: 'transactions per second',
  about: 'usage:record on a SmartBFT network with a follower hung, against all well; also with the leader hung',
  run: (options) =>
    onGround(options, async ({ network, client }) => {
      const gateway = client('gateway');
      await gateway.runMost(LOAD); // warm
      const reference: number[] = [];
      const ours: number[] = [];
      const leaderless: number[] = [];
      for (let sample = 0; sample < options.samples; sample++) {
        reference.push(await pace(gateway));
        ours.push(await paceWithout(network, await ordererThat(network, 'follows'), gateway));
        leaderless.push(await paceWithout(network, await ordererThat(network, 'leads'), gateway));
      }
      return { ours, reference, also: { 'leader hung': { ours: leaderless, reference, unit: bench.unit } } };
    }),
};
export default bench;

/** @throws Error when too many transactions failed. */
async function pace(client: WorkerClient): Promise<number> {
  const { committed, seconds } = await client.runMost(LOAD);
  return committed / seconds;
}

/** Has one orderer hang, waits until the others take a transaction, and measures; then until all are well again. */
async function paceWithout(network: Network, orderer: string, client: WorkerClient): Promise<number> {
  const resume = await new Processes(network.folder, silent).hang(orderer);
  try {
    await goesOn(client);
    return await pace(client);
  } finally {
    resume();
    await waitFor({ what: 'orderers to agree', missing: () => disagreement(network), seconds: 120 }, silent);
  }
}

/** Writes until one is committed, which takes a view change where the leader hangs. */
async function goesOn(client: WorkerClient): Promise<void> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const { committed } = await client.run({ count: 1, atOnce: 1, seconds: 60 });
    if (committed > 0) return;
  }
  throw new Error('with one orderer hung, the others take no transactions');
}

async function ordererThat({ topology }: Network, part: 'leads' | 'follows'): Promise<string> {
  const leader = await leaderOf(topology);
  const found = membersOf(topology).find(({ name }) => (name === leader?.name) === (part === 'leads'));
  if (!leader || !found) throw new Error(`no orderer ${part}: \`npm run network -- status\` tells what is wrong`);
  return `orderer.${found.name}`;
}

/** Why the orderers are not well: undefined once all have the same blocks, and most agree who leads. */
async function disagreement({ folder, topology }: Network): Promise<string | undefined> {
  const leader = await leaderOf(topology);
  const states = await Promise.all(membersOf(topology).map((member) => ordererChannel(folder, topology, member)));
  const heights = new Set(states.map((state) => state?.height));
  if (leader && heights.size === 1 && !heights.has(undefined)) return undefined;
  return `${leader?.name ?? 'nobody'} leads, heights ${[...heights].join(', ')}`;
}
