// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { decodeBlock, VerificationError, verifyChain, type DecodedBlock, type Verdict } from 'yuanliu-verifier';
import { Message } from 'yuanliu-verifier/wire/message';
import { decodePem } from 'yuanliu-verifier/wire/pem';
import { encode } from './prover/encode';
import { blockBytes, Prover } from './prover/chain';
import { dataHash } from 'yuanliu-verifier/wire/hash';

let prover: Prover;
beforeAll(async () => {
  prover = await Prover.found();
  const write = prover.transaction({ event: { name: 'noted' } });
  const stale = prover.transaction({ reads: [{ key: 'k' }], ranges: [{ start: 'a', end: 'z' }] });
  prover.add([write, stale], { codes: [0, 11] });
});

const verify = (...blocks: Uint8Array[]): Promise<Verdict> => verifyChain(blocks, prover.trust);
const genesis = (): Buffer => prover.blocks[0] ?? Buffer.alloc(0);

test('refuses every flip of a bit that anything signs, hashes or derives', async () => {
  const original = prover.last;
  const flip = fc.record({ at: fc.nat(original.length - 1), bit: fc.nat(7) });
  await fc.assert(
    fc.asyncProperty(flip, async ({ at, bit }) => {
      const flipped = Buffer.from(original);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      const { ok } = await verify(genesis(), flipped);
      if (ok) expect(meaning(decodeBlock(flipped))).toEqual(meaning(decodeBlock(original)));
    }),
    { numRuns: 400 },
  );
});

test('refuses every flip of a bit in the genesis block, once the genesis block is named', async () => {
  const named = { ...prover.trust, genesis: decodeBlock(genesis()).headerHash.toString('hex') };
  const flip = fc.record({ at: fc.nat(genesis().length - 1), bit: fc.nat(7) });
  await fc.assert(
    fc.asyncProperty(flip, async ({ at, bit }) => {
      const flipped = Buffer.from(genesis());
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      const { ok } = await verifyChain([flipped], named);
      if (ok) expect(meaning(decodeBlock(flipped))).toEqual(meaning(decodeBlock(genesis())));
    }),
    { numRuns: 200 },
  );
});

test('refuses a block cut short anywhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(prover.last.length - 1), async (length) => {
      expect((await verify(genesis(), prover.last.subarray(0, length))).ok).toBe(false);
    }),
    { numRuns: 200 },
  );
});

test('throws nothing but MALFORMED for garbage, whatever is asked of it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), nearlyBlocks()), (bytes) => {
      onlyMalformed(() => {
        lookAtEverything(decodeBlock(bytes));
      });
    }),
    { numRuns: 2000 },
  );
});

test('answers garbage with a verdict, never with an exception', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(nearlyBlocks(), { minLength: 1, maxLength: 3 }), async (blocks) => {
      for (const verdict of [await verify(...blocks), await verify(genesis(), ...blocks)]) {
        expect(verdict.ok).toBe(verdict.findings.length === 0);
      }
    }),
    { numRuns: 200 },
  );
});

describe('refuses what Go refuses', () => {
  const refused: [string, Buffer, (message: Message) => unknown][] = [
    ['a string that is not UTF-8', encode([1, Buffer.from([0xff])]), (message) => message.string(1)],
    ['an integer larger than a number holds', encode([1, 2 ** 53]), (message) => message.uint(1)],
    ['field number 0', Buffer.from([0, 0]), (message) => message],
    ['a group that does not end', Buffer.from([0x0b]), (message) => message],
    ['a group that ends as another', Buffer.from([0x0b, 0x14]), (message) => message],
    ['groups nested too deeply', nestedGroups(10_002), (message) => message],
    ['a length past the end', Buffer.from([0x0a, 5, 1]), (message) => message],
    ['an endless varint', Buffer.alloc(11, 0xff), (message) => message],
  ];
  test.each(refused)('%s', (_, bytes, read) => {
    expect(() => read(new Message(bytes))).toThrow(VerificationError);
  });
});

describe('reads what Go reads (fault A1)', () => {
  const read: [string, Buffer, (message: Message) => unknown, unknown][] = [
    ['of a field given twice the last', encode([1, 'a'], [1, 'b']), (message) => message.string(1), 'b'],
    ['of a number of another type nothing', encode([1, 5]), (message) => message.bytes(1).length, 0],
    ['past a group', Buffer.concat([Buffer.from([0x0b, 0x0c]), encode([2, 'b'])]), (message) => message.string(2), 'b'],
    ['past groups as deep as it does', nestedGroups(10_001), (message) => message.string(2), ''],
    ['a message in two parts', encode([1, encode([1, 'a'])], [1, encode([2, 'b'])]), both, ['a', 'b']],
    ['bytes in two parts as the last', encode([1, encode([1, 'a'])], [1, encode([2, 'b'])]), embedded, ['', 'b']],
    ['32 bits of a longer number', Buffer.from('0883808080b080808001', 'hex'), (message) => message.int32(1), 3],
    ['a tag of ten bytes', Buffer.from('9280808080808080800001621101', 'hex').subarray(0, 12), second, 'b'],
  ];
  test.each(read)('%s', (_, bytes, ask, expected) => {
    expect(ask(new Message(bytes))).toEqual(expected);
  });

  function both(message: Message): string[] {
    return [1, 2].map((field) => message.message(1).string(field));
  }

  function embedded(message: Message): string[] {
    return [1, 2].map((field) => message.embedded(1).string(field));
  }

  function second(message: Message): string {
    return message.string(2);
  }
});

function nestedGroups(depth: number): Buffer {
  return Buffer.concat([Buffer.alloc(depth, 0x0b), Buffer.alloc(depth, 0x0c)]);
}

test('reads a message of more fields than anyone would keep, as Go does (fault A1)', () => {
  const fields = Buffer.concat([encode([1, 'a']), Buffer.alloc(4_000_000, Buffer.from([0x18, 1])), encode([1, 'b'])]);
  expect(new Message(fields).string(1)).toBe('b');
});

test('reads PEM of a million blanks in no more time than its length asks for (fault A1)', () => {
  const blanks = ' '.repeat(1_000_000);
  expect(decodePem(Buffer.from(`-----BEGIN A-----${blanks}x\nAAAA\n-----END A-----\n`))).toBeUndefined();
  expect(decodePem(Buffer.from(`-----BEGIN A-----\nAAAA\n-----END A-----${blanks}`))).toEqual(Buffer.alloc(3));
});

test('bounds the depth of a configuration and of its policies', async () => {
  const nested = (depth: number, wrap: (inner: Buffer) => Buffer): Buffer =>
    Array.from({ length: depth }).reduce<Buffer>(wrap, Buffer.alloc(0));
  const groups = nested(20_000, (inner) => encode([2, encode([1, 'g'], [2, inner])]));
  const rule = nested(20_000, (inner) => encode([2, encode([1, 1], [2, inner])]));
  const policy = encode([1, 'Endorsement'], [2, encode([2, encode([1, 1], [2, encode([2, rule])])])]);
  const application = encode([2, encode([1, 'Application'], [2, encode([4, policy])])]);
  for (const root of [groups, application]) {
    const { ok, findings } = await verifyChain([genesisOf(root)], prover.rootsOnly);
    expect(ok).toBe(false);
    expect(findings).toMatchObject([{ code: 'MALFORMED', step: 'trust' }]);
  }
});

/** Everything a reader may ask for. */
function lookAtEverything(block: DecodedBlock): void {
  const { transactions, headerHash } = block;
  expect(headerHash).toHaveLength(32);
  for (const ask of [() => block.commitHash, () => block.signatures, () => block.lastConfig]) onlyMalformed(ask);
  for (const tx of transactions) {
    const asks = [
      () => tx.timestamp,
      () => tx.creator,
      () => tx.nonce,
      () => tx.args,
      () => tx.chaincode,
      () => tx.event,
    ];
    for (const ask of [...asks, () => tx.response, () => tx.readWriteSets, () => tx.endorsements]) onlyMalformed(ask);
  }
}

function onlyMalformed(ask: () => unknown): void {
  try {
    ask();
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    expect(error.code).toBe('MALFORMED');
  }
}

/** Real blocks with some bytes replaced: garbage that gets far. */
function nearlyBlocks(): fc.Arbitrary<Uint8Array> {
  const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 });
  return fc.tuple(fc.boolean(), edits).map(([first, places]) => {
    const bytes = Buffer.from(first ? genesis() : prover.last);
    for (const [at, byte] of places) bytes[at % bytes.length] = byte;
    return Buffer.concat([bytes, Buffer.from([0x22, 0])]);
  });
}

/** What a reader can learn of a block that is accepted. */
function meaning(block: DecodedBlock): unknown {
  const { number, previousHash, dataHash: hash, data, commitHash } = block;
  const codes = block.transactions.map(({ validationCode }) => validationCode);
  return { number, previousHash, hash, data, commitHash, codes };
}

function genesisOf(channelGroup: Buffer): Buffer {
  const channelHeader = encode([1, 1], [4, 'public-data']);
  const data = encode([1, encode([2, channelGroup])]);
  const envelope = encode([1, encode([1, encode([1, channelHeader], [2, encode()])], [2, data])]);
  return blockBytes({ number: 0, previousHash: Buffer.alloc(0), dataHash: dataHash([envelope]) }, [envelope], []);
}
