// SPDX-License-Identifier: Apache-2.0
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import type { Member } from 'yuanliu-demo/cast';
import { cast, ids, openCity, storyTo, use } from '../builders';
import { legibleHistory } from '../read-write-sets';
import { type Connected, connectTo } from './connect';
import { MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';

let raised: RaisedNetwork;
let fabric: Connected;

beforeAll(async () => {
  raised = await raiseNetwork();
  fabric = await connectTo(raised, 'AuthorityMSP');
}, RAISING);

afterAll(async () => {
  await fabric.close();
  await raised.destroy();
}, MINUTES);

/** The story, then a misuse that opens a finding, a link suspended, a use refused, the link resumed. */
const more: readonly (readonly [Member, string, string, object])[] = [
  [cast.developer, 'usage:record', ids.misuse, use({ purpose: '商业营销' })],
  [cast.agency, 'agreement:suspend', ids.agreement, { reason: '检查' }],
  [cast.developer, 'usage:request', 'U-refused', use()],
  [cast.agency, 'agreement:resume', ids.agreement, { reason: '检查完毕' }],
  [cast.developer, 'usage:request', 'U-later', use()],
];

test(
  'one history leaves the same read-write sets on the embedded ledger and on Fabric',
  async () => {
    const city = await openCity('produced');
    for (const [by, act, id, input] of more) await unlessRefused(city.act(by, act, id, input));
    const embedded = await legibleHistory(city.ledger);
    await city.close();

    await fabric.run(storyTo('produced'));
    for (const [by, act, id, input] of more) await unlessRefused(fabric.act(by, act, id, input));
    const found = await legibleHistory(fabric.ledger);

    expect(found.length).toBeGreaterThan(60);
    expect(found).toEqual(embedded);
  },
  3 * MINUTES,
);

async function unlessRefused(act: Promise<unknown>): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
  }
}
