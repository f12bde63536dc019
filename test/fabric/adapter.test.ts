// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FabricAuthorities } from 'yuanliu-gateway/identity/fabric-authorities';
import { type Connection, readConnection, trustOf } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { openFabricLedger } from 'yuanliu-gateway/ledger/fabric/ledger';
import type { Identity, Ledger, LedgerBlock } from 'yuanliu-gateway/ledger/port';
import { decodeBlock, verifyChain } from 'yuanliu-verifier';
import { admission, AUTHORITY, blocksBetween, found, newCode } from '../gateway/ledger/conformance';
import { recordGolden } from '../verifier/golden';
import { MINUTES, RAISING, type RaisedNetwork, raiseNetwork } from './raise';
import type { Step } from './writer';

let raised: RaisedNetwork;
let connection: Connection;
let identities: string;
let authority: Identity;
let ledger: Ledger;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  raised = await raiseNetwork();
  closing.push(() => raised.destroy());
  connection = await readConnection(raised.connection, 'AuthorityMSP');
  identities = join(raised.home, 'identities');
  const authorities = await FabricAuthorities.open(identities, connection.own);
  authority = await authorities.enrol({ mspId: 'AuthorityMSP', user: '测试员', organization: AUTHORITY });
  await authorities.close();
  ledger = await open('main');
  closing.unshift(() => ledger.close());
  await found(ledger, authority);
}, RAISING);

afterAll(async () => {
  for (const close of closing) await close();
}, MINUTES);

test('verifies whole, block signatures by a quorum of consenters included', async () => {
  const blocks = await chain();
  const trust = trustOf(connection);
  expect((await verifyChain(blocks, trust)).findings).toEqual([]);
  await recordGolden('smartbft', { blocks: blocks.slice(0, 7), trust });
});

describe('a process killed in the middle of a write', () => {
  const steps: readonly (readonly [Step, number])[] = [
    ['endorsed', 0],
    ['kept', 1],
    ['sent', 1],
    ['committed', 1],
    ['answered', 1],
  ];
  test.each(steps)(
    'once it is %s leaves the transaction on the ledger %i times, for good',
    async (step, times) => {
      const directory = join(raised.home, `killed-${step}`);
      const writer = join(__dirname, '..', 'dist', 'fabric', 'writer.js');
      const args = [writer, raised.connection, directory, identities, newCode(), step];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: MINUTES });
      let output = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      const [, signal] = (await once(child, 'close')) as [number | null, string | null];
      expect(signal).toBe('SIGKILL');
      const [txId, answered] = output.split('\n');
      expect(answered === 'answered').toBe(step === 'answered');
      const after = await open(`killed-${step}`);
      if (times > 0) await until(async () => (await places(txId)).length > 0);
      await after.close(); // waits for what it sent again
      expect(await places(txId)).toEqual(Array.from({ length: times }, () => 'VALID'));
    },
    2 * MINUTES,
  );
});

test(
  'loses and doubles nothing when the peer that it speaks to is killed, and reads on from it once it is back',
  async () => {
    const before = await ledger.height();
    const stop = new AbortController();
    const seen: LedgerBlock[] = [];
    const following = (async () => {
      for await (const block of ledger.blocks(before, stop.signal)) seen.push(block);
    })();
    const writing = Array.from({ length: 8 }, () => write(5));
    await until(() => Promise.resolve(seen.length > 2));
    process.kill(pidOf('peer.authority'), 'SIGKILL');
    const acknowledged = (await Promise.all(writing)).flat();
    await until(() => Promise.resolve((seen.at(-1)?.number ?? 0) + 1 >= Math.max(...acknowledged.map(inBlock)) + 1));
    stop.abort();
    await following;
    expect(seen.map(({ number }) => number)).toEqual(seen.map((_, place) => before + place));
    const held = seen.flatMap(({ bytes }) => decodeBlock(bytes).transactions.map(({ txId }) => txId));
    for (const { txId } of acknowledged) expect(held.filter((one) => one === txId)).toEqual([txId]);

    expect(await raised.run(['restart', 'peer.authority'])).toMatchObject({ code: 0 });
    const again = await open('again', 'AuthorityMSP');
    const replayed = await blocksBetween(again, before, before + seen.length);
    expect(replayed.map(lasting)).toEqual(seen.map(lasting));
    await again.close();
  },
  3 * MINUTES,
);

test(
  'goes on when the peer that it speaks to falls silent',
  async () => {
    const frozen = await open('frozen');
    const pid = pidOf('peer.authority');
    process.kill(pid, 'SIGSTOP');
    try {
      const { receipt } = await frozen.submit({ identity: authority, ...admission(newCode(), '仍可写') });
      expect(receipt.validationCode).toBe('VALID');
    } finally {
      process.kill(pid, 'SIGCONT');
      await frozen.close();
    }
  },
  3 * MINUTES,
);

interface Acknowledged {
  readonly txId: string;
  readonly blockNumber: number;
}

/** Writes so many times, one after the other. */
async function write(times: number): Promise<Acknowledged[]> {
  const done: Acknowledged[] = [];
  for (let time = 0; time < times; time++) {
    done.push((await ledger.submit({ identity: authority, ...admission(newCode(), '不断') })).receipt);
  }
  return done;
}

function inBlock({ blockNumber }: Acknowledged): number {
  return blockNumber;
}

/** What is the same in every peer's copy of a block: SmartBFT orderers keep different quorums of signatures. */
function lasting({ bytes }: LedgerBlock): readonly string[] {
  const { headerHash, transactions } = decodeBlock(bytes);
  return [headerHash.toString('hex'), ...transactions.map(({ txId, validationCode }) => `${txId} ${validationCode}`)];
}

/** Connects with a folder of its own; to one organisation's peers only, if it is named. */
function open(name: string, mspId?: string): Promise<Ledger> {
  const [nearest, ...further] = connection.peers.filter((peer) => mspId === undefined || peer.mspId === mspId);
  if (!nearest) throw new Error(`${String(mspId)} has no peer`);
  const narrowed = { ...connection, peers: [nearest, ...further] as const };
  return openFabricLedger({
    connection: narrowed,
    directory: join(raised.home, name),
    reader: () => Promise.resolve(authority),
  });
}

async function chain(): Promise<Buffer[]> {
  return (await blocksBetween(ledger, 0, await ledger.height())).map(({ bytes }) => Buffer.from(bytes));
}

/** As what a transaction stands in the chain, each time it does. */
async function places(txId: string | undefined): Promise<string[]> {
  return (await chain())
    .flatMap((bytes) => decodeBlock(bytes).transactions)
    .filter((transaction) => transaction.txId === txId)
    .map(({ validationCode }) => validationCode);
}

function pidOf(name: string): number {
  const processes = JSON.parse(readFileSync(raised.network.folder.processes, 'utf8')) as Record<
    string,
    { pid: number }
  >;
  const pid = processes[name]?.pid;
  if (pid === undefined) throw new Error(`${name} does not run`);
  return pid;
}

async function until(what: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + MINUTES;
  while (!(await what())) {
    if (Date.now() > deadline) throw new Error('it did not come to that in a minute');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
