// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { decodeBlock } from 'yuanliu-verifier';
import { storedBlocks } from 'yuanliu-cli/stored-blocks';
import type { Bench } from './bench.js';
import { inFolder, withLedger } from './embedded/ground.js';
import { type Served, withGateway } from './gateway/ground.js';
import { BENCH_USES, type Outcome } from './gateway/messages.js';

/** Callers who saturate the gateway: with more of them it records no more per second. */
const SATURATING = 200;
const SECONDS = 8;

/**
 * What becomes of a gateway under ten times the load that saturates it: uses recorded per second by two thousand callers,
 * against two hundred. Each waits for its answer and asks at once for the next; who is refused comes again when told to.
 * Afterwards every use that was answered 201 is looked for on the ledger.
 */
const bench: Bench = {
  name: 'overload',
  unit: 'usage:record per second',
  about: 'writes recorded under ten times the load that saturates a gateway, against at saturation',
  run: ({ samples }) =>
    inFolder(async (folder) => {
      const directory = join(folder, 'served');
      const outcomes: Outcome[] = [];
      const measured = await withGateway(directory, async (served) => {
        const client = await served.client();
        const drive = async (atOnce: number, pressing = false): Promise<Outcome> => {
          const outcome = await client.run({ count: 1_000_000, atOnce, seconds: SECONDS, pressing });
          outcomes.push(outcome);
          return outcome;
        };
        for (const atOnce of [SATURATING, 10 * SATURATING]) await drive(atOnce); // warm
        const ours: number[] = [];
        const reference: number[] = [];
        const pressed: number[] = [];
        const memory: { ours: number[]; reference: number[] } = { ours: [], reference: [] };
        for (let sample = 0; sample < samples; sample++) {
          reference.push((await drive(SATURATING)).pace);
          memory.reference.push(await residentMebibytes(served));
          ours.push((await drive(10 * SATURATING)).pace);
          pressed.push((await drive(10 * SATURATING, true)).pace);
          memory.ours.push(await residentMebibytes(served));
        }
        const also = {
          'refused callers come again at once': { ours: pressed, reference, unit: bench.unit },
          'memory afterwards': { ...memory, unit: 'MiB resident' },
        };
        return { ours, reference, also };
      });
      await requireAll(directory, sum(outcomes, 'accepted'));
      console.error(`${sum(outcomes, 'accepted')} recorded, ${sum(outcomes, 'refused')} times refused`);
      return measured;
    }),
};
export default bench;

async function residentMebibytes(served: Served): Promise<number> {
  return (await served.metric('process_resident_memory_bytes')) / 2 ** 20;
}

function sum(outcomes: readonly Outcome[], what: 'accepted' | 'refused'): number {
  return outcomes.reduce((total, outcome) => total + outcome[what], 0);
}

/** @throws Error unless the ledger holds as many uses by the callers as they were told. */
async function requireAll(directory: string, accepted: number): Promise<void> {
  const recorded = await withLedger(directory, async (ledger) => {
    let uses = 0;
    for await (const { bytes } of storedBlocks(ledger)) {
      const valid = decodeBlock(bytes).transactions.filter(({ validationCode }) => validationCode === 'VALID');
      const acts = valid.filter(({ type }) => type === 'ENDORSER_TRANSACTION');
      uses += acts.filter(({ args }) => args[1]?.toString().startsWith(BENCH_USES)).length;
    }
    return uses;
  });
  if (recorded !== accepted) throw new Error(`${accepted} uses were answered 201, ${recorded} are on the ledger`);
}
