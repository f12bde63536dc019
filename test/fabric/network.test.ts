// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployed } from 'yuanliu-network/chaincode/package';
import { invoke, query } from 'yuanliu-network/channel/transact';
import { cast } from 'yuanliu-demo/cast';
import { founding } from 'yuanliu-demo/story';
import { enrolClerk, killedAfter, MINUTES, RAISING, type RaisedNetwork, raiseNetwork, yuanliu } from './raise';

describe('a native Fabric network that went on each time its `up` was killed', () => {
  const { authority } = cast;
  let raised: RaisedNetwork;
  let clerk: string;

  beforeAll(async () => {
    raised = await raiseNetwork({}, killedAfterEachStep);
    clerk = await enrolClerk(raised, authority.msp, authority.code);
  }, RAISING);

  afterAll(() => raised.destroy(), MINUTES);

  test(
    'takes the founding act of an enrolled identity, and every peer reads it back',
    async () => {
      const [first] = founding([]);
      if (!first) throw new Error('the story has no beginning');
      await invoke(raised.network, raised.toolchain, [first.act, first.id, JSON.stringify(first.input)], {
        msp: clerk,
      });
      const record: unknown = JSON.parse(
        await query(raised.network, raised.toolchain, ['organization:get', authority.code], { msp: clerk }),
      );
      expect(record).toMatchObject({ id: authority.code, body: { name: authority.name, msp: 'AuthorityMSP' } });
    },
    MINUTES,
  );

  test(
    'obeys the contract: an identity that speaks for no organisation is refused',
    async () => {
      const [, second] = founding([]);
      if (!second) throw new Error('the story ends too soon');
      const act = [second.act, second.id, JSON.stringify(second.input)];
      await expect(invoke(raised.network, raised.toolchain, act)).rejects.toThrow(/FORBIDDEN/);
    },
    MINUTES,
  );

  test(
    'does not start what runs, and says that all is well',
    async () => {
      const before = readFileSync(raised.network.folder.processes, 'utf8');
      expect(await raised.run(['up'])).toMatchObject({ code: 0 });
      expect(readFileSync(raised.network.folder.processes, 'utf8')).toBe(before);
      const { code, stdout } = await raised.run(['status']);
      expect([code, stdout]).toEqual([0, expect.stringContaining('all well')]);
    },
    MINUTES,
  );

  test(
    'names who holds a port that another network wants',
    async () => {
      const other = join(raised.home, 'other');
      const { code, stderr } = await raised.run(['up', '--port-base', String(raised.portBase)], other);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(/for ca, is in use by .*fabric-ca-server.* \(process \d+\)/),
      ]);
      expect(existsSync(join(other, 'topology.json'))).toBe(false);
    },
    MINUTES,
  );

  test(
    'starts one process anew and goes on',
    async () => {
      expect(await raised.run(['restart', 'peer.agency'])).toMatchObject({ code: 0 });
      expect(await raised.run(['restart', 'chaincode'])).toMatchObject({ code: 0 });
    },
    2 * MINUTES,
  );

  test(
    'finds nothing wrong, and tells when the code is not what its package says',
    async () => {
      expect(await raised.run(['doctor'])).toMatchObject({ code: 0 });
      const script = join((await deployed(raised.network)).home, 'dist', 'engine', 'perform.js');
      const code = readFileSync(script);
      writeFileSync(script, `${code.toString()}\n// changed`);
      const { code: ended, stdout } = await raised.run(['doctor']);
      expect([ended, stdout]).toEqual([1, expect.stringContaining('is not what the peers’ package says')]);
      const restarted = await raised.run(['restart', 'chaincode']);
      expect([restarted.code, restarted.stderr]).toEqual([1, expect.stringContaining('its package says')]);
      writeFileSync(script, code);
      expect(await raised.run(['up'])).toMatchObject({ code: 0 });
    },
    2 * MINUTES,
  );

  test(
    'refuses other code than the channel agreed on, and names both',
    async () => {
      const { version } = await deployed(raised.network);
      const file = join(raised.network.folder.chaincode, 'deployment.json');
      const record = readFileSync(file, 'utf8');
      writeFileSync(file, record.replace(`"version": "${version}"`, '"version": "0.1.0-ofanother"'));
      const { code, stderr } = await raised.run(['up']);
      writeFileSync(file, record);
      const said = `the channel agreed on chaincode ${version}, and what was packed here is 0.1.0-ofanother`;
      expect([code, stderr]).toEqual([1, expect.stringContaining(said)]);
    },
    MINUTES,
  );

  test(
    'keeps its data over down and up, and changes nothing meanwhile',
    async () => {
      expect(await raised.run(['down'])).toMatchObject({ code: 0 });
      const stopped = await raised.run(['status']);
      expect([stopped.code, stopped.stdout]).toEqual([1, expect.stringContaining('nothing runs')]);
      const topology = readFileSync(raised.network.folder.topology, 'utf8');
      for (const command of [['add-org', 'district'], ['crl', authority.msp], ['upgrade']]) {
        const { code, stderr } = await raised.run(command);
        expect([code, stderr]).toEqual([1, expect.stringContaining('npm run network -- up')]);
      }
      expect(readFileSync(raised.network.folder.topology, 'utf8')).toBe(topology);
      const demo = ['demo', '--ledger', 'fabric', '--network', raised.data, '--data', join(raised.home, 'demo')];
      const refused = await yuanliu([...demo, '--port', '0', '--admin-port', '0', '--exit']);
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('npm run network -- status')]);
      expect(await raised.run(['up'])).toMatchObject({ code: 0 });
      const record = await query(raised.network, raised.toolchain, ['organization:get', authority.code], {
        msp: clerk,
      });
      expect(record).toContain(authority.name);
    },
    2 * MINUTES,
  );

  test(
    'deletes nothing unasked',
    async () => {
      const { code, stderr } = await raised.run(['destroy']);
      expect([code, stderr]).toEqual([1, expect.stringContaining('--yes')]);
      expect(existsSync(raised.network.folder.genesis)).toBe(true);
    },
    MINUTES,
  );
});

async function killedAfterEachStep(up: readonly string[]): Promise<void> {
  const steps = [
    'the certificate authorities answer',
    'administrators and nodes are enrolled',
    'the channel has a first block',
    'orderers and peers are healthy',
    'orderers are active in public-data',
    'peers are in public-data',
    'the chaincode listens',
    'every peer has the chaincode package',
    'every organisation approved it and it is committed',
    'a transaction is committed',
    'every peer finds endorsers',
  ];
  for (const step of steps) await killedAfter(step, up);
}
