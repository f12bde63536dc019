// SPDX-License-Identifier: Apache-2.0
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { common, peer } from '@hyperledger/fabric-protos';
import { ClassicLevel } from 'classic-level';
import { type EmbeddedLedger, openEmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import { POSITION } from 'yuanliu-gateway/ledger/embedded/entries';
import { markLine } from 'yuanliu-gateway/ledger/embedded/mark';
import { newProposal, type Proposal } from 'yuanliu-gateway/ledger/embedded/proposal';
import { LedgerError } from 'yuanliu-gateway/ledger/error';
import type { Identity } from 'yuanliu-gateway/ledger/port';
import { decodeBlock } from 'yuanliu-verifier';
import { admission, AUTHORITY, blocksBetween, conformance, expectFailure, found, newCode } from './conformance';

const USER = { mspId: 'AuthorityMSP', user: '李四', organization: AUTHORITY };

conformance('the embedded ledger', async () => {
  const directory = await newDirectory();
  const stranger = await openEmbeddedLedger({ directory: await newDirectory() });
  const impostor = await stranger.pki.enrol(USER);
  await stranger.close();

  let ledger = await openEmbeddedLedger({ directory });
  return {
    ledger,
    authority: await ledger.pki.enrol(USER),
    outsider: await ledger.pki.enrol({ mspId: 'DeveloperMSP', user: '王五', organization: newCode() }),
    impostor,
    reopen: async () => {
      await ledger.close();
      return (ledger = await openEmbeddedLedger({ directory }));
    },
    close: () => ledger.close(),
  };
});

describe('the embedded ledger', () => {
  let directory: string;
  let ledger: EmbeddedLedger;
  let authority: Identity;
  let now = Date.parse('2026-03-01T08:00:00Z');

  beforeAll(async () => {
    directory = await newDirectory();
    ledger = await openEmbeddedLedger({ directory, clock: () => new Date(now), block: { maxTransactions: 50 } });
    authority = await ledger.pki.enrol(USER);
    await found(ledger, authority);
  });
  afterAll(() => ledger.close());

  const propose = (time = now): Proposal =>
    newProposal({ identity: authority, ...admission(newCode(), '提案') }, ledger, new Date(time));
  const send = (proposal: { readonly bytes: Uint8Array; readonly signature: Uint8Array }) =>
    ledger.submitProposal(proposal, (payload) => authority.sign(payload));
  const lastBlock = async () => {
    const height = await ledger.height();
    const [block] = await blocksBetween(ledger, height - 1, height);
    return decodeBlock(block?.bytes ?? Buffer.alloc(0));
  };

  test('takes a proposal that was signed outside', async () => {
    const proposal = propose();
    expect((await send(proposal)).receipt).toMatchObject({
      txId: proposal.txId,
      ledgerTime: '2026-03-01T08:00:00.000Z',
    });
  });

  test('refuses a proposal dated more than five minutes back or ahead', async () => {
    const minute = 60_000;
    await send(propose(now - 4.9 * minute));
    await send(propose(now + 4.9 * minute));
    await expectFailure(send(propose(now - 5.1 * minute)), 'TIME_WINDOW');
    await expectFailure(send(propose(now + 5.1 * minute)), 'TIME_WINDOW');
    now += 10 * minute;
    await send(propose());
  });

  test('refuses a proposal that was changed after it was signed', async () => {
    const proposal = propose();
    const bytes = Buffer.from(proposal.bytes);
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    await expectFailure(send({ bytes, signature: proposal.signature }), 'ACCESS_DENIED');
    await expectFailure(send({ bytes: Buffer.from('nonsense'), signature: proposal.signature }), 'ACCESS_DENIED');
  });

  test('refuses a transaction id that is not the hash of nonce and creator', async () => {
    const bytes = withTxId(propose(), 'ab'.repeat(32));
    await expectFailure(send({ bytes, signature: authority.sign(bytes) }), 'ACCESS_DENIED');
  });

  test('refuses the high form of a signature', async () => {
    const proposal = propose();
    await expectFailure(send({ bytes: proposal.bytes, signature: highS(proposal.signature) }), 'ACCESS_DENIED');
  });

  test('refuses a proposal that is on the ledger already, and flags one that races itself', async () => {
    const proposal = propose();
    const [first, second] = await Promise.allSettled([send(proposal), send(proposal)]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'DUPLICATE_TXID' } });
    expect((await lastBlock()).transactions.map(({ validationCode }) => validationCode)).toEqual([
      'VALID',
      'DUPLICATE_TXID',
    ]);
    await expectFailure(send(proposal), 'DUPLICATE_TXID');
  });

  test('keeps a transaction that lost a race in its block, flagged MVCC_READ_CONFLICT', async () => {
    const id = newCode();
    const claims = await Promise.allSettled(
      ['甲', '乙', '丙'].map((name) => ledger.submit({ identity: authority, ...admission(id, name) })),
    );
    const { number, transactions } = await lastBlock();
    expect(transactions.map(({ validationCode }) => validationCode)).toEqual([
      'VALID',
      'MVCC_READ_CONFLICT',
      'MVCC_READ_CONFLICT',
    ]);
    expect(claims[1]).toMatchObject({ reason: { blockNumber: number, txId: transactions[1]?.txId } });
  });

  test('writes many transactions to a block, and no more than it may', async () => {
    const before = await ledger.height();
    await Promise.all(
      Array.from({ length: 120 }, () => ledger.submit({ identity: authority, ...admission(newCode(), '群') })),
    );
    const sizes = (await blocksBetween(ledger, before, await ledger.height())).map(
      ({ bytes }) => decodeBlock(bytes).data.length,
    );
    expect(sizes).toEqual([50, 50, 20]);
  });

  test('has each transaction endorsed by three peers, and all four in use', async () => {
    const endorsers = new Set<string>();
    for (let count = 0; count < 4; count++) {
      await send(propose());
      const [transaction] = (await lastBlock()).transactions;
      const mspIds = transaction?.endorsements.map(({ endorser }) => endorser.mspId) ?? [];
      expect(new Set(mspIds).size).toBe(3);
      for (const mspId of mspIds) endorsers.add(mspId);
    }
    expect([...endorsers].sort()).toEqual(['AgencyMSP', 'AuthorityMSP', 'DepartmentMSP', 'OperatorMSP']);
  });

  test('refuses a second opener while the first lives', async () => {
    await expectFailure(openEmbeddedLedger({ directory }), 'UNAVAILABLE');
    await send(propose());
  });

  test("refuses to run with another ledger's keys", async () => {
    const [one, other] = [await newDirectory(), await newDirectory()];
    for (const each of [one, other]) await (await openEmbeddedLedger({ directory: each })).close();
    await rename(join(one, 'identities'), join(one, 'lost'));
    await rename(join(other, 'identities'), join(one, 'identities'));
    await expectFailure(openEmbeddedLedger({ directory: one }), 'UNAVAILABLE');
  });
});

describe('a stored ledger that is not as it was written', () => {
  let whole: string;
  beforeAll(async () => {
    whole = await newDirectory();
    const ledger = await openEmbeddedLedger({ directory: whole });
    const identity = await ledger.pki.enrol(USER);
    await found(ledger, identity);
    await ledger.submit({ identity, ...admission(newCode(), '某单位') });
    await ledger.close();
  });

  const copied = async (): Promise<string> => {
    const directory = await newDirectory();
    await cp(whole, directory, { recursive: true });
    return directory;
  };
  const refused = async (directory: string, code: 'DAMAGED' | 'OTHER_FORMAT', words: RegExp): Promise<void> => {
    const error: unknown = await openEmbeddedLedger({ directory }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
  };

  test('opens while nothing is changed', async () => {
    await (await openEmbeddedLedger({ directory: await copied() })).close();
  });

  test.each(['changed', 'lost', 'added'])(
    'is refused when an entry was %s, however often it is opened',
    async (how) => {
      const directory = await copied();
      const db = new ClassicLevel<string, Buffer>(join(directory, 'ledger'), { valueEncoding: 'buffer' });
      const [[key, value] = ['', Buffer.alloc(0)]] = await db.iterator({ gt: 's', limit: 1 }).all();
      if (how === 'lost') await db.del(key);
      else if (how === 'added') await db.put(`${key}0`, value);
      else await db.put(key, Buffer.concat([value.subarray(0, -2), Buffer.from('}}')]));
      await db.close();
      await refused(
        directory,
        'DAMAGED',
        /ledger in .* is damaged: what it holds is not what was written.*yuanliu restore/,
      );
      await refused(directory, 'DAMAGED', /what it holds/);
    },
  );

  test('is refused when its last block is gone, or all of it', async () => {
    const directory = await copied();
    const earlier = await readFile(join(directory, 'ledger.mark'), 'utf8');
    const ledger = await openEmbeddedLedger({ directory });
    const identity = await ledger.pki.enrol(USER);
    await ledger.submit({ identity, ...admission(newCode(), '某单位') });
    await ledger.close();
    await rm(join(directory, 'ledger'), { recursive: true });
    await cp(join(whole, 'ledger'), join(directory, 'ledger'), { recursive: true });
    await refused(directory, 'DAMAGED', /it had 4 blocks, and has 3/);
    await rm(join(directory, 'ledger'), { recursive: true });
    await refused(directory, 'DAMAGED', /it had 4 blocks, and has 0/);
    await cp(join(whole, 'ledger'), join(directory, 'ledger'), { recursive: true });
    await writeFile(join(directory, 'ledger.mark'), earlier);
    await (await openEmbeddedLedger({ directory })).close();
  });

  test('is refused by name when another version made it, and is left as it is', async () => {
    const directory = await copied();
    const mark = join(directory, 'ledger.mark');
    await writeFile(mark, markLine(3, 99));
    await refused(directory, 'OTHER_FORMAT', /has format 99, this program reads 3: run it with a newer version/);
    expect(await readFile(mark, 'utf8')).toBe(markLine(3, 99));
    await rm(mark);
    await refused(directory, 'OTHER_FORMAT', /format 1,.* an older version/);
    await writeFile(mark, markLine(3).replace('3', '5'));
    await refused(directory, 'DAMAGED', /ledger\.mark is not what was written there/);
  });
});

describe('a ledger of format 2', () => {
  let now: string;
  let old: string;
  beforeAll(async () => {
    now = await newDirectory();
    const ledger = await openEmbeddedLedger({ directory: now });
    const identity = await ledger.pki.enrol(USER);
    await found(ledger, identity);
    await ledger.close();
    old = await newDirectory();
    await cp(now, old, { recursive: true });
    await downgrade(old);
  });

  const copied = async (): Promise<string> => {
    const directory = await newDirectory();
    await cp(old, directory, { recursive: true });
    return directory;
  };
  const headersOf = async (directory: string): Promise<unknown> => {
    const ledger = await openEmbeddedLedger({ directory });
    try {
      await ledger.compareState();
      const blocks = await blocksBetween(ledger, 0, await ledger.height());
      return blocks.map(({ bytes }) => decodeBlock(bytes).headerHash.toString('hex'));
    } finally {
      await ledger.close();
    }
  };

  test('is upgraded when it is opened: the same blocks and state, once and for good', async () => {
    const directory = await copied();
    expect(await headersOf(directory)).toEqual(await headersOf(now));
    expect(await readFile(join(directory, 'ledger.mark'), 'utf8')).toMatch(/^yuanliu ledger 3 /);
    expect((await readdir(directory)).filter((name) => name.startsWith('ledger'))).toEqual(['ledger', 'ledger.mark']);
    expect(await headersOf(directory)).toEqual(await headersOf(now));
  });

  test.each(['before the old one was put aside', 'before the new one took its place', 'before the mark was written'])(
    'whose upgrade was broken off %s is upgraded',
    async (moment) => {
      const directory = await copied();
      const [ledger, aside, next] = ['ledger', 'ledger.format-2', 'ledger.upgrading'].map((name) =>
        join(directory, name),
      );
      await cp(ledger ?? '', next ?? '', { recursive: true });
      if (moment !== 'before the old one was put aside') await rename(ledger ?? '', aside ?? '');
      if (moment === 'before the mark was written') await rename(next ?? '', ledger ?? '');
      expect(await headersOf(directory)).toEqual(await headersOf(now));
    },
  );

  test('that was damaged is refused, and left as it is', async () => {
    const directory = await copied();
    const db = new ClassicLevel<string, Buffer>(join(directory, 'ledger'), { valueEncoding: 'buffer' });
    await db.put('sorganization/invented', Buffer.alloc(20));
    await db.close();
    for (let time = 0; time < 2; time++) await expectFailure(openEmbeddedLedger({ directory }), 'DAMAGED');
    expect(await readFile(join(directory, 'ledger.mark'), 'utf8')).toMatch(/^yuanliu ledger 2 /);
  });
});

describe('a large ledger, opened without reading all of it', () => {
  test('never gives a changed value, and the check finds whatever the damage is', async () => {
    const whole = await newDirectory();
    const ledger = await openEmbeddedLedger({ directory: whole });
    const identity = await ledger.pki.enrol(USER);
    await found(ledger, identity);
    await ledger.close();
    const db = new ClassicLevel<string, Buffer>(join(whole, 'ledger'), { valueEncoding: 'buffer' });
    const entries = await db.iterator().all();
    await db.close();
    for (const [key, value] of entries.filter(([name]) => name !== 'position')) {
      for (const change of ['byte', 'loss'] as const) {
        const directory = await newDirectory();
        await cp(whole, directory, { recursive: true });
        const raw = new ClassicLevel<string, Buffer>(join(directory, 'ledger'), { valueEncoding: 'buffer' });
        const changed = Buffer.from(value);
        const at = (key.length * 7) % changed.length;
        changed[at] = (changed[at] ?? 0) ^ 0x10;
        await (change === 'loss' ? raw.del(key) : raw.put(key, changed));
        await raw.close();
        const opened = await openEmbeddedLedger({ directory, wholeUpTo: -1 }).catch(
          (error: unknown) => error as LedgerError,
        );
        if (opened instanceof LedgerError) {
          expect([key, opened.code]).toEqual([key, 'DAMAGED']); // among the last blocks, which opening reads
          continue;
        }
        await expectFailure(opened.check({}), 'DAMAGED');
        expect(opened.failure()).toMatchObject({ code: 'DAMAGED' });
        await expectFailure(opened.submit({ identity, ...admission(newCode(), '其后') }), 'DAMAGED');
        await opened.close();
        await expectFailure(openEmbeddedLedger({ directory }), 'DAMAGED');
      }
    }
  }, 120_000);
});

const directories: string[] = [];
afterAll(() => Promise.all(directories.map((path) => rm(path, { recursive: true, force: true }))));

async function newDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-embedded-'));
  directories.push(directory);
  return directory;
}

/** Rewrites a closed ledger as the format before kept it: no checksum but the position's. */
async function downgrade(directory: string): Promise<void> {
  const db = new ClassicLevel<string, Buffer>(join(directory, 'ledger'), { valueEncoding: 'buffer' });
  let sum = 0;
  for (const [key, value] of await db.iterator().all()) {
    const own = value.subarray(key === POSITION ? 8 : 4);
    sum ^= crc32(own, crc32(key));
    if (key !== POSITION) await db.put(key, own);
  }
  const sums = Buffer.alloc(4);
  sums.writeUInt32BE(sum >>> 0);
  await db.put(POSITION, Buffer.concat([(await db.get(POSITION))?.subarray(8) ?? Buffer.alloc(0), sums]));
  await db.close();
  const mark = join(directory, 'ledger.mark');
  const height = Number((await readFile(mark, 'utf8')).split(' ')[3]);
  await writeFile(mark, markLine(height, 2));
}

function withTxId({ bytes }: Proposal, txId: string): Uint8Array {
  const proposal = peer.Proposal.deserializeBinary(bytes);
  const header = common.Header.deserializeBinary(proposal.getHeader_asU8());
  const channelHeader = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8());
  channelHeader.setTxId(txId);
  header.setChannelHeader(channelHeader.serializeBinary());
  proposal.setHeader(header.serializeBinary());
  return proposal.serializeBinary();
}

/** The same signature with n − s for s: as valid to ECDSA, and refused by Fabric. */
function highS(signature: Uint8Array): Buffer {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const lengthOfR = signature[3] ?? 0;
  const r = Buffer.from(signature).subarray(2, 4 + lengthOfR);
  const s = BigInt(
    `0x${Buffer.from(signature)
      .subarray(6 + lengthOfR)
      .toString('hex')}`,
  );
  const digits = Buffer.from((order - s).toString(16).padStart(64, '0'), 'hex');
  const integer = Buffer.concat([Buffer.from([0x02, 33, 0]), digits]);
  return Buffer.concat([Buffer.from([0x30, r.length + integer.length]), r, integer]);
}
