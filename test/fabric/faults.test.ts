// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Processes } from 'yuanliu-network/process/processes';
import { silent } from 'yuanliu-network/progress';
import { waitFor } from 'yuanliu-network/wait';
import { departmentOf } from 'yuanliu-scripts/demo/cast';
import { founding } from 'yuanliu-scripts/demo/story';
import { type Connected, connectTo } from './connect';
import { MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';
import { demandOnce, followed, startTraffic, type Traffic } from './traffic';

const department = departmentOf('金融服务', 0);

/**
 * A write that begins when the leader has just gone: the others complain after 7 s, the peers ask another orderer for
 * blocks after 5 more. Loose, for busy machines; what was seen is printed.
 */
const VIEW_CHANGE = 30_000;

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
    const name = await orderer(role);
    const resume = await processes().hang(name);
    try {
      await went(`${role} hung`, VIEW_CHANGE);
    } finally {
      resume();
    }
    await went(`${role} resumed`, VIEW_CHANGE);
  },
  2 * MINUTES,
);

test.each(['follower', 'leader'] as const)(
  'writes go on when a %s among the orderers is killed, and after it is started again',
  async (role) => {
    const name = await orderer(role);
    await kill(name);
    await went(`${role} killed`, VIEW_CHANGE);
    await up();
    await went(`${role} started again`, VIEW_CHANGE);
  },
  3 * MINUTES,
);

test.each(['peer.agency', 'peer.department', 'chaincode'])(
  'writes go on once %s, killed, is started again, if they stopped at all',
  async (name) => {
    await kill(name);
    await up();
    await went(`${name} killed and started again`, VIEW_CHANGE);
  },
  3 * MINUTES,
);

test(
  'a peer and an orderer that lost their disks have everything again from the others',
  async () => {
    const lost = ['peer.agency', await orderer('follower')];
    for (const name of lost) {
      await kill(name);
      await rm(join(raised.network.folder.node(name), 'data'), { recursive: true });
    }
    await up();
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

/** Starts what does not run. */
async function up(): Promise<void> {
  const { code, stderr } = await raised.run(['up']);
  if (code !== 0) throw new Error(stderr);
}

/** The orderer that leads, or one that does not. */
async function orderer(role: 'leader' | 'follower'): Promise<string> {
  const { stdout } = await raised.run(['status']);
  const lines = stdout.split('\n').filter((line) => line.startsWith('orderer.'));
  const found = lines.find((line) => line.includes('leads') === (role === 'leader'));
  if (found === undefined) throw new Error(`there is no ${role}:\n${stdout}`);
  return found.split(' ')[0] ?? '';
}

/** Resolves once it is gone. */
async function kill(name: string): Promise<void> {
  const found = (await processes().running()).get(name);
  if (!found) throw new Error(`${name} does not run`);
  process.kill(found.pid, 'SIGKILL');
  const missing = async (): Promise<string | undefined> =>
    (await processes().running()).has(name) ? 'it still runs' : undefined;
  await waitFor({ what: `${name} to be gone`, missing, seconds: 30 }, silent);
}

function processes(): Processes {
  return new Processes(raised.network.folder, silent);
}
