// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { ContractError } from 'yuanliu-chaincode/error';
import { FabricAuthorities } from 'yuanliu-gateway/identity/fabric-authorities';
import { readConnection } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { openFabricLedger } from 'yuanliu-gateway/ledger/fabric/ledger';
import type { Ledger } from 'yuanliu-gateway/ledger/port';
import type { Member } from 'yuanliu-scripts/demo/cast';
import { cast, ids, openCity, storyTo, use } from '../builders';
import { legibleHistory } from '../read-write-sets';
import { MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';

let raised: RaisedNetwork;
let ledger: Ledger;
const authorities = new Map<string, FabricAuthorities>();

beforeAll(async () => {
  raised = await raiseNetwork();
  for (const mspId of raised.network.topology.organizations.map((one) => one.mspId)) {
    const { own } = await readConnection(raised.connection, mspId);
    authorities.set(mspId, await FabricAuthorities.open(join(raised.home, mspId), own));
  }
  const connection = await readConnection(raised.connection, 'AuthorityMSP');
  const reader = await of('AuthorityMSP').reader();
  ledger = await openFabricLedger({ connection, directory: join(raised.home, 'ledger'), reader });
}, RAISING);

afterAll(async () => {
  await ledger.close();
  for (const each of authorities.values()) await each.close();
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

    for (const { by, act, id, input } of storyTo('produced')) await onFabric(by, act, id, input);
    for (const [by, act, id, input] of more) await unlessRefused(onFabric(by, act, id, input));
    const fabric = await legibleHistory(ledger);

    expect(fabric.length).toBeGreaterThan(60);
    expect(fabric).toEqual(embedded);
  },
  3 * MINUTES,
);

async function onFabric({ msp, user, code }: Member, act: string, id: string, input: object): Promise<void> {
  const identity = await of(msp).enrol({ mspId: msp, user, organization: code });
  await ledger.submit({ identity, transaction: act, args: [id, JSON.stringify(input)] });
}

async function unlessRefused(act: Promise<unknown>): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
  }
}

function of(mspId: string): FabricAuthorities {
  const found = authorities.get(mspId);
  if (!found) throw new Error(`there is no ${mspId}`);
  return found;
}
