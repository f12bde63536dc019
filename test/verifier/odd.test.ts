// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { readKept, type KeptChain } from 'yuanliu-testing/blockcheck/odd/kept';
import { decodeBlock, openChannel, verifyBlock, verifyChain, type VerificationError } from 'yuanliu-verifier';

/**
 * Odd transactions and what Fabric 3.1.1's own validator makes of each, as `npm run fabric:blockcheck -- --keep` wrote
 * them: three blocks a chain, the odd ones in the last. `npm run fabric:blockcheck` asks Fabric again, with thousands more.
 */
let chains: KeptChain[];
beforeAll(async () => {
  chains = await readKept(join(__dirname, 'golden', 'odd'));
});

const odd = ({ blocks }: KeptChain): Buffer => blocks.at(-1) ?? Buffer.alloc(0);
const described = ({ names }: KeptChain, errors: readonly VerificationError[]): string[] =>
  errors.map(({ transaction, code, message }) => `${names[transaction ?? -1] ?? 'block'}: ${code}, ${message}`);

test('takes every kept odd transaction as Fabric takes it, codes and commit hashes included (fault A1)', async () => {
  for (const chain of chains) {
    const { findings, blocks } = await verifyChain(chain.blocks, chain.trust);
    expect(described(chain, findings)).toEqual([]);
    expect(blocks).toBe(chain.blocks.length);
  }
  const all = chains.flatMap(({ names }) => names);
  expect(all.length).toBeGreaterThan(600);
  expect(all).toContain('payload: an unknown empty group');
});

test('checks a block by itself as a gateway does, and refuses none for what its peers took (fault A1)', () => {
  for (const chain of chains) {
    const [genesis, ...rest] = chain.blocks.map((block) => decodeBlock(block));
    if (!genesis) throw new Error('no genesis block');
    const channel = openChannel(genesis, chain.trust);
    for (const block of rest)
      expect(described(chain, verifyBlock(block, channel, { chaincode: 'yuanliu' }))).toEqual([]);
  }
});

test('reads of each valid one what it wrote (fault A1)', () => {
  for (const chain of chains) {
    for (const transaction of decodeBlock(odd(chain)).transactions) {
      if (transaction.validationCode !== 'VALID') continue;
      expect(() => [
        transaction.readWriteSets,
        transaction.writesIn('yuanliu'),
        transaction.endorsements,
      ]).not.toThrow();
    }
  }
});

test('remarks on what an honest ledger never has', async () => {
  const remarks = await Promise.all(
    chains.map(async (chain) => described(chain, (await verifyChain(chain.blocks, chain.trust)).remarks)),
  );
  const named = (name: string): string[] => remarks.flat().filter((one) => one.startsWith(name));
  expect(named('content: created by a peer')).toEqual([
    'content: created by a peer: CREATOR, the creator is a peer, not a client',
  ]);
  expect(named('content: another caller is endorsed')).toEqual([
    'content: another caller is endorsed: PROPOSAL, the contract saw another caller than the creator',
  ]);
  expect(named('keys: a key written twice')).toEqual([
    'keys: a key written twice: READ_WRITE_SET, it writes a key twice, which keeps the value before',
  ]);
  expect(named('payload: ')).toEqual([]);
});

test('refuses a code that Fabric would never write: valid for invalid, and invalid for valid (fault A1)', async () => {
  for (const chain of chains) {
    const filter = decodeBlock(odd(chain)).transactionFilter;
    for (let place = 3; place < filter.length; place += 37) {
      const bytes = Buffer.from(odd(chain));
      bytes[bytes.lastIndexOf(filter) + place] = filter[place] === 0 ? 10 : 0;
      const { findings } = await verifyChain([...chain.blocks.slice(0, -1), bytes], chain.trust);
      expect([findings[0]?.transaction, chain.names[place]]).toEqual([place, chain.names[place]]);
    }
  }
});
