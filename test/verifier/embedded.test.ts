// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { genesisOf } from 'yuanliu-gateway/ledger/beginning';
import type { ContractSource } from 'yuanliu-gateway/ledger/embedded/contract-host';
import { type EmbeddedLedger, openEmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { storedBlocks } from 'yuanliu-cli/stored-blocks';
import { decodeBlock, openChannel, verifyBlock, verifyChain, type Trust } from 'yuanliu-verifier';

const noteContract = jest.requireActual<ContractSource>('../gateway/ledger/fixture/contract.js');

let directory: string;
let ledger: EmbeddedLedger;
let trust: Trust;
let roots: Readonly<Record<string, readonly string[]>>;
let blocks: Uint8Array[];
let txIds: string[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yuanliu-verifier-'));
  ledger = await openEmbeddedLedger({ directory, chaincode: noteContract });
  roots = Object.fromEntries(ledger.pki.members.map(({ mspId, root }) => [mspId, [root]]));
  trust = { genesis: await genesisOf(ledger) };
  const identity = await ledger.pki.enrol({ mspId: 'DeveloperMSP', user: '王五', organization: '91310000MA1FL0000X' });
  const submit = (transaction: string, ...args: string[]) => ledger.submit({ identity, transaction, args });
  const puts = Array.from({ length: 30 }, (_, n) => submit('note:put', `n${n}`, '值'));
  const appends = Array.from({ length: 10 }, () => submit('note:append', 'hot', '热'));
  const settled = await Promise.allSettled([...puts, ...appends]);
  settled.push(...(await Promise.allSettled([submit('note:remove', 'n1', '')])));
  txIds = settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.receipt.txId] : []));
  blocks = await blocksOf(ledger);
});

afterAll(async () => {
  await ledger.close();
  await rm(directory, { recursive: true, force: true });
});

test('proves the chain of the embedded ledger, conflicts and commit hashes included', async () => {
  const verdict = await verifyChain(blocks, trust);
  expect(verdict.findings).toEqual([]);
  expect(verdict).toMatchObject({ ok: true, channel: ledger.channel, blocks: blocks.length });
  expect(verdict.valid).toBe(txIds.length + 1);
  expect(verdict.transactions).toBeGreaterThan(verdict.valid);
  expect(verdict.policies.endorsement).toMatch(/^3 of \(AuthorityMSP\.peer, /);
});

test('proves a block by itself', () => {
  const [genesis, ...rest] = blocks.map(decodeBlock);
  if (!genesis) throw new Error('no genesis block');
  const channel = openChannel(genesis, trust);
  for (const block of rest) expect(verifyBlock(block, channel)).toEqual([]);
});

test('reads in a transaction what the ledger was told', () => {
  const transactions = blocks.map(decodeBlock).flatMap((block) => block.transactions);
  const found = transactions.find(({ txId }) => txId === txIds[0]);
  expect(found).toMatchObject({
    type: 'ENDORSER_TRANSACTION',
    channel: 'public-data',
    validationCode: 'VALID',
    creator: { mspId: 'DeveloperMSP' },
    chaincode: { name: 'yuanliu' },
    event: { name: 'note' },
  });
  expect(found?.args.map(String)).toEqual(['note:put', 'n0', '值']);
  expect(found?.endorsements.length).toBeGreaterThanOrEqual(3);
  const writes = found?.readWriteSets.flatMap((set) => set.writes);
  expect(writes).toEqual([{ key: 'note/n0', value: Buffer.from('值') }]);
});

test("refuses another ledger's roots", async () => {
  const elsewhere = await mkdtemp(join(tmpdir(), 'yuanliu-verifier-'));
  const other = await openEmbeddedLedger({ directory: elsewhere });
  const { findings } = await verifyChain(await blocksOf(other), { roots });
  await other.close();
  await rm(elsewhere, { recursive: true, force: true });
  expect(findings).toMatchObject([{ code: 'UNTRUSTED_ROOTS' }]);
});

test('refuses its blocks in another order, or with one left out', async () => {
  const [genesis, first, second, ...rest] = blocks as [Uint8Array, Uint8Array, Uint8Array, ...Uint8Array[]];
  for (const wrong of [
    [genesis, second, first, ...rest],
    [genesis, second, ...rest],
    [genesis, first, first],
  ]) {
    expect((await verifyChain(wrong, trust)).findings).toMatchObject([{ code: 'MISSING_BLOCK' }]);
  }
});

test('refuses every flip of a bit in its blocks that changes what they say', async () => {
  const [genesis, original] = blocks as [Uint8Array, Uint8Array];
  await fc.assert(
    fc.asyncProperty(fc.nat(original.length - 1), fc.nat(7), async (at, bit) => {
      const flipped = Buffer.from(original);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      const { ok } = await verifyChain([genesis, flipped], trust);
      if (ok) expect(decodeBlock(flipped).data).toEqual(decodeBlock(original).data);
    }),
    { numRuns: 60 },
  );
});

async function blocksOf(of: EmbeddedLedger): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  for await (const { bytes } of storedBlocks(of)) found.push(bytes);
  return found;
}
