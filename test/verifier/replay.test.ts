// SPDX-License-Identifier: Apache-2.0
import { decodeBlock, verifyChain } from 'yuanliu-verifier';
import { commitHash, compareUtf8, headerBytes, updatesBytes } from 'yuanliu-verifier/wire/hash';
import { readGolden, recordGolden } from './golden';
import { Prover } from './prover/chain';
import { addConflicts } from './prover/conflicts';
import { addInvalid } from './prover/invalid';
import { organisation } from './prover/people';

test('finds every conflict, phantoms in long and short ranges included', async () => {
  const chain = addConflicts(await Prover.found());
  const verdict = await verifyChain(chain.blocks, chain.trust);
  expect(verdict.findings).toEqual([]);
  expect(verdict).toMatchObject({ ok: true, transactions: 25, valid: 17 });
  await recordGolden('conflicts', chain);
});

test('finds every reason for which Fabric refuses a transaction', async () => {
  const chain = await addInvalid(await Prover.found(), (await organisation('AuthorityMSP')).peer);
  const verdict = await verifyChain(chain.blocks, chain.trust);
  expect(verdict.findings).toEqual([]);
  expect(verdict).toMatchObject({ ok: true, transactions: 25, valid: 5 });
  await recordGolden('invalid', chain);
});

// The commit hashes are what network/blockcheck prints for these files.
test.each([
  ['conflicts', '6b476d5e82137ddbb9168c840715f7a303d5a90dc5f3cd3f93118434beb4ad05'],
  ['invalid', '39796f9dd445263835f800da43f43c7753738e8243811b9b72cbf329982e8d2a'],
])("agrees with Fabric's own peer code on the golden chain %s", async (name, commitHash) => {
  const { blocks, trust } = await readGolden(name);
  const verdict = await verifyChain(blocks, trust);
  expect(verdict.findings).toEqual([]);
  expect(verdict.proven?.commitHash).toBe(commitHash);
});

test('does not take a single code of the golden chain for another', async () => {
  const chain = addConflicts(await Prover.found());
  const codes = decodeBlock(chain.blocks[2] ?? Buffer.alloc(0)).transactionFilter;
  for (const place of codes.keys()) {
    const blocks = chain.blocks.map((block) => Buffer.from(block));
    const target = blocks[2] ?? Buffer.alloc(0);
    const filter = target.indexOf(codes);
    target[filter + place] = codes[place] === 0 ? 11 : 0;
    const { findings } = await verifyChain(blocks, chain.trust);
    expect(findings[0]).toMatchObject({ block: 2, transaction: place });
  }
});

describe('hashes', () => {
  test('write a header as DER, the number never negative', () => {
    const header = (number: number): string =>
      headerBytes({ number, previousHash: Buffer.alloc(0), dataHash: Buffer.from([1]) }).toString('hex');
    expect(header(0)).toBe('30080201000400040101');
    expect(header(127)).toBe('300802017f0400040101');
    expect(header(128)).toBe('3009020200800400040101');
    expect(header(2 ** 40)).toBe('300d02060100000000000400040101');
  });

  test('write updates once per key, in byte order, naming a namespace once', () => {
    const version = { block: 300, transaction: 2 };
    const value = Buffer.from('v');
    const bytes = updatesBytes([
      { namespace: 'b', key: 'x', value: undefined, version },
      { namespace: 'a', key: 'k', value: Buffer.from('old'), version },
      { namespace: 'a', collection: 'c', key: Buffer.from('h'), value, version },
      { namespace: '', key: 'config', value, version },
      { namespace: 'a', key: 'k', value, version },
    ]);
    const [a, c, b] = [
      '0a10 0a0161 1a016b 2a0176 3205 02012c 0102',
      '0a10 120163 1a0168 2a0176 3205 02012c 0102',
      '0a0f 0a0162 1a0178 2001 3205 02012c 0102',
    ];
    expect(bytes.toString('hex')).toBe(`${a}${c}${b}`.replaceAll(' ', ''));
    expect(updatesBytes([])).toHaveLength(0);
  });

  test('order keys as their bytes, not as JavaScript does', () => {
    expect(['k😀', 'k\uffff', 'k'].sort(compareUtf8)).toEqual(['k', 'k\uffff', 'k😀']);
  });

  test('chain a commit to the one before it', () => {
    const [filter, updates] = [Buffer.from([0]), Buffer.from('u')];
    const first = commitHash(Buffer.alloc(0), filter, updates);
    expect(commitHash(first, filter, updates)).not.toEqual(first);
  });
});
