// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { invoke, query } from 'yuanliu-network/channel/transact';
import { cast } from 'yuanliu-demo/cast';
import { use } from 'yuanliu-demo/story';
import { ended, said, spawnDemo } from '../journeys/city';
import { days } from '../journeys/days';
import { enrolClerk, MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';

/** A network, and the demonstration on it with a gateway for each organisation. */
describe('the demonstration on a Fabric network', () => {
  let raised: RaisedNetwork;
  beforeAll(async () => {
    raised = await raiseNetwork();
  }, RAISING);
  afterAll(() => raised.destroy(), MINUTES);

  const flags = (): readonly string[] => ['--ledger', 'fabric', '--network', raised.data];

  test(
    'goes on where it was killed, and in the end every gateway’s index says the same',
    async () => {
      const data = join(raised.home, 'killed');
      const child = spawnDemo(data, [...flags(), '--exit']);
      await said(child, '150 of 326');
      expect(await ended(child, 'SIGKILL')).toBeNull();
      const last = spawnDemo(data, [...flags(), '--exit']);
      await said(last, "5 gateways' indexes are what a rebuild gives");
      expect(await ended(last)).toBe(0);
    },
    4 * MINUTES,
  );

  test(
    'is open to Fabric’s own client, which obeys the same rules',
    async () => {
      const { network, toolchain } = raised;
      const { code, msp: mspId } = cast.developer;
      const msp = await enrolClerk(raised, mspId, code);
      const asked = (...args: string[]): Promise<void> => invoke(network, toolchain, args, { msp, mspId });

      expect(JSON.parse(await query(network, toolchain, ['product:get', 'P-score']))).toMatchObject({
        kind: 'product',
        state: 'released',
      });
      const outside = JSON.stringify(use({ purpose: '商业营销' }));
      await expect(asked('usage:request', 'U-cli', outside)).rejects.toThrow(/REFUSED within-chain/);
      await asked('usage:record', 'U-cli', JSON.stringify(use()));
      const recorded: unknown = JSON.parse(await query(network, toolchain, ['usage:get', 'U-cli']));
      expect(recorded).toMatchObject({ state: 'recorded', act: { organization: code, user: 'clerk' } });
    },
    MINUTES,
  );

  describe('serves', () => {
    days(flags);
  });
});
