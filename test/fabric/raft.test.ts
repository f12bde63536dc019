// SPDX-License-Identifier: Apache-2.0
import { invoke, query } from 'yuanliu-network/channel/transact';
import { isLeader } from 'yuanliu-network/nodes/health';
import { hasTimeWindowCheck } from 'yuanliu-network/toolchain/toolchain';
import { founderOf, membersOf } from 'yuanliu-network/topology';
import { cast } from 'yuanliu-scripts/demo/cast';
import { founding } from 'yuanliu-scripts/demo/story';
import { waitFor } from 'yuanliu-network/wait';
import { silent } from 'yuanliu-network/progress';
import { enrolClerk, MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';

describe('a Fabric 2.5 network with Raft', () => {
  const { authority } = cast;
  let raised: RaisedNetwork;
  beforeAll(async () => {
    raised = await raiseNetwork({ fabric: '2.5', consensus: 'raft' });
  }, RAISING);
  afterAll(() => raised.destroy(), MINUTES);

  test(
    'takes the founding act, with the same chaincode',
    async () => {
      const { network, toolchain } = raised;
      const msp = await enrolClerk(raised, authority.msp, authority.code);
      const [first] = founding([]);
      if (!first) throw new Error('the story has no beginning');
      await invoke(network, toolchain, [first.act, first.id, JSON.stringify(first.input)], { msp });
      const record: unknown = JSON.parse(await query(network, toolchain, ['organization:get', authority.code]));
      expect(record).toMatchObject({ id: authority.code, body: { name: authority.name } });
    },
    MINUTES,
  );

  test(
    'says which orderer leads, and goes on when that one is ended',
    async () => {
      const { network, toolchain } = raised;
      const leader = await leaderOf(raised);
      expect((await raised.run(['status'])).stdout).toMatch(new RegExp(`${leader} .* leads`));
      expect(await raised.run(['restart', leader])).toMatchObject({ code: 0 });
      await invoke(network, toolchain, ['org.hyperledger.fabric:GetMetadata'], { from: founderOf(network.topology) });
      expect(await leaderOf(raised)).toMatch(/^orderer\./);
    },
    2 * MINUTES,
  );

  test(
    'says that this release does not refuse back-dated transactions',
    async () => {
      const { code, stdout } = await raised.run(['doctor']);
      expect(code).toBe(0);
      expect(stdout.includes('has no TimeWindowCheck')).toBe(!hasTimeWindowCheck(raised.toolchain));
    },
    MINUTES,
  );
});

/** The orderer that leads, once there is one. */
async function leaderOf({ network: { topology } }: RaisedNetwork): Promise<string> {
  const leaders: string[] = [];
  const missing = async (): Promise<string | undefined> => {
    for (const member of membersOf(topology))
      if ((await isLeader(topology, member)) === true) leaders.push(`orderer.${member.name}`);
    return leaders.length > 0 ? undefined : 'none says so';
  };
  await waitFor({ what: 'an orderer to lead', missing, seconds: 30 }, silent);
  return leaders[0] ?? '';
}
