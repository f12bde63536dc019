// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { membersOf } from 'yuanliu-network/topology';
import { departmentOf } from 'yuanliu-demo/cast';
import { founding } from 'yuanliu-demo/story';
import { type Connected, connectTo } from './connect';
import { kill, orderer, processes, settled, up } from './nodes';
import { MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';
import { demandOnce, followed, startTraffic, type Traffic } from './traffic';

const department = departmentOf('金融服务', 0);

/**
 * A write that begins when the leader has just gone: the others complain after 7 s, the peers ask another orderer for
 * blocks after 5 more. Loose, for busy machines; what was seen is printed.
 */
const VIEW_CHANGE = 30_000;

/** A gateway gives a peer 8 s to answer, and a peer each endorser 5 s. Loose, as above. */
const PEER_LEFT = 60_000;

let raised: RaisedNetwork;
let city: Connected;
let traffic: Traffic;
let index: Awaited<ReturnType<typeof followed>>;

beforeAll(async () => {
  raised = await raiseNetwork();
  city = await connectTo(raised, 'DepartmentMSP');
  index = await followed(city.ledger);
  await city.run(founding([department]));
  traffic = startTraffic(city, department);
  await traffic.goesOn(MINUTES);
}, RAISING);

afterAll(async () => {
  await city.close();
  await raised.destroy();
}, MINUTES);

const report: string[] = [];

test.each(['follower', 'leader'] as const)(
  'writes go on while a %s among the orderers is hung, and after it comes back',
  async (role) => {
    await settled(raised);
    const name = await orderer(raised, role);
    const resume = await processes(raised).hang(name);
    try {
      await went(`${role} hung`, VIEW_CHANGE);
    } finally {
      resume();
    }
    await went(`${role} resumed`, VIEW_CHANGE);
  },
  4 * MINUTES,
);

test('a change of leaders is in the orderers’ logs (fault F8)', () => {
  const { folder, topology } = raised.network;
  const logs = membersOf(topology).map(({ name }) => readFileSync(folder.log(`orderer.${name}`), 'utf8'));
  expect(logs.some((log) => log.includes('complaining about leader'))).toBe(true);
});

test.each(['peer.department', 'peer.agency'])(
  'writes go on while %s is hung, and after it comes back (fault F8)',
  async (name) => {
    await settled(raised);
    const resume = await processes(raised).hang(name);
    try {
      await went(`${name} hung`, PEER_LEFT);
    } finally {
      resume();
    }
    await went(`${name} resumed`, PEER_LEFT);
  },
  4 * MINUTES,
);

test.each(['follower', 'leader'] as const)(
  'writes go on when a %s among the orderers is killed, and after it is started again',
  async (role) => {
    await settled(raised);
    const name = await orderer(raised, role);
    await kill(raised, name);
    await went(`${role} killed`, VIEW_CHANGE);
    await up(raised);
    await went(`${role} started again`, VIEW_CHANGE);
  },
  5 * MINUTES,
);

test.each(['peer.agency', 'peer.department', 'chaincode'])(
  'writes go on once %s, killed, is started again, if they stopped at all',
  async (name) => {
    await kill(raised, name);
    await up(raised);
    await went(`${name} killed and started again`, VIEW_CHANGE);
  },
  3 * MINUTES,
);

test(
  'a peer and an orderer that lost their disks have everything again from the others',
  async () => {
    await settled(raised);
    const lost = ['peer.agency', await orderer(raised, 'follower')];
    for (const name of lost) {
      await kill(raised, name);
      await rm(join(raised.network.folder.node(name), 'data'), { recursive: true });
    }
    await up(raised);
    await went(`${lost.join(' and ')} made anew`, VIEW_CHANGE);
  },
  3 * MINUTES,
);

test(
  'nothing acknowledged was lost or done twice, and the index says what a rebuild says',
  async () => {
    await traffic.stop();
    console.log(`${traffic.receipts.length} writes acknowledged\n${report.join('\n')}`);
    expect(traffic.receipts.length).toBeGreaterThan(100);
    await demandOnce(city.ledger, traffic.receipts);
    await index.demandRebuilt();
  },
  3 * MINUTES,
);

async function went(what: string, within: number): Promise<void> {
  const ms = await traffic.goesOn(within);
  const refusals = [...traffic.refusals].map(([code, count]) => `${code} ${count}`).join(', ');
  report.push(
    `${what}: a write was acknowledged after ${Math.round(ms)} ms; not acknowledged so far: ${refusals || 0}`,
  );
}
