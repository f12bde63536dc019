// SPDX-License-Identifier: Apache-2.0
import type { Bench } from './bench.js';
import { onGround } from './fabric/ground.js';
import type { Load } from './fabric/messages.js';

const LOAD: Load = { count: 500, atOnce: 50, seconds: 15 };

/**
 * How far one CPU of a client goes: `usage:record` on a real network, by the gateway's Fabric ledger and by the SDK as it
 * comes, each in a process of its own, in turn. Ours does more for it: it keeps each transaction on disk before it is
 * sent, and checks every signature of every block. With fewer of those checks, see `also`.
 */
const bench: Bench = {
  name: 'submit-cpu',
  unit: 'transactions per second of client CPU',
  about: 'usage:record on a Fabric network by the gateway’s ledger, against the raw SDK',
  run: (options) =>
    onGround(options, async ({ client }) => {
      const [gateway, sampling, sdk] = [client('gateway'), client('gateway', 10), client('sdk')];
      const goes = async (who: typeof sdk): Promise<number> => {
        const { committed, cpu } = await who.runMost(LOAD);
        return (committed / cpu) * 1e6;
      };
      for (const who of [gateway, sampling, sdk]) await goes(who); // warm
      const ours: number[] = [];
      const sampled: number[] = [];
      const reference: number[] = [];
      for (let sample = 0; sample < options.samples; sample++) {
        ours.push(await goes(gateway));
        reference.push(await goes(sdk));
        sampled.push(await goes(sampling));
      }
      const also = { 'signatures checked in one block of ten': { ours: sampled, reference, unit: bench.unit } };
      return { ours, reference, also };
    }),
};
export default bench;
