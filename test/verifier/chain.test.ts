// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { decodeBlock, verifyChain, type VerificationCode, type Verdict } from 'yuanliu-verifier';
import { dataHash } from 'yuanliu-verifier/wire/hash';
import { calling, organisation, type Person } from './prover/people';
import { outOf } from 'yuanliu-gateway/ledger/embedded/config-group';
import { encode } from './prover/encode';
import { blockBytes, Prover, type BlockOptions } from './prover/chain';
import type { Claim, Proven } from './prover/transaction';

let prover: Prover;
let stranger: Person;
let secondPeer: Person;
beforeAll(async () => {
  prover = await Prover.found();
  stranger = (await organisation('AuthorityMSP')).peer;
  secondPeer = await prover.at(0).issue('peer');
});

const check = (chain: Prover): Promise<Verdict> => verifyChain(chain.blocks, chain.trust);

test('accepts an honest chain and says what it proved', async () => {
  const chain = prover.again();
  const first = chain.transaction({ writes: [{ key: 'a', value: '1' }], event: { name: 'noted' } });
  const stale = chain.transaction({ reads: [{ key: 'a' }] });
  chain.add([first, stale], { codes: [0, 11] });
  chain.add([chain.transaction({ reads: [{ key: 'a', version: { block: 1, transaction: 0 } }] })]);
  const verdict = await check(chain);
  expect(verdict.findings).toEqual([]);
  expect(verdict).toMatchObject({ ok: true, channel: 'public-data', blocks: 3, transactions: 4, valid: 3 });
  expect(verdict.policies.endorsement).toBe(
    '3 of (AuthorityMSP.PEER, AgencyMSP.PEER, OperatorMSP.PEER, DepartmentMSP.PEER)'.replaceAll('PEER', 'peer'),
  );
  expect(verdict.proven).toMatchObject({ number: 2, headerHash: decodeBlock(chain.last).headerHash.toString('hex') });
  expect(verdict.steps.find(({ step }) => step === 'endorsement')).toEqual({
    step: 'endorsement',
    checked: 3,
    failed: 0,
  });
});

describe('refuses a transaction marked valid', () => {
  const cases: [string, VerificationCode, () => Partial<Claim>][] = [
    ['with 2 of 3 endorsements', 'ENDORSEMENT_POLICY', () => ({ endorsers: prover.peers.slice(0, 2) })],
    [
      'with one endorser three times',
      'ENDORSEMENT_POLICY',
      () => ({ endorsers: Array<Person>(3).fill(prover.at(0).peer) }),
    ],
    [
      'with two peers of one organisation for two organisations',
      'ENDORSEMENT_POLICY',
      () => ({ endorsers: [prover.at(0).peer, secondPeer, prover.at(1).peer] }),
    ],
    [
      "with a client's certificate as endorser",
      'ENDORSEMENT_POLICY',
      () => ({ endorsers: [...prover.peers.slice(0, 2), prover.client] }),
    ],
    [
      'endorsed by a peer of a stranger CA',
      'ENDORSEMENT_POLICY',
      () => ({ endorsers: [stranger, ...prover.peers.slice(1, 3)] }),
    ],
    [
      "endorsed by one organisation's peer in another's name",
      'ENDORSEMENT_POLICY',
      () => ({ endorsers: [prover.at(0).peer, prover.at(1).peer, calling(secondPeer, 'OperatorMSP')] }),
    ],
    ['with high-S endorsements', 'ENDORSEMENT_POLICY', () => ({ endorsementSignature: 'high-S' })],
    ['with no endorsement at all', 'ENDORSEMENT_POLICY', () => ({ endorsers: [] })],
    ['with a high-S signature of the creator', 'CREATOR_SIGNATURE', () => ({ creatorSignature: 'high-S' })],
    ['signed by another than its creator', 'CREATOR_SIGNATURE', () => ({ signer: prover.at(1).client })],
    ['created by a member of a stranger CA', 'CREATOR', () => ({ creator: stranger })],
    ['created by an organisation nobody knows', 'CREATOR', () => ({ creator: calling(prover.client, 'NobodyMSP') })],
    ['of another channel', 'CHANNEL', () => ({ channel: 'other-channel' })],
    ['with a made-up transaction id', 'TRANSACTION_ID', () => ({ txId: 'ab'.repeat(32) })],
    ['whose endorsers endorsed another proposal', 'PROPOSAL', () => ({ proposalHash: randomBytes(32) })],
    [
      "with an event in another chaincode's name",
      'READ_WRITE_SET',
      () => ({ event: { name: 'e', chaincode: 'other' } }),
    ],
    [
      'that read a version that never was',
      'MVCC',
      () => ({ reads: [{ key: 'k', version: { block: 1, transaction: 9 } }] }),
    ],
    [
      'that read a range with a phantom',
      'PHANTOM',
      () => ({ ranges: [{ start: 'a', end: 'z', reads: [{ key: 'gone', version: { block: 0, transaction: 0 } }] }] }),
    ],
  ];
  test.each(cases)('%s', async (_, code, claim) => {
    const chain = prover.again();
    chain.add([chain.transaction(), chain.transaction(claim())]);
    const verdict = await check(chain);
    expect(verdict.findings).toMatchObject([{ code, block: 1, transaction: 1 }]);
    expect(verdict).toMatchObject({ ok: false, blocks: 1, proven: { number: 0 } });
  });

  test('a second time, in the same block and in a later one', async () => {
    const chain = prover.again();
    const once = chain.transaction();
    const repeated = { code: 'DUPLICATE_TRANSACTION', transaction: 1 };
    expect((await check(prover.again().add([once, once]))).findings).toMatchObject([repeated]);
    chain.add([once]).add([chain.transaction(), once]);
    expect((await check(chain)).findings).toMatchObject([{ ...repeated, block: 2 }]);
  });

  test('a stale read, also of a key written earlier in its own block', async () => {
    const chain = prover.again();
    const write = chain.transaction({ writes: [{ key: 'k', value: '1' }] });
    const later = chain.transaction({ reads: [{ key: 'k', version: { block: 1, transaction: 0 } }] });
    chain.add([write, later]);
    expect((await check(chain)).findings).toMatchObject([{ code: 'MVCC', block: 1, transaction: 1 }]);
  });
});

describe('takes what Fabric’s peers take, with a remark', () => {
  const cases: [string, VerificationCode, () => Partial<Claim>][] = [
    ['a peer as creator', 'CREATOR', () => ({ creator: prover.at(0).peer })],
    ['endorsers that saw another caller', 'PROPOSAL', () => ({ endorsedCaller: prover.at(0).client })],
    ['key-level policies, which are not followed', 'UNSUPPORTED', () => ({ metadataWrites: ['absent'] })],
    [
      'a key written twice, which leaves no key',
      'READ_WRITE_SET',
      () => ({ writes: ['1', '2'].map((value) => ({ key: 'twice', value })) }),
    ],
  ];
  test.each(cases)('%s (fault A1)', async (_, code, claim) => {
    const chain = prover.again();
    const { metadataWrites, writes } = claim();
    // What it leaves of the state is nothing: a read of the key that it wrote still finds none.
    chain.add([{ ...chain.transaction({ ...claim(), writes: writes ?? [] }), writes: [] }]);
    chain.add([chain.transaction({ reads: [{ key: writes?.[0]?.key ?? metadataWrites?.[0] ?? 'none' }] })]);
    const { ok, remarks, remarked } = await check(chain);
    expect([ok, remarked]).toEqual([true, 1]);
    expect(remarks).toMatchObject([{ code, block: 1, transaction: 0 }]);
  });

  test('members that endorse under a lax policy though they are no peers (fault A1)', async () => {
    const lax = prover.again({ role: 'MEMBER' });
    lax.add([lax.transaction({ endorsers: prover.organisations.map(({ client }) => client) })]);
    expect(await check(lax)).toMatchObject({ ok: true, remarks: [{ code: 'ENDORSEMENT_POLICY', block: 1 }] });
  });

  test('another reason for what is invalid in any case (fault A1)', async () => {
    const chain = prover.again();
    chain.add([chain.transaction(), chain.transaction({ endorsers: prover.peers.slice(2) })], { codes: [0, 11] });
    expect(await check(chain)).toMatchObject({ ok: true, valid: 2, remarks: [{ code: 'VALIDATION_CODE' }] });
  });
});

describe('holds a chaincode to the policy of its own definition (fault A1)', () => {
  /** The definition that `peer lifecycle chaincode commit` writes, as far as it names the policy. */
  function define(name: string, policy: Buffer): Partial<Claim> {
    const info = encode([1, 'vscc'], [2, encode([1, policy])]);
    const value = encode([2, info]).toString('latin1');
    expect(Buffer.from(value)).toEqual(Buffer.from(value, 'latin1')); // the prover writes text
    return { namespace: '_lifecycle', writes: [{ key: `namespaces/fields/${name}/ValidationInfo`, value }] };
  }
  const oneAgency = (): Buffer => Buffer.from(outOf(1, [['AgencyMSP', 'PEER']]).getValue_asU8());
  const alone = (place: number): Partial<Claim> => ({ namespace: 'second', endorsers: [prover.at(place).peer] });

  test('from the block after it on, and no other chaincode', async () => {
    const chain = prover.again();
    chain.add([chain.transaction(define('second', oneAgency()))]);
    chain.add([chain.transaction(alone(1)), chain.transaction()]);
    expect((await check(chain)).findings).toEqual([]);
    chain.add([chain.transaction({ endorsers: [prover.at(1).peer] })]);
    expect((await check(chain)).findings).toMatchObject([{ code: 'ENDORSEMENT_POLICY', block: 3 }]);
  });

  test('and refuses what that does not allow, or was not in force yet', async () => {
    const chain = prover.again();
    chain.add([chain.transaction(define('second', oneAgency()))]);
    chain.add([chain.transaction(alone(0))]);
    expect((await check(chain)).findings).toMatchObject([{ code: 'ENDORSEMENT_POLICY', block: 2 }]);
    const early = prover.again();
    early.add([early.transaction(define('second', oneAgency())), early.transaction(alone(1))]);
    expect((await check(early)).findings).toMatchObject([{ code: 'ENDORSEMENT_POLICY', block: 1, transaction: 1 }]);
  });

  test('also where the block that holds the definition was checked earlier (fault A21)', async () => {
    const chain = prover.again();
    chain.add([chain.transaction(define('second', oneAgency()))]);
    chain.add([chain.transaction(alone(1))]);
    expect((await verifyChain(chain.blocks, chain.trust, { from: 2 })).findings).toEqual([]);
    chain.add([chain.transaction({ ...alone(0), endorsers: [0, 2, 3].map((place) => prover.at(place).peer) })]);
    const { findings } = await verifyChain(chain.blocks, chain.trust, { from: 2 });
    expect(findings).toMatchObject([{ code: 'ENDORSEMENT_POLICY', block: 3 }]);
  });

  test.each(['yuanliu', '_lifecycle'])(
    'also after one organisation gave a key of its own collection of %s a policy of its own (fault A20)',
    async (namespace) => {
      const chain = prover.again();
      const endorsers = [prover.at(1).peer];
      chain.add([chain.transaction({ namespace, keyLevelIn: '_implicit_org_AgencyMSP', writes: [], endorsers })]);
      expect((await check(chain)).ok).toBe(true); // as Fabric's peers take it
      chain.add([chain.transaction({ namespace, endorsers })]);
      const { ok, findings } = await check(chain);
      expect(ok).toBe(false);
      expect(findings).toMatchObject([{ code: 'ENDORSEMENT_POLICY', block: 2 }]);
    },
  );

  test('unless another plugin validates it: then it stands as marked, with a remark', async () => {
    const chain = prover.again();
    const value = encode([2, encode([1, 'own'], [2, 'x'])]).toString('latin1');
    const key = 'namespaces/fields/second/ValidationInfo';
    chain.add([chain.transaction({ namespace: '_lifecycle', writes: [{ key, value }] })]);
    chain.add([chain.transaction(alone(0))]);
    expect(await check(chain)).toMatchObject({ ok: true, remarks: [{ code: 'UNSUPPORTED', block: 2 }] });
  });
});

describe('refuses a transaction marked invalid', () => {
  const cases: [string, number, (chain: Prover) => Proven][] = [
    ['though nothing is wrong with it', 11, (chain) => chain.transaction()],
    ['with a code nobody knows', 200, (chain) => chain.transaction()],
    ['as not looked at', 254, (chain) => chain.transaction()],
  ];
  test.each(cases)('%s', async (_, code, transaction) => {
    const chain = prover.again();
    chain.add([chain.transaction(), transaction(chain)], { codes: [0, code] });
    expect((await check(chain)).findings).toMatchObject([{ code: 'VALIDATION_CODE', block: 1, transaction: 1 }]);
  });
});

describe('accepts what was rightly marked invalid, and lets it change nothing', () => {
  const garbage: Proven = {
    envelope: Buffer.concat([Buffer.from([10, 2, 8, 1, 18, 1, 0])]),
    txId: '',
    namespace: '',
    writes: [],
  };
  const cases: [string, number, () => Proven][] = [
    ['too few endorsements', 10, () => prover.transaction({ endorsers: prover.peers.slice(2) })],
    ['a forged creator signature', 4, () => prover.transaction({ signer: prover.at(1).client })],
    ['a made-up transaction id', 8, () => prover.transaction({ txId: 'ab'.repeat(32) })],
    ['another proposal', 5, () => prover.transaction({ proposalHash: randomBytes(32) })],
    ['garbage in place of a transaction', 3, () => garbage],
  ];
  test.each(cases)('%s', async (_, code, transaction) => {
    const chain = prover.again();
    chain.add([transaction(), chain.transaction({ reads: [{ key: 'k' }] })], { codes: [code, 0] });
    const verdict = await check(chain);
    expect(verdict.findings).toEqual([]);
    expect(verdict).toMatchObject({ ok: true, transactions: 3, valid: 2 });
  });
});

describe('refuses a block', () => {
  const cases: [string, VerificationCode, () => BlockOptions][] = [
    ['that nobody signed', 'BLOCK_SIGNATURE', () => ({ signers: [] })],
    ['that a peer signed', 'BLOCK_SIGNATURE', () => ({ signers: [prover.at(0).peer] })],
    ["that a client of an orderer's organisation signed", 'BLOCK_SIGNATURE', () => ({ signers: [prover.client] })],
    ['that a stranger signed', 'BLOCK_SIGNATURE', () => ({ signers: [stranger] })],
    ['with a high-S signature', 'BLOCK_SIGNATURE', () => ({ signature: 'high-S' })],
    ['that names another block before it', 'PREVIOUS_HASH', () => ({ header: { previousHash: randomBytes(32) } })],
    ['that names other data', 'DATA_HASH', () => ({ header: { dataHash: randomBytes(32) } })],
    ['after a gap', 'MISSING_BLOCK', () => ({ header: { number: 2 } })],
    ['with a made-up commit hash', 'COMMIT_HASH', () => ({ commitHash: randomBytes(32) })],
    ['without a commit hash', 'COMMIT_HASH', () => ({ commitHash: Buffer.alloc(0) })],
    ['with a validation code too many', 'VALIDATION_CODE', () => ({ codes: [0, 0] })],
    ['with a validation code too few', 'VALIDATION_CODE', () => ({ codes: [] })],
  ];
  test.each(cases)('%s', async (_, code, options) => {
    const chain = prover.again();
    chain.add([chain.transaction()], options());
    const { ok, findings } = await check(chain);
    expect(ok).toBe(false);
    expect(findings.map((finding) => finding.code)).toContain(code);
  });

  test('whose data was edited and every hash repaired, by one without the orderer key', async () => {
    const chain = prover.again();
    chain.add([chain.transaction()]);
    const block = decodeBlock(chain.last);
    const envelope = Buffer.from(block.data[0] ?? []);
    const place = envelope.indexOf('note:put');
    envelope.write('note:gut', place);
    const header = { number: 1, previousHash: block.previousHash, dataHash: dataHash([envelope]) };
    const metadata = metadataOf(chain.last);
    chain.blocks[1] = blockBytes(header, [envelope], metadata);
    const codes = (await check(chain)).findings.map(({ code }) => code);
    expect(codes).toEqual(['BLOCK_SIGNATURE', 'CREATOR_SIGNATURE']);
  });

  test('whose transactions are cut elsewhere, though their joined bytes and so the data hash are the same', async () => {
    const chain = prover.again();
    const transactions = [chain.transaction(), chain.transaction()];
    chain.add(transactions);
    const header = decodeBlock(chain.last);
    const [first, second] = transactions.map(({ envelope }) => envelope) as [Buffer, Buffer];
    const whole = Buffer.concat([first, second]);
    for (const data of [
      [whole],
      [Buffer.alloc(0), first, second],
      [first.subarray(0, -1), whole.subarray(first.length - 1)],
    ]) {
      chain.blocks[1] = blockBytes(header, data, metadataOf(chain.last));
      expect((await check(chain)).findings.map(({ code }) => code)).toContain('DATA_HASH');
    }
  });
});

describe('refuses a beginning', () => {
  test('of another chain with the same people, when the genesis block is named', async () => {
    const genesis = decodeBlock(prover.last).headerHash.toString('hex');
    const trust = { ...prover.trust, genesis };
    expect((await verifyChain(prover.blocks, trust)).ok).toBe(true);
    const other = prover.again({ channel: 'other' });
    expect((await verifyChain(other.blocks, trust)).findings).toMatchObject([{ code: 'UNTRUSTED_GENESIS' }]);
  });

  test('in which one organisation alone may endorse, unless the caller says that is enough', async () => {
    const weak = prover.again({ endorsers: 1 });
    const { findings } = await verifyChain(weak.blocks, prover.rootsOnly);
    expect(findings).toMatchObject([{ code: 'UNTRUSTED_GENESIS', step: 'trust' }]);
    expect((await verifyChain(weak.blocks, { ...prover.rootsOnly, endorsers: 1 })).ok).toBe(true);
  });

  test('with roots other than those given, with an organisation not given, or that is no genesis block', async () => {
    const impostor = await Prover.found();
    const { findings } = await verifyChain(impostor.blocks, prover.rootsOnly);
    expect(findings).toMatchObject([{ code: 'UNTRUSTED_ROOTS' }]);
    const { AgencyMSP: _, ...roots } = prover.rootsOnly.roots;
    expect((await verifyChain(prover.blocks, { roots })).findings).toMatchObject([{ code: 'UNTRUSTED_ROOTS' }]);
    const chain = prover.again();
    chain.add([chain.transaction()]);
    expect((await verifyChain(chain.blocks.slice(1), prover.trust)).findings).toMatchObject([
      { code: 'MISSING_BLOCK' },
    ]);
    expect(await verifyChain([], prover.trust)).toMatchObject({ ok: false, findings: [] });
  });

  test('asks for as many orderers as the channel does, each once', async () => {
    const chain = prover.again({ orderers: 3 });
    const orderers = prover.organisations.map(({ orderer }) => orderer);
    chain.add([chain.transaction()], { signers: orderers.slice(0, 3) });
    expect((await check(chain)).ok).toBe(true);
    chain.add([chain.transaction()], { signers: [prover.at(0).orderer, prover.at(0).orderer, prover.at(1).orderer] });
    expect((await check(chain)).findings).toMatchObject([{ code: 'BLOCK_SIGNATURE', block: 2 }]);
  });
});

test('takes signatures before a block as checked, and replays the rest', async () => {
  const chain = prover.again();
  chain.add([chain.transaction({ endorsers: [] })]).add([chain.transaction()]);
  expect((await verifyChain(chain.blocks, prover.trust, { from: 2 })).ok).toBe(true);
  expect((await verifyChain(chain.blocks, prover.trust, { from: 1 })).ok).toBe(false);
});

function metadataOf(bytes: Buffer): Buffer[] {
  const block = decodeBlock(bytes) as unknown as { readonly metadata: readonly Buffer[] };
  return [...block.metadata];
}
