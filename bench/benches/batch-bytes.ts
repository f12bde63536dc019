// SPDX-License-Identifier: Apache-2.0
import { storedBlocks } from 'yuanliu-cli/stored-blocks';
import { CITY, departmentOf } from 'yuanliu-demo/cast';
import { identityOf } from 'yuanliu-demo/perform';
import type { EmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import type { Bench } from './bench.js';
import { inFolder, inLanes, withLedger } from './embedded/ground.js';

const BATCH = 100;
const ACTS = 10 * BATCH;
const provider = departmentOf('金融服务', 0);

/** The blocks that the same acts take: in batches of 100, against one act a transaction. Both have idempotency keys. */
const bench: Bench = {
  name: 'batch-bytes',
  unit: 'bytes of ledger per act (less is better)',
  about: `ledger bytes of an act in batches of ${BATCH}, against the same act as a transaction of its own`,
  run: ({ samples }) =>
    inFolder((directory) =>
      withLedger(directory, async (ledger) => {
        const identity = await identityOf(ledger, provider);
        let serial = 0;
        const next = (): { id: string; input: object } => {
          const id = `R-${++serial}`;
          const key = `import-${id.padStart(40, '0')}`;
          return { id, input: { idempotencyKey: key, region: CITY, domain: '金融服务', title: `企业登记信息 ${id}` } };
        };
        const together = (): Promise<void> =>
          inLanes(ACTS / BATCH, 1, async () => {
            const acts = Array.from({ length: BATCH }, () => ({ act: 'resource:anchor', ...next() }));
            await ledger.submit({ identity, transaction: 'batch:perform', args: [JSON.stringify({ acts })] });
          });
        const alone = (): Promise<void> =>
          inLanes(ACTS, BATCH, async () => {
            const { id, input } = next();
            await ledger.submit({ identity, transaction: 'resource:anchor', args: [id, JSON.stringify(input)] });
          });
        const [ours, reference]: [number[], number[]] = [[], []];
        for (let pair = 0; pair < samples; pair++) {
          ours.push(await bytesOf(ledger, together));
          reference.push(await bytesOf(ledger, alone));
        }
        return { ours, reference };
      }),
    ),
};
export default bench;

/** Bytes of the blocks that some work adds, for each of its acts. */
async function bytesOf(ledger: EmbeddedLedger, work: () => Promise<void>): Promise<number> {
  const from = await ledger.height();
  await work();
  let bytes = 0;
  for await (const block of storedBlocks(ledger, from)) bytes += block.bytes.length;
  return bytes / ACTS;
}
