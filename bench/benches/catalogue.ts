// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { type CatalogueBody, MOST_ENTRIES } from 'yuanliu-chaincode/records/catalogue/body';
import { cast, CITY, departmentOf } from 'yuanliu-demo/cast';
import { identityOf, perform } from 'yuanliu-demo/perform';
import { graded, type Step } from 'yuanliu-demo/story';
import { newProposal } from 'yuanliu-gateway/ledger/embedded/proposal';
import { Store } from 'yuanliu-gateway/ledger/embedded/store';
import { type Bench, inPairs } from './bench.js';
import { Chaincode } from './chaincode/peer.js';
import { inFolder, withLedger } from './embedded/ground.js';

const ENTRIES = { ours: 100_000, reference: 5_000 };
const CHANGED = 100;
const PUBLICATIONS = 20;
const TARGET = { channel: 'public-data', chaincode: 'yuanliu' };
const [WHOLE, SECTION, DRAFT] = ['C-whole', 'C-section', 'C-draft'];

/**
 * What publishing one changed section costs an endorser, by the size of its catalogue: the contract in a process of its own, on
 * a real ledger's state, in which the catalogue lists further sections of made-up digests.
 */
const bench: Bench = {
  name: 'catalogue',
  unit: 'µs CPU per publication',
  about: 'catalogue:publish of one changed section of a catalogue of 100,000 entries, against one of 5,000',
  run: ({ samples }) =>
    inFolder(async (directory) => {
      const asked = await withLedger(directory, async (ledger) => {
        for (const step of steps()) await perform(ledger, step);
        const identity = await identityOf(ledger, cast.agency);
        const call = { identity, transaction: 'catalogue:publish', args: [DRAFT, '{}'] };
        const { bytes, ...proposal } = newProposal(call, TARGET, new Date());
        return { ...proposal, proposal: bytes };
      });
      const store = await Store.open({ directory: join(directory, 'ledger'), reserve: 0 });
      const view = store.view();
      const chaincodes: Chaincode[] = [];
      const start = async (entries: number): Promise<Chaincode> => {
        const key = `catalogue/${WHOLE}`;
        const value = enlarged(view.get(key)?.value, entries / MOST_ENTRIES);
        const home = dirname(require.resolve('yuanliu-chaincode/package.json'));
        const chaincode = await Chaincode.start(home, (one) => (one === key ? value : view.get(one)?.value));
        chaincodes.push(chaincode);
        return chaincode;
      };
      try {
        const large = await start(ENTRIES.ours);
        const small = await start(ENTRIES.reference);
        const cost = async (chaincode: Chaincode): Promise<number> => {
          const before = await chaincode.cpu();
          for (let n = 0; n < PUBLICATIONS; n++) await chaincode.simulate(asked);
          return ((await chaincode.cpu()) - before) / PUBLICATIONS;
        };
        for (const chaincode of [large, small, large, small]) await cost(chaincode); // warm
        return await inPairs(samples, { ours: () => cost(large), reference: () => cost(small) });
      } finally {
        for (const chaincode of chaincodes) chaincode.stop();
        view.release();
        await store.close();
      }
    }),
};
export default bench;

/** A catalogue with one section, and a draft that adds to that. */
function steps(): Step[] {
  const provider = departmentOf('金融服务', 0);
  const resources = Array.from({ length: 2 * CHANGED }, (_, n) => ({ id: `S-${n}`, domain: '金融服务', provider }));
  const names = resources.map(({ id }) => id);
  const step = (by: Step['by'], act: string, id: string, input: object = {}): Step => ({ by, act, id, input });
  return [
    ...resources.flatMap((one) => [
      step(provider, 'resource:anchor', one.id, { title: `资源 ${one.id}`, domain: one.domain, region: CITY }),
      ...graded(one),
    ]),
    step(cast.agency, 'catalogue:open', WHOLE, { title: '大目录', region: CITY }),
    step(cast.agency, 'catalogue:compile', SECTION, {
      ...{ title: '分册', region: CITY, partOf: WHOLE },
      resources: names.slice(0, CHANGED),
    }),
    step(provider, 'catalogue:confirm', SECTION),
    step(cast.agency, 'catalogue:publish', SECTION),
    step(cast.agency, 'catalogue:revise', DRAFT, {
      ...{ of: `catalogue/${SECTION}@1`, reason: '年度更新' },
      add: names.slice(CHANGED),
    }),
    step(provider, 'catalogue:confirm', DRAFT),
  ];
}

/** The catalogue as it would be with so many sections. */
function enlarged(value: Uint8Array | undefined, count: number): Buffer {
  const record = JSON.parse(Buffer.from(value ?? []).toString()) as LedgerRecord<CatalogueBody>;
  const others = Array.from({ length: count - 1 }, (_, n) => ({
    section: `S-${String(n).padStart(4, '0')}`,
    entries: MOST_ENTRIES,
    digest: `sha256:${createHash('sha256').update(`section ${n}`).digest('hex')}`,
  }));
  const sections = [...(record.body.sections ?? []), ...others];
  return Buffer.from(JSON.stringify({ ...record, body: { ...record.body, sections } }));
}
