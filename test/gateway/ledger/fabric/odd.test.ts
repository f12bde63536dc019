// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { factsOf } from 'yuanliu-gateway/ledger/block-facts';
import { openIndex, type OpenIndex, reindex } from 'yuanliu-gateway/index/open-index';
import { appendBlock } from 'yuanliu-gateway/index/apply/append-block';
import { IndexStore } from 'yuanliu-gateway/index/store/store';
import { openFabricLedger } from 'yuanliu-gateway/ledger/fabric/ledger';
import type { Ledger } from 'yuanliu-gateway/ledger/port';
import { readKept } from 'yuanliu-testing/blockcheck/odd/kept';
import { storedBlocks } from 'yuanliu-cli/stored-blocks';
import { decodeBlock } from 'yuanliu-verifier';
import { cast, openCity } from '../../../builders';
import { Prover } from '../../../verifier/prover/chain';
import { signed } from '../../../verifier/prover/people';
import type { Claim, Proven, ProvenWrite } from '../../../verifier/prover/transaction';
import { connectionTo } from './connection';
import { Channel, StrangerPeer } from './stranger';

/** What the founding acts wrote, transaction by transaction, on a ledger of ours. */
let honest: (readonly ProvenWrite[])[];
let prover: Prover;
let directory: string;
let chain: Prover;
let peer: StrangerPeer;
let ledger: Ledger;
let index: OpenIndex;
let logged: string[];

beforeAll(async () => {
  const city = await openCity('founded');
  honest = [];
  for await (const { bytes } of storedBlocks(city.ledger)) {
    for (const transaction of decodeBlock(bytes).transactions.filter(({ type }) => type === 'ENDORSER_TRANSACTION')) {
      const writes = transaction.writesIn('yuanliu').map(({ key, value = '' }) => ({ key, value: value.toString() }));
      if (writes.length > 0 && transaction.validationCode === 'VALID') honest.push(writes);
    }
  }
  await city.close();
  prover = await Prover.found();
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yuanliu-odd-'));
  chain = prover.again();
  logged = [];
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** A gateway's ledger and index that follow a peer with these transactions, each in a block of its own. */
async function follow(transactions: readonly Proven[]): Promise<void> {
  for (const transaction of transactions) chain.add([transaction]);
  peer = await StrangerPeer.start('FirstMSP', new Channel(chain));
  const log = (details: object, message: string): void => {
    logged.push(`${message} ${JSON.stringify(details)}`);
  };
  const { client } = prover;
  const reader = { ...client, sign: (message: Uint8Array) => signed(client, message) };
  ledger = await openFabricLedger({
    connection: connectionTo(chain, [peer]),
    directory: join(directory, 'ledger'),
    reader: () => Promise.resolve(reader),
    logger: { info: log, error: log },
  });
  index = await openIndex({
    directory: join(directory, 'index'),
    ledger,
    logger: { info: log, error: log },
  });
  await index.waitFor(chain.blocks.length - 1, 20_000);
}

async function unfollow(): Promise<void> {
  await index.close();
  await ledger.close();
  peer.close();
}

const acts = (): Proven[] => honest.map((writes) => chain.transaction({ writes }));
const one = (claim: Partial<Claim>): Proven => chain.transaction(claim);
const AUTHORITY = `organization/${cast.authority.code}`;

test('valid transactions that are no acts stop no follower; what the others wrote is there (fault A1)', async () => {
  const record = honest[0]?.find(({ key }) => key === AUTHORITY)?.value ?? '';
  const poison: [string, Proven][] = [
    ['text', one({ writes: [{ key: 'resource/R-1', value: 'no JSON' }] })],
    ['a number', one({ writes: [{ key: 'resource/R-1', value: '5' }] })],
    ['nothing', one({ writes: [{ key: 'resource/R-1', value: 'null' }] })],
    ['no record', one({ writes: [{ key: 'resource/R-1', value: '{}' }] })],
    ['another key', one({ writes: [{ key: 'resource/R-1', value: record }] })],
    ['an act over another', one({ writes: [{ key: AUTHORITY, value: record }] })],
    ['a mark that is no JSON', one({ writes: [{ key: `~once/${cast.authority.code}/k`, value: '{' }] })],
    ['a good write and a bad one', one({ writes: [...(honest.at(-1) ?? []), { key: 'resource/R-2', value: '{' }] })],
  ];
  const [founding, ...rest] = acts();
  if (!founding) throw new Error('nothing was founded');
  await follow([founding, ...poison.map(([, transaction]) => transaction), ...rest]);

  const viewer = index.viewer(cast.authority.code);
  expect(index.failure()).toBeUndefined();
  expect(index.setAside()).toBe(poison.length);
  for (const [name, { txId }] of poison) {
    const view = index.transaction(txId, viewer);
    expect([name, view]).toMatchObject([name, { validationCode: 'VALID', changed: [], setAside: true }]);
    expect(view?.remark).toBe('what it wrote cannot be read as records of the contract');
  }
  for (const { key, value = '' } of honest.flat().filter((write) => /^organization\/[^@]*$/.test(write.key))) {
    const last = honest.flat().findLast((write) => write.key === key)?.value ?? value;
    expect(index.record(key, viewer)?.record).toEqual(JSON.parse(last));
  }
  expect(logged.filter((line) => line.startsWith('set aside'))).toHaveLength(poison.length);
  const followed = { height: index.height(), digest: index.digest() };
  await index.close();
  expect(await reindex({ directory: join(directory, 'index'), ledger })).toEqual(followed);
  index = await openIndex({ directory: join(directory, 'index'), ledger });
  expect(index.setAside()).toBe(poison.length);
  await unfollow();
});

test('an act after one that was set aside keeps its own number (fault A1)', async () => {
  const [writes = [], ...rest] = honest;
  const second = writes.map(({ key, value = '' }) => {
    if (key !== AUTHORITY) return { key, value };
    return { key, value: JSON.stringify({ ...(JSON.parse(value) as object), history: 3, version: 2 }) };
  });
  await follow([
    one({ writes: [{ key: AUTHORITY, value: '{' }] }),
    one({ writes: second }),
    ...rest.map((w) => one({ writes: w })),
  ]);
  const viewer = index.viewer(cast.authority.code);
  expect(index.record(AUTHORITY, viewer)?.record).toMatchObject({ history: 3, version: 2 });
  expect(index.record(`${AUTHORITY}@1`, viewer)).toBeUndefined();
  expect(index.history(AUTHORITY, viewer).items).toMatchObject([{ version: 2 }]);
  await unfollow();
});

test('what another chaincode of the channel did is taken by its own policy, and what it had ours do is there (fault A1)', async () => {
  const [founding = [], ...rest] = honest;
  const alone = prover.peers.slice(0, 1);
  await follow([
    one({ namespace: 'other', endorsers: alone, writes: [{ key: 'k', value: 'v' }], args: [] }),
    one({ writes: founding, called: 'other', args: ['whatever'] }),
    ...rest.map((writes) => one({ writes, args: ['organization:admit', 'X', 'no JSON'] })),
  ]);
  expect(index.setAside()).toBe(0);
  expect(index.record(AUTHORITY, index.viewer(cast.authority.code))?.record.history).toBeGreaterThan(0);
  expect(logged.filter((line) => line.includes('the endorsement policy of chaincode other is not known'))).not.toEqual(
    [],
  );
  await unfollow();
});

test('the time of another chaincode’s transaction is not the ledger’s (fault A1)', async () => {
  const [founding = []] = honest;
  const later = { namespace: 'other', endorsers: prover.peers.slice(0, 1), seconds: 253_402_300_799 };
  await follow([one({ writes: founding }), one(later), one({ seconds: 1_780_000_100, writes: [] })]);
  expect(index.resolve('2026-05-28T20:27:00Z')).toBe(2); // before the last, after the first
  expect(index.resolve('2026-05-28T20:29:00Z')).toBe(3);
  expect(index.latest() < '2027').toBe(true);
  await unfollow();
});

test('a caller that is not the creator is remarked on, and the act is there (fault A1)', async () => {
  const [founding = []] = honest;
  const odd = one({ writes: founding, endorsedCaller: prover.at(0).client });
  await follow([odd]);
  const view = index.transaction(odd.txId, index.viewer(cast.authority.code));
  expect(view).toMatchObject({ remark: 'the contract saw another caller than the creator' });
  expect(view).not.toHaveProperty('setAside');
  expect(index.setAside()).toBe(0);
  await unfollow();
});

test('an error of the database is none of a transaction: nothing is set aside for it', async () => {
  chain.add([one({ writes: honest[0] ?? [] })]);
  const store = await IndexStore.open({ directory: join(directory, 'closed') });
  await appendBlock(store, factsOf({ number: 0, bytes: chain.blocks[0] ?? Buffer.alloc(0) }, 'yuanliu'));
  await store.close();
  const facts = factsOf({ number: 1, bytes: chain.last }, 'yuanliu');
  await expect(appendBlock(store, facts)).rejects.toThrow();
});

test('no kept odd transaction stops an index (fault A1)', async () => {
  const kept = await readKept(join(__dirname, '../../../verifier/golden/odd'));
  for (const [place, { blocks }] of kept.entries()) {
    const store = await IndexStore.open({ directory: join(directory, String(place)) });
    for (const [number, bytes] of blocks.entries()) await appendBlock(store, factsOf({ number, bytes }, 'yuanliu'));
    expect(store.position.height).toBe(blocks.length);
    await store.close();
  }
});
