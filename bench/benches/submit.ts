// SPDX-License-Identifier: Apache-2.0
import type { Bench } from './bench.js';
import { onGround } from './fabric/ground.js';
import type { Load, Outcome } from './fabric/messages.js';

/** More at once gives no more per second, only longer waits. */
const LOAD: Load = { count: 1000, atOnce: 100, seconds: 20 };

/**
 * What a network with nothing to spare gives to one client: `usage:record` by the gateway's Fabric ledger and by the SDK as
 * it comes, in turn. Client, peers and orderers share the machine, so what the client saves is the network's to use.
 */
const bench: Bench = {
  name: 'submit',
  unit: 'transactions per second',
  about: 'usage:record on a saturated Fabric network by the gateway’s ledger, against the raw SDK',
  run: (options) =>
    onGround(options, async ({ client }) => {
      const [gateway, sdk] = [client('gateway'), client('sdk')];
      for (const who of [gateway, sdk]) await who.runMost(LOAD); // warm
      const ours: Outcome[] = [];
      const reference: Outcome[] = [];
      for (let sample = 0; sample < options.samples; sample++) {
        ours.push(await gateway.runMost(LOAD));
        reference.push(await sdk.runMost(LOAD));
      }
      const p99 = { ours: ours.map(slowest), reference: reference.map(slowest), unit: 'ms' };
      return { ours: ours.map(pace), reference: reference.map(pace), also: { p99 } };
    }),
};
export default bench;

function pace({ committed, seconds }: Outcome): number {
  return committed / seconds;
}

/** The time within which 99 of 100 are committed. */
function slowest({ latencies }: Outcome): number {
  const sorted = [...latencies].sort((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? NaN;
}
