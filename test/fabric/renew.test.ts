// SPDX-License-Identifier: Apache-2.0
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ordererChannel } from 'yuanliu-network/nodes/health';
import { membersOf } from 'yuanliu-network/topology';
import { departmentOf } from 'yuanliu-demo/cast';
import { founding } from 'yuanliu-demo/story';
import { type Connected, connectTo } from './connect';
import { kill, settled, up } from './nodes';
import { MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';
import { demandOnce, startTraffic, type Traffic } from './traffic';

const department = departmentOf('金融服务', 0);

describe.each(['bft', 'raft'] as const)('on a %s network, while writes go on,', (consensus) => {
  let raised: RaisedNetwork;
  let city: Connected;
  let traffic: Traffic;

  beforeAll(async () => {
    raised = await raiseNetwork({ consensus });
    city = await connectTo(raised, 'DepartmentMSP');
    await city.run(founding([department]));
    traffic = startTraffic(city, department);
    await traffic.goesOn(MINUTES);
  }, RAISING);

  afterAll(async () => {
    await traffic.stop();
    await city.close();
    await raised.destroy();
  }, 2 * MINUTES);

  test(
    'an orderer without its certificates is not dropped by `up`, and gets others that the channel names (fault F1)',
    async () => {
      const lost = raised.network.folder.identity(organization('operator'), 'orderer');
      const kept = join(raised.home, 'lost');
      renameSync(lost, kept);
      for (const command of ['up', 'doctor']) {
        const { code, stdout, stderr } = await raised.run([command]);
        expect([command, code, stdout + stderr]).toEqual([
          command,
          1,
          expect.stringContaining('npm run network -- renew orderer.operator'),
        ]);
      }
      expect(await raised.run(['renew', 'orderer.operator'])).toMatchObject({ code: 0 });
      rmSync(kept, { recursive: true });
      await demandConsenters();
      await traffic.goesOn(MINUTES);
    },
    6 * MINUTES,
  );

  test(
    'every other orderer and a peer are renewed one by one, and the network bears the loss of one as before (fault F1)',
    async () => {
      const names = ['orderer.department', 'orderer.agency', 'orderer.authority', 'peer.agency'];
      const { code, stderr } = await raised.run(['renew', ...names]);
      expect([code, stderr]).toEqual([0, expect.any(String)]);
      await demandConsenters();
      expect((await raised.run(['doctor'])).stdout).not.toContain('✗');
      await settled(raised);
      await kill(raised, 'orderer.authority');
      await traffic.goesOn(2 * MINUTES);
      await up(raised);
      await demandConsenters();
      await traffic.goesOn(MINUTES);
    },
    12 * MINUTES,
  );

  test(
    'nothing acknowledged was lost or done twice',
    async () => {
      await traffic.stop();
      expect(traffic.receipts.length).toBeGreaterThan(10);
      await demandOnce(city.ledger, traffic.receipts);
    },
    3 * MINUTES,
  );

  function organization(name: string) {
    const found = membersOf(raised.network.topology).find((one) => one.name === name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  }

  async function demandConsenters(): Promise<void> {
    const { folder, topology } = raised.network;
    const channels = await Promise.all(membersOf(topology).map((member) => ordererChannel(folder, topology, member)));
    expect(channels.map((one) => [one?.consensusRelation, one?.status])).toEqual(
      channels.map(() => ['consenter', 'active']),
    );
  }
});
