// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { decodeBlock } from 'yuanliu-verifier';
import { CITY, demoCode, type Member } from 'yuanliu-demo/cast';
import { founding } from 'yuanliu-demo/story';
import { cast, madeUpDigest } from '../builders';
import { type Connected, connectTo } from './connect';
import { MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';

const newcomer: Member = {
  name: '区数据部门(演示)',
  code: demoCode(700),
  msp: 'DistrictMSP',
  role: 'department',
  user: '数据资源岗',
};

let raised: RaisedNetwork;
let before: Connected;
beforeAll(async () => {
  raised = await raiseNetwork();
  before = await connectTo(raised, 'AuthorityMSP');
  await before.run(founding([]));
}, RAISING);
afterAll(() => raised.destroy(), MINUTES);

test(
  'a sixth organisation joins by a change that a majority signed, and its own act is committed',
  async () => {
    expect(await raised.run(['add-org', 'district'])).toMatchObject({ code: 0 });
    expect(await raised.run(['add-org', 'district'])).toMatchObject({ code: 0 }); // again: nothing is left to do
    const other = await raised.run(['add-org', 'district', '--msp', 'OtherMSP']);
    expect([other.code, other.stderr]).toEqual([
      1,
      expect.stringContaining('there is district with DistrictMSP already'),
    ]);

    const after = await connectTo(raised, 'AgencyMSP');
    try {
      const roles = [{ role: 'department', region: CITY }];
      await after.act(cast.authority, 'organization:admit', newcomer.code, {
        name: newcomer.name,
        msp: newcomer.msp,
        roles,
      });
      const resource = { title: '区级数据', domain: '城市治理', region: CITY, digest: madeUpDigest('区级数据') };
      const { record } = await after.act(newcomer, 'resource:anchor', 'R-district', resource);
      expect(record).toMatchObject({ state: 'anchored', act: { organization: newcomer.code } });
    } finally {
      await after.close();
    }
    const genesis = decodeBlock(await readFile(raised.network.folder.genesis)).headerHash.toString('hex');
    expect(JSON.parse(await readFile(raised.connection, 'utf8'))).toMatchObject({
      genesis,
      organizations: { DistrictMSP: { mspId: 'DistrictMSP' } },
    });
  },
  3 * MINUTES,
);

test(
  'a client that runs meanwhile follows the change: the pinned genesis block says who may make it (fault A2) (fault F2)',
  async () => {
    const { receipt } = await before.act(cast.authority, 'organization:admit', demoCode(701), {
      name: '又一部门(演示)',
      msp: 'DepartmentMSP',
      roles: [{ role: 'department', region: CITY }],
    });
    const height = await before.ledger.height();
    expect(height).toBeGreaterThan(receipt.blockNumber);
    await blocksOf(before, height);
    expect(before.ledger.members()).toContain('DistrictMSP');
    await before.close();
  },
  2 * MINUTES,
);

/** Reads the blocks that there are, each checked. */
async function blocksOf({ ledger }: Connected, height: number): Promise<void> {
  for await (const { number } of ledger.blocks(0)) if (number + 1 >= height) return;
}
