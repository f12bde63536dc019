// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { GatewayClient } from 'yuanliu-cli/client';
import { CITY, departmentOf } from 'yuanliu-demo/cast';
import { rowsAmiss, sendImport } from 'yuanliu-cli/send-import';
import { type Bench, inPairs, timed } from './bench.js';
import { inFolder, submitting, withLedger } from './embedded/ground.js';
import { withGateway } from './gateway/ground.js';

const ROWS = Number(process.env['BENCH_ROWS'] ?? 100_000);
/** Acts of the ledger's own in one measurement, as many at once as it puts into a block. */
const ACTS = Math.min(ROWS, 20_000);
const AT_ONCE = 500;
/** Imports are long. */
const MOST_SAMPLES = 3;

const provider = departmentOf('金融服务', 0);

/**
 * A CSV file of resources sent to a gateway, until every row has its result, against the embedded ledger's own pace of
 * anchoring such resources, which nobody follows. Both write the same act, its idempotency key included.
 */
const bench: Bench = {
  name: 'import',
  unit: 'rows per second',
  about: `an import of ${ROWS} rows, against its ledger’s own pace of the same acts`,
  run: ({ samples }) =>
    inFolder((directory) =>
      withGateway(join(directory, 'served'), (served) =>
        withLedger(join(directory, 'own'), async (ledger) => {
          const client = new GatewayClient(served.url, await served.tokenOf(provider));
          const submit = await submitting(ledger, { by: provider, act: 'resource:anchor', input: anchoring });
          let files = 0;
          const send = async (rows: number): Promise<number> => {
            const file = Buffer.from(csv(++files, rows));
            const ms = await timed(async () => {
              const state = await sendImport(client, Buffer.from(file), { dryRun: false, progress: () => undefined });
              if (rowsAmiss(state) > 0) throw new Error(`${rowsAmiss(state)} rows were not anchored`);
            });
            return (rows / ms) * 1000;
          };
          const own = async (acts: number): Promise<number> =>
            (acts / (await timed(() => submit(acts, AT_ONCE)))) * 1000;
          await send(2000); // warm
          await own(2000);
          return inPairs(Math.min(samples, MOST_SAMPLES), { ours: () => send(ROWS), reference: () => own(ACTS) });
        }),
      ),
    ),
};
export default bench;

/** The input of one act, as a row of the file makes it. */
function anchoring(id: string): string {
  const input = { region: CITY, domain: '金融服务', category: '企业登记', title: `企业登记信息 ${id}` };
  return JSON.stringify({ idempotencyKey: `import-${id.padStart(40, '0')}`, ...input });
}

function csv(file: number, rows: number): string {
  const lines = Array.from({ length: rows }, (_, row) => `金融服务,企业登记,企业登记信息 ${file}-${row}`);
  return ['domain,category,item', ...lines].join('\n');
}
