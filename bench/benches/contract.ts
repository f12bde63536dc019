// SPDX-License-Identifier: Apache-2.0
import { dirname, join } from 'node:path';
import { newProposal } from 'yuanliu-gateway/ledger/embedded/proposal';
import { Store } from 'yuanliu-gateway/ledger/embedded/store';
import { cast } from 'yuanliu-demo/cast';
import { identityOf } from 'yuanliu-demo/perform';
import { type Bench, inPairs } from './bench.js';
import { type Asked, Chaincode } from './chaincode/peer.js';
import { inFolder, inLanes, USE, withLedger } from './embedded/ground.js';

const SIMULATIONS = 2000;
const AT_ONCE = 20;
const TARGET = { channel: 'public-data', chaincode: 'yuanliu' };

/**
 * What the rules cost an endorser: one `usage:record` simulated, against a contract that only reads the same keys and
 * writes the same values. Each runs as on a network, fabric-shim's server in a process of its own with its log at
 * `error`; its CPU is counted, not that of the peer, which this process plays on a real ledger's state.
 */
const bench: Bench = {
  name: 'contract',
  unit: 'µs CPU per simulation',
  about: 'usage:record simulated with all rules, against a minimal contract with the same reads and writes',
  run: ({ samples }) =>
    inFolder(async (directory) => {
      const asked = await withLedger(directory, async (ledger) => {
        const identity = await identityOf(ledger, cast.developer);
        return (...[transaction, ...args]: [string, ...string[]]): Asked => {
          const { bytes, ...proposal } = newProposal({ identity, transaction, args }, TARGET, new Date());
          return { ...proposal, proposal: bytes };
        };
      });
      const store = await Store.open({ directory: join(directory, 'ledger'), reserve: 0 });
      const view = store.view();
      const chaincodes: Chaincode[] = [];
      const start = async (home: string): Promise<Chaincode> => {
        const chaincode = await Chaincode.start(home, (key) => view.get(key)?.value);
        chaincodes.push(chaincode);
        return chaincode;
      };
      try {
        const whole = await start(dirname(require.resolve('yuanliu-chaincode/package.json')));
        const minimal = await start(join(__dirname, '..', '..', 'benches', 'chaincode', 'minimal'));
        const record = asked('usage:record', 'U-bench', USE);
        const footprint = await whole.simulate(record);
        await minimal.simulate(asked('usage:learn', JSON.stringify(footprint)));
        const cost = async (chaincode: Chaincode): Promise<number> => {
          const before = await chaincode.cpu();
          await inLanes(SIMULATIONS, AT_ONCE, async () => {
            const { reads, writes } = await chaincode.simulate(record);
            if (reads.length !== footprint.reads.length || writes.length !== footprint.writes.length)
              throw new Error('the two contracts do not read and write the same');
          });
          return ((await chaincode.cpu()) - before) / SIMULATIONS;
        };
        for (const chaincode of [whole, minimal, whole, minimal]) await cost(chaincode); // warm
        return await inPairs(samples, { ours: () => cost(whole), reference: () => cost(minimal) });
      } finally {
        for (const chaincode of chaincodes) chaincode.stop();
        view.release();
        await store.close();
      }
    }),
};
export default bench;
