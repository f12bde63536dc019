// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { type Bench, cpuOf, inPairs } from './bench.js';
import { inFolder, submitting, withLedger } from './embedded/ground.js';
import { withGateway } from './gateway/ground.js';

/** Uses recorded per measurement, this many at once. */
const WRITES = 2000;
const AT_ONCE = 100;
/** Rounds before the first measurement: a request goes through much code, which V8 compiles as it is used. */
const WARM = 4;

/**
 * What the gateway costs on top of its ledger: `POST /api/v1/usages/ID/record` answered 201 — token, act, commit, index,
 * answer, log — against the embedded ledger's own submit of the same act, which nobody follows.
 */
const bench: Bench = {
  name: 'http',
  unit: 'µs CPU per write',
  about: 'usage:record through a gateway, against its ledger’s own submit',
  run: ({ samples }) =>
    inFolder((directory) =>
      withGateway(join(directory, 'served'), (served) =>
        withLedger(join(directory, 'own'), async (ledger) => {
          const client = await served.client();
          const submit = await submitting(ledger);
          const write = async (): Promise<number> => {
            const cpu = await served.cpuOf(async () => {
              const { refused } = await client.run({ count: WRITES, atOnce: AT_ONCE, seconds: 60 });
              if (refused > 0) throw new Error(`${refused} writes were refused`);
            });
            return cpu / WRITES;
          };
          const own = async (): Promise<number> => (await cpuOf(() => submit(WRITES, AT_ONCE))) / WRITES;
          for (let round = 0; round < WARM; round++) await Promise.all([write(), own()]);
          return inPairs(samples, { ours: write, reference: own });
        }),
      ),
    ),
};
export default bench;
