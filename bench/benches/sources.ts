// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { readConnection } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { openFabricLedger } from 'yuanliu-gateway/ledger/fabric/ledger';
import { cast, CITY, departmentOf } from 'yuanliu-demo/cast';
import { graded, ids, madeUpDigest, outOfDomain, PURPOSE, type Step } from 'yuanliu-demo/story';
import { type Bench, median } from './bench.js';
import { type Ground, onGround } from './fabric/ground.js';
import type { Load, Outcome } from './fabric/messages.js';

const ONE: Load = { count: 40, atOnce: 1, seconds: 20 };
const MANY: Load = { count: 400, atOnce: 40, seconds: 15 };
const SOURCES = { ours: 300, reference: 3 };

/** What a use costs where its product comes from many resources: its scope was judged when the product was made. */
const bench: Bench = {
  name: 'sources',
  unit: 'ms from call to commit',
  about: 'usage:record of a product with 300 sources on a Fabric network, against one with 3',
  run: (options) =>
    onGround(options, async (ground) => {
      const { client } = ground;
      const run = Date.now().toString(36); // the network may know those of a bench before
      const made = { ours: `P-${run}-many`, reference: `P-${run}-few` };
      await perform(steps(run, made), ground);
      const user = client('gateway');
      const uses = (of: keyof typeof made, load: Load): Promise<Outcome> =>
        user.runMost({ ...load, subject: `product/${made[of]}@1` });
      for (const of of ['ours', 'reference'] as const) await uses(of, ONE); // warm
      const latency = { ours: [] as number[], reference: [] as number[] };
      const cpu = { ours: [] as number[], reference: [] as number[], unit: 'µs CPU of the client for each use' };
      const busy = { ours: [] as number[], reference: [] as number[], unit: 'seconds of a full machine for each use' };
      for (let sample = 0; sample < options.samples; sample++) {
        for (const of of ['ours', 'reference'] as const) {
          const alone = await uses(of, ONE);
          latency[of].push(median(alone.latencies));
          cpu[of].push(alone.cpu / alone.committed);
          const full = await uses(of, MANY);
          busy[of].push(full.seconds / full.committed);
        }
      }
      return { ...latency, also: { cpu, saturated: busy } };
    }),
};
export default bench;

/** Performs chains of steps, twenty chains at once, and then the last chain. */
async function perform(chains: readonly (readonly Step[])[], { network, home, identityOf }: Ground): Promise<void> {
  const reader = await identityOf(cast.authority);
  const ledger = await openFabricLedger({
    connection: await readConnection(network.folder.connection, cast.authority.msp),
    directory: join(home, 'sources'),
    reader: () => Promise.resolve(reader),
  });
  const all = async (steps: readonly Step[]): Promise<void> => {
    for (const { by, act, id, input } of steps) {
      await ledger.submit({ identity: await identityOf(by), transaction: act, args: [id, JSON.stringify(input)] });
    }
  };
  try {
    const waiting = chains.slice(0, -1);
    await identityOf(departmentOf('金融服务', 0)); // enrolled once
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await all(next);
    };
    await Promise.all(Array.from({ length: 20 }, lane));
    await all(chains.at(-1) ?? []);
  } finally {
    await ledger.close();
  }
}

/** Listed resources of one department, each by itself; then a released product of all of them and one of the first few. */
function steps(run: string, made: { readonly ours: string; readonly reference: string }): (readonly Step[])[] {
  const provider = departmentOf('金融服务', 0);
  const resources = Array.from({ length: SOURCES.ours }, (_, n) => ({
    id: `M-${run}-${n}`,
    domain: '金融服务',
    provider,
  }));
  const section = `C-${run}`;
  const step = (by: Step['by'], act: string, id: string, input: object = {}): Step => ({ by, act, id, input });
  const listed = { title: '分册', region: CITY, partOf: ids.catalogue, resources: resources.map(({ id }) => id) };
  return [
    ...resources.map((one) => [
      step(provider, 'resource:anchor', one.id, { title: `资源 ${one.id}`, domain: one.domain, region: CITY }),
      ...graded(one),
    ]),
    [
      step(cast.agency, 'catalogue:compile', section, listed),
      step(provider, 'catalogue:confirm', section),
      step(cast.agency, 'catalogue:publish', section),
      ...(['ours', 'reference'] as const).flatMap((of) => [
        step(cast.operator, 'product:develop', made[of], {
          ...{
            title: '产品',
            authority: `agreement/${ids.agreement}`,
            purpose: PURPOSE,
            environment: '域内',
            form: 'dataset',
          },
          inputs: resources.slice(0, SOURCES[of]).map(({ id }) => `resource/${id}@1`),
          ...{ process: madeUpDigest('p'), digest: madeUpDigest(made[of]) },
        }),
        ...outOfDomain(cast.operator, made[of]),
        step(cast.operator, 'product:release', made[of], { channel: '平台' }),
        step(cast.operator, 'delivery:deliver', `D-${made[of]}`, {
          ...{ product: `product/${made[of]}@1`, to: cast.developer.code, authority: `grant/${ids.grant}` },
          purpose: PURPOSE,
        }),
      ]),
    ],
  ];
}
