// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { common, gateway } from '@hyperledger/fabric-protos';
import { readConfig } from 'yuanliu-gateway/config/config';
import { problemOf, statuses } from 'yuanliu-gateway/errors/problem';
import { LedgerError } from 'yuanliu-gateway/ledger/error';
import type { Connection } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { GatewayPeer } from 'yuanliu-gateway/ledger/fabric/gateway-peer';
import { type FabricLedgerOptions, openFabricLedger } from 'yuanliu-gateway/ledger/fabric/ledger';
import { Outbox, type Sent } from 'yuanliu-gateway/ledger/fabric/outbox';
import { Peers } from 'yuanliu-gateway/ledger/fabric/peers';
import { openSdkLedger } from 'yuanliu-gateway/ledger/fabric/sdk/ledger';
import type { Call, Identity, Ledger } from 'yuanliu-gateway/ledger/port';
import { decodeBlock } from 'yuanliu-verifier';
import { Prover } from '../../../verifier/prover/chain';
import { encode } from '../../../verifier/prover/encode';
import { signed } from '../../../verifier/prover/people';
import { blocksBetween, expectFailure } from '../conformance';
import { connectionTo } from './connection';
import { blocksOf, Channel, Refusal, StrangerPeer } from './stranger';

let prover: Prover;
let directory: string;
let channel: Channel;
let first: StrangerPeer;
let second: StrangerPeer;
let ledger: Ledger | undefined;
let said: string[];

beforeAll(async () => {
  prover = await Prover.found();
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yuanliu-adapter-'));
  channel = new Channel(prover.again());
  channel.order(channel.chain.transaction());
  first = await StrangerPeer.start('FirstMSP', channel);
  second = await StrangerPeer.start('SecondMSP', channel);
  said = [];
});

afterEach(async () => {
  await ledger?.close();
  ledger = undefined;
  first.close();
  second.close();
  await rm(directory, { recursive: true, force: true });
});

test('a peer on this host is reached past the proxy that the environment names (fault C8)', async () => {
  const before = process.env['https_proxy'];
  process.env['https_proxy'] = 'http://127.0.0.1:9'; // nothing listens there
  try {
    const { receipt } = await (await open()).submit(call());
    expect(receipt.validationCode).toBe('VALID');
  } finally {
    if (before === undefined) delete process.env['https_proxy'];
    else process.env['https_proxy'] = before;
  }
});

describe('a peer that cannot serve', () => {
  const noEndorsers =
    'no combination of peers can be derived which satisfy the endorsement policy: no peer combination can satisfy the ' +
    'endorsement policy';

  test('yet is left for one that can', async () => {
    first.conduct.endorse = () => {
      throw new Refusal(status.FAILED_PRECONDITION, noEndorsers);
    };
    const { receipt } = await (await open()).submit(call());
    expect(places(receipt.txId)).toEqual([{ number: receipt.blockNumber, validationCode: 'VALID' }]);
  });

  test('yet is asked again a moment later where no other can', async () => {
    let before = 2;
    const soon = (): void => {
      if (before-- > 0) throw new Refusal(status.FAILED_PRECONDITION, noEndorsers);
    };
    first.conduct.endorse = second.conduct.endorse = soon;
    await (await open()).submit(call());
  });

  test('at all is given up after a while, as UNAVAILABLE with a remedy', async () => {
    let asked = 0;
    const never = (): Promise<never> => {
      asked++;
      return Promise.reject(
        new Refusal(status.FAILED_PRECONDITION, 'no peers available to evaluate chaincode yuanliu'),
      );
    };
    first.conduct.evaluate = second.conduct.evaluate = never;
    const peers = new Peers([reach(first), reach(second)]);
    await expect(peers.attempt((peer) => peer.evaluate(call()), 600)).rejects.toThrow(/no peers available/);
    peers.close();
    expect(asked).toBeGreaterThan(2);
    expect(asked).toBeLessThan(12);
  });

  test('at all is not waited for where nothing answers', async () => {
    ledger = await open();
    first.close();
    second.close();
    const error = await expectFailure(ledger.evaluate(call()), 'UNAVAILABLE');
    expect(error.message).toContain('npm run network -- status');
  });

  test('at all for want of the Gateway service is said so, with what to use', async () => {
    const without = await StrangerPeer.start('PlainMSP', channel, { gateway: false });
    const opened = openFabricLedger({ ...options(), connection: connectionTo(prover, [without]) });
    const error = await expectFailure(opened, 'UNAVAILABLE');
    without.close();
    expect(error.message).toMatch(/has no Gateway service: set YUANLIU_LEDGER=fabric-sdk.*UNIMPLEMENTED/);
  });

  test('for good is not asked twice: a refusal that no retry is named for ends it', async () => {
    first.conduct.evaluate = () => {
      throw new Refusal(status.ABORTED, 'access denied: channel [public-data] creator org [OperatorMSP]');
    };
    await expectFailure((await open()).evaluate(call()), 'ACCESS_DENIED');
    expect(second.asked).toEqual([]);
  });
});

describe('the nearest peer', () => {
  const fails = (): never => {
    throw new Refusal(status.UNAVAILABLE, 'no orderer nodes available');
  };

  test('is in use again once it serves again, for reads and for blocks', async () => {
    ledger = await open({ returnMs: 50 });
    const followed = (peer: StrangerPeer): number => peer.asked.filter((name) => name === 'deliver').length;
    first.conduct.evaluate = first.conduct.height = fails;
    await ledger.evaluate(call());
    channel.order(channel.chain.transaction());
    await blocksBetween(ledger, 2, 3);
    const before = followed(first);
    first.conduct.height = () => undefined;
    first.conduct.evaluate = () => 'nearest';
    await until(async () => (await ledger?.evaluate(call())) === 'nearest');
    channel.order(channel.chain.transaction());
    await blocksBetween(ledger, 3, 4);
    expect([followed(first), followed(second)]).toEqual([before + 1, 1]);
  });

  test('is not in use again before it has the blocks that the other has', async () => {
    const behind = new Channel(prover.again());
    const late = await StrangerPeer.start('LateMSP', behind);
    const peers = new Peers([reach(late), reach(first)], 50);
    peers.leave(peers.current);
    const asked = (): number => late.asked.filter((name) => name === 'evaluate').length;
    await until(() => asked() > 3);
    expect(peers.current.address.name).toBe('FirstMSP');
    behind.order(behind.chain.transaction());
    await until(() => peers.current.address.name === 'LateMSP');
    peers.close();
    late.close();
  });

  test('that fails again and again is gone back to ever more seldom', async () => {
    const RETURN_MS = 20;
    const peers = new Peers([reach(first), reach(second)], RETURN_MS);
    const lengths: number[] = [];
    for (let time = 0; time < 4; time++) {
      const left = performance.now();
      peers.leave(peers.current);
      await until(() => peers.current.address.name === 'FirstMSP');
      lengths.push(performance.now() - left);
    }
    peers.close();
    lengths.forEach((length, time) => {
      expect(length).toBeGreaterThan(RETURN_MS * 2 ** time - 2); // timers may be a little early
    });
  });
});

describe('blocks', () => {
  test('of another chain are refused, and the peer that gave them left', async () => {
    const other = new Channel(prover.again());
    other.order(other.chain.transaction());
    other.order(other.chain.transaction());
    ledger = await open();
    first.conduct.deliver = second.conduct.deliver = (from, signal) => blocksOf(other, from, signal);
    first.close();
    await until(() => said.some((line) => line.includes('the chain forks')));
    await expect(ledger.blocks(2)[Symbol.asyncIterator]().next()).rejects.toThrow(/the chain forks/);
    second.conduct.deliver = (from, signal) => blocksOf(channel, from, signal);
    channel.order(channel.chain.transaction());
    await until(async () => (await ledger?.height()) === 3);
  });

  test.each([
    ['that are garbage', () => encode([1, encode([1, 2])])],
    ['whose content was changed', (block: Buffer) => changed(block)],
    ['that are not the next', () => channel.chain.blocks[0] ?? Buffer.alloc(0)],
  ])('%s are asked of another peer', async (_, spoil) => {
    const good = (from: number, signal: AbortSignal) => blocksOf(channel, from, signal);
    first.conduct.deliver = async function* (from, signal) {
      let number = from;
      for await (const block of good(from, signal)) yield number++ >= 2 ? spoil(Buffer.from(block)) : block;
    };
    ledger = await open();
    channel.order(channel.chain.transaction());
    const [block] = await blocksBetween(ledger, 2, 3);
    expect(Buffer.from(block?.bytes ?? [])).toEqual(channel.chain.blocks[2]);
    expect(said).toContainEqual(expect.stringContaining('no block from this peer: next'));
  });

  describe.each([
    ['the Gateway service', openFabricLedger],
    ['the old SDK', openSdkLedger],
  ])('refused to %s', (_, openThrough) => {
    const { BAD_REQUEST, FORBIDDEN, NOT_FOUND } = common.Status;

    test.each([
      ['BAD_REQUEST', BAD_REQUEST, 'TIME_WINDOW', "set this machine's clock"],
      ['FORBIDDEN', FORBIDDEN, 'ACCESS_DENIED', 'enrol again'],
      ['NOT_FOUND', NOT_FOUND, 'UNAVAILABLE', 'could not do it'],
    ] as const)('as %s are refused with what to do about it', async (name, code, expected, remedy) => {
      first.conduct.deliver = second.conduct.deliver = async function* () {
        yield await Promise.resolve(code);
      };
      const error = await expectFailure(openThrough(options()), expected);
      expect(error.message).toContain(remedy);
      expect(error.message).toContain(`status=${name}`);
    });
  });

  test('go on from another peer when one ends the stream', async () => {
    first.conduct.deliver = async function* (from) {
      for (const block of await Promise.resolve(channel.chain.blocks.slice(from, 2))) yield block;
    };
    ledger = await open();
    for (let count = 0; count < 3; count++) channel.order(channel.chain.transaction());
    const blocks = await blocksBetween(ledger, 0, 5);
    expect(blocks.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('a transaction on its way', () => {
  test('is there once when the answer to sending it is lost', async () => {
    const submit = first.conduct.submit.bind(first.conduct);
    first.conduct.submit = async (transaction) => {
      await submit(transaction);
      throw new Refusal(status.UNAVAILABLE, 'Connection dropped');
    };
    const { receipt } = await (await open()).submit(call());
    expect(places(receipt.txId)).toHaveLength(1);
    expect(second.asked).not.toContain('submit');
  });

  test('goes through another peer, the same, when one has no orderer to give it to', async () => {
    first.conduct.submit = () => {
      throw new Refusal(status.UNAVAILABLE, 'no orderers could successfully process transaction');
    };
    const { receipt } = await (await open()).submit(call());
    expect(places(receipt.txId)).toHaveLength(1);
    expect(first.asked.filter((name) => name === 'endorse')).toHaveLength(1);
    expect(second.asked).not.toContain('endorse');
  });

  test('is sent once more, the same, when it was taken and lost', async () => {
    const submit = first.conduct.submit.bind(first.conduct);
    first.conduct.submit = () => {
      first.conduct.submit = submit;
    };
    const { receipt } = await (await open({ commitMs: 8000 })).submit(call());
    expect(places(receipt.txId)).toHaveLength(1);
    expect(first.asked.filter((name) => name === 'endorse')).toHaveLength(1);
  });

  test('that no peer could send is UNAVAILABLE, and forgotten', async () => {
    first.conduct.submit = second.conduct.submit = () => {
      throw new Refusal(status.UNAVAILABLE, 'no orderer nodes available');
    };
    ledger = await open({ commitMs: 8000 });
    await expectFailure(ledger.submit(call()), 'UNAVAILABLE');
    await ledger.close();
    expect(await leftInOutbox()).toEqual([]);
  });

  const forbidden =
    'received unsuccessful response from orderer: status=FORBIDDEN, info=implicit policy evaluation failed';
  const quorum = 'insufficient number of orderers could successfully process transaction to satisfy quorum requirement';
  const said403 = { mspId: 'AgencyMSP', address: 'localhost:7050', message: forbidden };

  test.each([
    ['the orderer', new Refusal(status.ABORTED, forbidden)],
    ['every orderer', new Refusal(status.UNAVAILABLE, quorum, [said403, said403])],
  ])('that %s refuses is refused, and forgotten', async (_, refusal) => {
    first.conduct.submit = () => {
      throw refusal;
    };
    ledger = await open();
    await expectFailure(ledger.submit(call()), 'ACCESS_DENIED');
    await ledger.close();
    expect(await leftInOutbox()).toEqual([]);
  });

  test('that was refused has no peer left for the block that does not come; one that was taken has', async () => {
    first.conduct.submit = () => {
      throw new Refusal(status.ABORTED, forbidden);
    };
    ledger = await open();
    await expectFailure(ledger.submit(call()), 'ACCESS_DENIED');
    first.conduct.submit = () => undefined;
    const heard: string[] = [];
    const hear = (_: object, message: string): void => void heard.push(message);
    const other = { directory: join(directory, 'other'), commitMs: 15_000, logger: { info: hear, error: hear } };
    const later = await openFabricLedger({ ...options(), ...other });
    const unknown = expectFailure(later.submit(call()), 'COMMIT_UNKNOWN');
    const silent = (line: string): boolean => line.includes('this peer gives no blocks');
    await until(() => heard.some(silent)); // the one before would have said so by now
    expect(said.filter(silent)).toEqual([]);
    await unknown;
    await later.close();
  }, 60_000);

  test('that no block holds in time is COMMIT_UNKNOWN, kept, and sent again by the next process', async () => {
    first.conduct.submit = () => undefined; // taken, and lost
    ledger = await open({ commitMs: 300 });
    const { txId } = await expectFailure(ledger.submit(call()), 'COMMIT_UNKNOWN');
    await ledger.close();
    expect(await leftInOutbox()).toEqual([txId]);
    first.close();
    ledger = await open();
    await until(() => places(txId).length === 1);
    await until(() => said.some((line) => line.includes('from before the restart is committed')));
    await ledger.close();
    expect(await leftInOutbox()).toEqual([]);
  });

  test('that a block took while nobody looked is not sent again', async () => {
    first.conduct.submit = () => undefined;
    ledger = await open({ commitMs: 300 });
    const { txId } = await expectFailure(ledger.submit(call()), 'COMMIT_UNKNOWN');
    await ledger.close();
    channel.order({ txId: txId ?? '', envelope: await lostEnvelope() });
    ledger = await open();
    await ledger.close();
    expect(await leftInOutbox()).toEqual([]);
    expect(first.asked.filter((name) => name === 'submit')).toHaveLength(1);
  });

  test('is known to be pending until a block holds it (fault F6)', async () => {
    const txId = 'cd'.repeat(32);
    await keep({ txId, height: 2, time: Date.now() });
    ledger = await open({ settle: false });
    expect([ledger.isPending(txId), ledger.isPending('ab'.repeat(32))]).toEqual([true, false]);
    const ids: string[] = [];
    const { receipt } = await ledger.submit({ ...call(), sent: (id) => ids.push(id) });
    expect([ids, ledger.isPending(receipt.txId)]).toEqual([[receipt.txId], false]);
  });

  test('that is too old to be sent again is given up, and said, but not by who only reads', async () => {
    const txId = 'ab'.repeat(32);
    const time = Date.now() - 6 * 60_000;
    const forReading = join(directory, 'for-reading');
    for (const folder of [directory, forReading]) await keep({ txId, height: 2, time }, folder);
    const reading = await open({ directory: forReading, settle: false });
    ledger = await open();
    await until(() => said.some((line) => line.includes('too old to be sent: given up')));
    await ledger.close();
    await reading.close(); // open for longer than the other took to settle
    expect([await leftInOutbox(), first.asked.includes('submit')]).toEqual([[], false]);
    expect(await leftInOutbox(forReading)).toEqual([txId]);
  });

  test('that is too old to be sent again has no start read the blocks since', async () => {
    for (let more = 5; more > 0; more--) channel.order(channel.chain.transaction());
    const read: number[] = [];
    const deliver = first.conduct.deliver.bind(first.conduct);
    first.conduct.deliver = (from, signal) => {
      read.push(from);
      return deliver(from, signal);
    };
    await keep({ txId: 'ab'.repeat(32), height: 1, time: Date.now() - 6 * 60_000 });
    await (await open()).submit(call());
    expect(read.at(-1)).toBe(6); // the last of seven blocks, after the genesis block and the configuration
  });

  test('that is too old to be sent again is forgotten by a process that runs on, and said', async () => {
    const txId = 'ab'.repeat(32);
    await keep({ txId, height: 1, time: Date.now() - 6 * 60_000 });
    ledger = await open({ settle: false });
    await ledger.submit(call());
    expect(said).toEqual([expect.stringContaining('too old to be sent: given up')]);
    await ledger.close();
    expect(await leftInOutbox()).toEqual([]);
  });
});

test('names the endorsers that came to another answer', async () => {
  first.conduct.endorse = () => {
    const details = [
      { mspId: 'AgencyMSP', address: 'peer.agency:7051', message: 'ProposalResponsePayloads do not match' },
    ];
    throw new Refusal(status.ABORTED, 'failed to collect enough transaction endorsements', details);
  };
  const error = await expectFailure((await open()).submit(call()), 'DISAGREEMENT');
  expect(error.message).toContain('AgencyMSP (peer.agency:7051): ProposalResponsePayloads do not match');
  expect(said).toEqual([expect.stringContaining('endorsers came to different results')]);
  expect(statuses[problemOf(error).code]).toBe(503);
});

test('has endorsers that are a block behind for seconds asked again until they agree (fault F3)', async () => {
  const agreeing = Date.now() + 2500;
  first.conduct.endorse = () => {
    if (Date.now() > agreeing) return;
    const behind = 'chaincode response 500, NOT_FOUND - {"message":"resource/R-1 does not exist"}';
    const details = [{ mspId: 'AgencyMSP', address: 'peer.agency:7051', message: behind }];
    throw new Refusal(status.ABORTED, 'failed to collect enough transaction endorsements', details);
  };
  const { receipt } = await (await open()).submit(call());
  expect(receipt.validationCode).toBe('VALID');
});

describe('what a peer does not finish in time', () => {
  const never = (): Promise<never> => new Promise(() => undefined);
  const COLLECTING = 'endorsement timeout expired while collecting first endorsement';
  const said = {
    mspId: 'FirstMSP',
    address: 'peer.first:7051',
    message: 'rpc error: code = DeadlineExceeded desc = …',
  };

  test.each<[string, () => Promise<never>]>([
    ['as it says itself', () => Promise.reject(new Refusal(status.DEADLINE_EXCEEDED, COLLECTING))],
    [
      'as its Gateway service says of it',
      () => Promise.reject(new Refusal(status.ABORTED, 'failed to endorse transaction', [said])),
    ],
    ['without a word', never],
  ])('%s, is DEADLINE and asked of no other while it is alive (fault F4)', async (_, slow) => {
    first.conduct.endorse = slow;
    const error = await expectFailure((await open()).submit(call()), 'DEADLINE');
    expect(second.asked.filter((name) => name === 'endorse')).toEqual([]);
    const problem = problemOf(error);
    expect(statuses[problem.code]).toBe(504);
    expect(problem.details.remedy).toContain('ask for less at once');
    expect(problem.headers).toEqual({});
  });

  test('is asked of another where it does not answer at all', async () => {
    const network = await open();
    first.conduct.endorse = first.conduct.height = never;
    expect((await network.submit(call())).receipt.validationCode).toBe('VALID');
  });
});

test('where no peer has a chaincode that answers, says so before a request is answered with 202 (fault F6)', async () => {
  const down = async (): Promise<never> => {
    await new Promise((resolve) => setTimeout(resolve, 3000)); // so long a peer looks for it
    const message = 'error in simulation: failed to execute transaction ab: could not launch chaincode yuanliu_1:ab';
    const details = [{ mspId: 'FirstMSP', address: 'peer.first:7051', message }];
    throw new Refusal(status.ABORTED, 'failed to endorse transaction', details);
  };
  first.conduct.endorse = second.conduct.endorse = down;
  const network = await open();
  const start = performance.now();
  await expectFailure(network.submit(call()), 'UNAVAILABLE');
  const { limits } = readConfig({ YUANLIU_DATA: directory });
  expect(performance.now() - start).toBeLessThan(limits.waitMs);
});

test('that pins no genesis block keeps to the channel that it met first, and says that this proves nothing (fault A2)', async () => {
  await (await open({ connection: unpinned(connectionTo(prover, [first, second])) })).close();
  expect(said).toEqual([expect.stringMatching(/no genesis block is pinned.*which proves nothing/)]);
  const others = new Channel((await Prover.found()).again());
  others.order(others.chain.transaction());
  const elsewhere = await StrangerPeer.start('ElsewhereMSP', others);
  const there = unpinned(connectionTo(others.chain, [elsewhere]));
  const opened = openFabricLedger({ ...options(), connection: there });
  await expect(opened).rejects.toThrow(/of another network/);
  elsewhere.close();
});

test('that pins a genesis block follows no channel that begins otherwise (fault A2)', async () => {
  const genesis = 'ab'.repeat(32);
  const opened = openFabricLedger({ ...options(), connection: { ...connectionTo(prover, [first, second]), genesis } });
  await expect(opened).rejects.toThrow(/not the pinned genesis block abab/);
});

function unpinned({ genesis: _, ...rest }: Connection): Connection {
  return rest;
}

async function open(changes: Partial<FabricLedgerOptions> = {}): Promise<Ledger> {
  return (ledger = await openFabricLedger({ ...options(), ...changes }));
}

function options(): FabricLedgerOptions {
  const log = (details: object, message: string): void => {
    said.push(`${message} ${'err' in details ? String(details.err) : ''}`);
  };
  return {
    connection: connectionTo(prover, [first, second]),
    directory,
    reader: asked,
    logger: { info: log, error: log },
  };
}

function reader(): Identity {
  const { client } = prover;
  return { mspId: client.mspId, certificate: client.certificate, sign: (message) => signed(client, message) };
}

const asked = (): Promise<Identity> => Promise.resolve(reader());

function reach({ address }: StrangerPeer): GatewayPeer {
  return new GatewayPeer(address, { channel: 'public-data', chaincode: 'yuanliu' }, asked);
}

function call(): Call {
  return { identity: reader(), transaction: 'note:put', args: ['id'] };
}

/** Where a transaction stands in the chain. */
function places(txId: string | undefined): { number: number; validationCode: string }[] {
  return channel.chain.blocks
    .map(decodeBlock)
    .flatMap(({ number, transactions }) =>
      transactions
        .filter((transaction) => transaction.txId === txId)
        .map(({ validationCode }) => ({ number, validationCode })),
    );
}

test('an outbox that does not open says why, and stays closed', async () => {
  const outbox = await Outbox.open(join(directory, 'outbox'));
  await expect(Outbox.open(join(directory, 'outbox'))).rejects.toThrow('one process holds it at a time');
  await outbox.close();
  await writeFile(join(directory, 'outbox', 'CURRENT'), 'MANIFEST-nowhere');
  await expect(Outbox.open(join(directory, 'outbox'))).rejects.toThrow(/cannot open the outbox in .*CURRENT/);
});

async function keep(sent: Omit<Sent, 'transaction'>, folder = directory): Promise<void> {
  const outbox = await Outbox.open(join(folder, 'outbox'));
  await outbox.put({ ...sent, transaction: encode([1, sent.txId]) });
  await outbox.close();
}

async function leftInOutbox(folder = directory): Promise<string[]> {
  const outbox = await Outbox.open(join(folder, 'outbox'));
  const left = outbox.pending.map(({ txId }) => txId);
  await outbox.close();
  return left;
}

/** What a peer was given and lost. */
async function lostEnvelope(): Promise<Buffer> {
  const outbox = await Outbox.open(join(directory, 'outbox'));
  const [sent] = outbox.pending;
  await outbox.close();
  const envelope = gateway.PreparedTransaction.deserializeBinary(sent?.transaction ?? new Uint8Array()).getEnvelope();
  return Buffer.from(envelope?.serializeBinary() ?? []);
}

function changed(block: Buffer): Buffer {
  const place = block.lastIndexOf('note:put');
  block.write('note:pot', place);
  return block;
}

async function until(what: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await what())) {
    if (Date.now() > deadline)
      throw new LedgerError('UNAVAILABLE', `it did not come to that; said: ${said.join('; ')}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
