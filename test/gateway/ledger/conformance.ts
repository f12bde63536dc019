// SPDX-License-Identifier: Apache-2.0
import { BATCH_EVENT, BATCH_PERFORM, type BatchAnswer, type BatchEvent } from 'yuanliu-chaincode/engine/batch';
import { ContractError, type ContractErrorCode } from 'yuanliu-chaincode/vocabulary/error';
import { LedgerError } from 'yuanliu-gateway/ledger/error';
import type { Identity, Ledger, LedgerBlock, Receipt } from 'yuanliu-gateway/ledger/port';
import { submitWithRetry } from 'yuanliu-gateway/ledger/retry';
import { cast } from 'yuanliu-demo/cast';
import { demoRulebook } from 'yuanliu-demo/rulebook';
import { admission, found, newCode } from 'yuanliu-soak/admissions';
import { type DecodedTransaction, decodeBlock } from 'yuanliu-verifier';

export { admission, found, newCode };

/** Has the data-authority adopt a rulebook, unless it did before. */
async function adoptRulebook(ledger: Ledger, identity: Identity): Promise<void> {
  const args = ['city', JSON.stringify(demoRulebook)];
  await ledger.submit({ identity, transaction: 'rulebook:adopt', args }).catch((error: unknown) => {
    if (!(error instanceof ContractError && error.code === 'EXISTS')) throw error;
  });
}

/** What an adapter brings to the suite: a ledger on which the yuanliu contract runs, and people to speak to it. */
export interface Subject {
  readonly ledger: Ledger;
  /** Enrolled by AuthorityMSP for {@link AUTHORITY}: the founding data-authority. */
  readonly authority: Identity;
  /** Enrolled by DeveloperMSP for an organisation that was never admitted. */
  readonly outsider: Identity;
  /** Says it is of AuthorityMSP, but another CA issued its certificate. */
  readonly impostor: Identity;
  /** Ends this connection and makes another to the same ledger. */
  reopen(): Promise<Ledger>;
  /** Lets go of everything. */
  close(): Promise<void>;
}

/** The organisation that founds the channel, in tests and in the demonstration. */
export const AUTHORITY = cast.authority.code;

/** How long a wait on a promise of the ledger may take before the test fails. */
const PATIENCE_MS = 20_000;

/** The suite that every adapter runs whole: one test for each promise of the port. */
export function conformance(name: string, open: () => Promise<Subject>): void {
  describe(`${name} keeps the ledger port's promises`, () => {
    let subject: Subject;
    let ledger: Ledger;

    beforeAll(async () => {
      subject = await open();
      ledger = subject.ledger;
      await found(ledger, subject.authority);
    });
    afterAll(() => subject.close());

    const admit = (id = newCode(), name = '测试单位', identity = subject.authority) =>
      ledger.submit({ identity, ...admission(id, name) });
    const read = (id: string) =>
      ledger.evaluate({ identity: subject.authority, transaction: 'organization:get', args: [id] });

    /** Admission of an organisation, as an act of a batch. */
    const admitted = (id: string) => {
      const { transaction: act, args } = admission(id, '成批接入');
      return { act, id, input: JSON.parse(args[1] ?? '') as unknown };
    };
    const perform = (acts: readonly object[], atomic = false) => {
      const args = [JSON.stringify({ acts, atomic })];
      return ledger.submit({ identity: subject.authority, transaction: BATCH_PERFORM, args });
    };

    test('resolves a submit with what the contract returned and a receipt that its block bears out', async () => {
      const id = newCode();
      const { result, receipt } = await admit(id, '上海市大数据中心');
      expect(JSON.parse(result)).toEqual({ ref: `organization/${id}`, version: 1, state: 'admitted', also: [] });
      expect(receipt).toEqual({
        txId: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        blockNumber: expect.any(Number) as number,
        ledgerTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/) as string,
        channel: ledger.channel,
        chaincode: ledger.chaincode,
        validationCode: 'VALID',
      });
      const found = await transactionOf(ledger, receipt);
      expect(found).toMatchObject({ validationCode: 'VALID', channel: ledger.channel });
      expect(Date.parse(found.timestamp)).toBe(Date.parse(receipt.ledgerTime));
      expect(found.chaincode.name).toBe(ledger.chaincode);
      expect(found.args.map(String)).toEqual(['organization:admit', ...admission(id, '上海市大数据中心').args]);
      expect(found.response.payload.toString()).toBe(result);
    });

    test('has a submitted record visible to the evaluate that follows', async () => {
      const id = newCode();
      await admit(id, '可读单位');
      expect(JSON.parse(await read(id))).toMatchObject({ id, body: { name: '可读单位' } });
    });

    test('runs an evaluate without changing anything', async () => {
      const id = newCode();
      const height = await ledger.height();
      const { transaction, args } = admission(id, '试算');
      const result = await ledger.evaluate({ identity: subject.authority, transaction, args });
      expect(JSON.parse(result)).toMatchObject({ ref: `organization/${id}` });
      const whole = { transaction: 'organization:dry-run', args: [transaction.split(':')[1] ?? '', ...args] };
      const rehearsed = await ledger.evaluate({ identity: subject.authority, ...whole });
      expect(JSON.parse(rehearsed)).toMatchObject({ record: { id, body: { name: '试算' } } });
      await ledger.submit({ identity: subject.authority, ...whole }); // by whoever submits it, it writes nothing either
      await expectRefusal(read(id), 'NOT_FOUND');
      expect(await ledger.height()).toBe(height + 1);
    });

    test("passes on the contract's refusal, code and details, and orders nothing", async () => {
      const height = await ledger.height();
      const refused = await expectRefusal(admit(newCode(), '无权', subject.outsider), 'FORBIDDEN');
      expect(refused.rule).toBe('acts-for-itself');
      expect(refused.details.remedy).toBeTruthy();
      await expectRefusal(admit('not a code', '形式不对'), 'INPUT_INVALID');
      expect(await ledger.height()).toBe(height);
    });

    test('shows the endorsed answer before it is ordered, and orders nothing where the caller throws', async () => {
      const height = await ledger.height();
      const call = { identity: subject.authority, ...admission(newCode(), '试算') };
      const seen: string[] = [];
      const mind = new Error('changed its mind');
      const endorsed = (result: string): void => {
        seen.push(result);
        throw mind;
      };
      expect(await rejection(ledger.submit({ ...call, endorsed }))).toBe(mind);
      expect(await ledger.height()).toBe(height);
      const { result } = await ledger.submit({ ...call, endorsed: (one) => seen.push(one) });
      expect(seen).toEqual([result, result]);
    });

    test('tells a failure of the contract from a refusal', async () => {
      const call = { identity: subject.authority, transaction: 'organization:nothing-of-the-kind', args: [] };
      await expectFailure(ledger.submit(call), 'CONTRACT_FAILURE');
      await expectFailure(ledger.evaluate(call), 'CONTRACT_FAILURE');
    });

    test('turns away an identity that no member of the channel certified', async () => {
      await expectFailure(admit(newCode(), '冒名', subject.impostor), 'ACCESS_DENIED');
      const call = { identity: subject.impostor, transaction: 'organization:get', args: [AUTHORITY] };
      await expectFailure(ledger.evaluate(call), 'ACCESS_DENIED');
    });

    test('turns away a signature made with another key than the certificate names', async () => {
      const forged: Identity = {
        mspId: subject.authority.mspId,
        certificate: subject.authority.certificate,
        sign: (message) => subject.outsider.sign(message),
      };
      await expectFailure(admit(newCode(), '冒签', forged), 'ACCESS_DENIED');
    });

    test('lets exactly one of several different claims to an id win', async () => {
      const id = newCode();
      const claims = await Promise.allSettled(['甲', '乙', '丙', '丁', '戊'].map((claim) => admit(id, claim)));
      const won = claims.filter((claim) => claim.status === 'fulfilled');
      expect(won).toHaveLength(1);
      for (const claim of claims) if (claim.status === 'rejected') expectLostRace(claim.reason);
      const { receipt } = won[0]?.value ?? {};
      expect(JSON.parse(await read(id))).toMatchObject({ act: { txId: receipt?.txId } });
    });

    test('holds many acts as one transaction: its answer, writes and event say what became of each', async () => {
      const [first, second] = [newCode(), newCode()];
      const { result, receipt } = await perform([
        admitted(first),
        admitted('no code'),
        admitted(second),
        admitted(first),
      ]);
      const state = 'admitted';
      expect(JSON.parse(result)).toMatchObject([
        { ref: `organization/${first}`, version: 1, state },
        { code: 'INPUT_INVALID' },
        { ref: `organization/${second}`, version: 1, state },
        { code: 'EXISTS' },
      ] satisfies Partial<BatchAnswer>[]);
      const found = await transactionOf(ledger, receipt);
      expect([String(found.args[0]), found.response.payload.toString()]).toEqual([BATCH_PERFORM, result]);
      expect(found.event?.name).toBe(BATCH_EVENT);
      const { changed } = JSON.parse(found.event?.payload.toString() ?? '') as BatchEvent;
      const refs = [first, second].map((id) => `organization/${id}`);
      expect(changed).toEqual(refs.map((ref) => ({ ref: `${ref}@1`, act: 'admit', state })));
      const written = found.writesIn(ledger.chaincode).map(({ key }) => key);
      expect(refs.filter((ref) => !written.includes(ref))).toEqual([]);
      const { txId } = receipt;
      expect(JSON.parse(await read(first))).toMatchObject({ act: { txId, seq: 0 } });
      expect(JSON.parse(await read(second))).toMatchObject({ act: { txId, seq: 2 } });
    });

    test('orders nothing of an atomic batch that has a refused act', async () => {
      const id = newCode();
      const height = await ledger.height();
      const { details } = await expectRefusal(perform([admitted(id), admitted(id)], true), 'EXISTS');
      expect(details.seq).toBe(1);
      await expectRefusal(read(id), 'NOT_FOUND');
      expect(await ledger.height()).toBe(height);
    });

    test('holds every one of many concurrent submits in exactly one block', async () => {
      const before = await ledger.height();
      const submitted = await Promise.all(Array.from({ length: 60 }, () => admit()));
      const seen = (await blocksBetween(ledger, before, await ledger.height())).flatMap(({ number, bytes }) =>
        decodeBlock(bytes).transactions.map(({ txId, validationCode }) => ({ number, txId, validationCode })),
      );
      for (const { receipt } of submitted) {
        const { txId, blockNumber: number } = receipt;
        expect(seen.filter((one) => one.txId === txId)).toEqual([{ number, txId, validationCode: 'VALID' }]);
      }
    });

    test('gets through with retries where others change the same record', async () => {
      await adoptRulebook(ledger, subject.authority); // a suspension is judged by it
      const id = newCode();
      await admit(id, '被认定者');
      const turns = ['suspend', 'reinstate'] as const;
      const call = (transaction: string) => ({
        identity: subject.authority,
        transaction: `organization:${transaction}`,
        args: [id, JSON.stringify({ reason: '轮换' })],
      });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 4 }, (_, turn) => submitWithRetry(ledger, call(turns[turn % 2] ?? 'suspend'))),
      );
      expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
      for (const outcome of outcomes) if (outcome.status === 'rejected') expectLostRace(outcome.reason);
    });

    test('yields every block from any number on, in order, without gap, linked by hash, and never another', async () => {
      await admit();
      const height = await ledger.height();
      const blocks = await blocksBetween(ledger, 0, height);
      expect(blocks.map(({ number }) => number)).toEqual(Array.from({ length: height }, (_, number) => number));
      const decoded = blocks.map(({ bytes }) => decodeBlock(bytes));
      decoded.forEach((block, place) => {
        expect(block.number).toBe(place);
        if (place > 0) expect(block.previousHash.equals(decoded[place - 1]?.headerHash ?? Buffer.alloc(0))).toBe(true);
      });
      const middle = Math.floor(height / 2);
      const again = await blocksBetween(ledger, middle, height);
      expect(again.map(markOf)).toEqual(blocks.slice(middle).map(markOf));
    });

    test('goes on to yield each new block as it commits', async () => {
      const from = await ledger.height();
      const following = collect(ledger, from, (blocks) => transactions(blocks).length >= 3);
      const receipts = [];
      for (let count = 0; count < 3; count++) receipts.push((await admit()).receipt);
      const blocks = await within(following);
      expect(transactions(blocks)).toEqual(receipts.map(({ txId }) => txId));
    });

    test('ends the iteration without an error when the signal aborts, waiting or not', async () => {
      const waiting = new AbortController();
      const ended = drain(ledger.blocks(await ledger.height(), waiting.signal));
      waiting.abort();
      expect(await within(ended)).toBe(0);
      expect(await within(drain(ledger.blocks(0, AbortSignal.abort())))).toBe(0);
    });

    test('lets several readers follow at once, each at its own pace', async () => {
      const height = await ledger.height();
      const readers = await within(
        Promise.all([0, 1, Math.max(0, height - 2)].map((from) => blocksBetween(ledger, from, height))),
      );
      readers.forEach((blocks) => {
        expect(blocks.at(-1)?.number).toBe(height - 1);
      });
    });

    test('keeps what it acknowledged when the connection is closed and made again', async () => {
      const id = newCode();
      const { receipt } = await admit(id, '仍在');
      const blocks = await blocksBetween(ledger, 0, await ledger.height());
      ledger = await subject.reopen();
      expect(JSON.parse(await read(id))).toMatchObject({ body: { name: '仍在' } });
      expect((await transactionOf(ledger, receipt)).validationCode).toBe('VALID');
      expect((await blocksBetween(ledger, 0, blocks.length)).map(markOf)).toEqual(blocks.map(markOf));
    });

    test('finishes what is in flight when it closes, then refuses with CLOSED and ends every iteration', async () => {
      const following = drain(ledger.blocks(await ledger.height()));
      const inFlight = [admit(), admit(), admit()];
      await within(ledger.close());
      await ledger.close();
      const receipts = (await Promise.all(inFlight)).map(({ receipt }) => receipt);
      await within(following);
      await expectFailure(admit(), 'CLOSED');
      await expectFailure(read(AUTHORITY), 'CLOSED');
      ledger = await subject.reopen();
      for (const receipt of receipts) expect((await transactionOf(ledger, receipt)).txId).toBe(receipt.txId);
    });
  });
}

async function transactionOf(ledger: Ledger, { blockNumber, txId }: Receipt): Promise<DecodedTransaction> {
  const [block] = await blocksBetween(ledger, blockNumber, blockNumber + 1);
  const found = block && decodeBlock(block.bytes).transactions.find((transaction) => transaction.txId === txId);
  if (!found) throw new Error(`block ${blockNumber} does not hold ${txId}`);
  return found;
}

/** Blocks `from` to `to` − 1, which are committed already. */
export async function blocksBetween(ledger: Ledger, from: number, to: number): Promise<LedgerBlock[]> {
  return from >= to ? [] : within(collect(ledger, from, (blocks) => blocks.length === to - from));
}

async function collect(
  ledger: Ledger,
  from: number,
  enough: (blocks: readonly LedgerBlock[]) => boolean,
): Promise<LedgerBlock[]> {
  const blocks: LedgerBlock[] = [];
  for await (const block of ledger.blocks(from)) {
    blocks.push(block);
    if (enough(blocks)) break;
  }
  return blocks;
}

async function drain(blocks: AsyncIterable<LedgerBlock>): Promise<number> {
  let count = 0;
  for await (const block of blocks) count += block.bytes.length > 0 ? 1 : 0;
  return count;
}

function transactions(blocks: readonly LedgerBlock[]): string[] {
  return blocks.flatMap(({ bytes }) => decodeBlock(bytes).transactions.map(({ txId }) => txId));
}

/** What tells a block from any other on every peer: all of it but the orderers' signatures, of which each may hold others. */
function markOf({ bytes }: LedgerBlock): string {
  const { headerHash, transactionFilter } = decodeBlock(bytes);
  return `${headerHash.toString('hex')} ${Buffer.from(transactionFilter).toString('hex')}`;
}

async function within<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`nothing came within ${PATIENCE_MS} ms`));
    }, PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function expectRefusal(promise: Promise<unknown>, code: ContractErrorCode): Promise<ContractError> {
  const error = await rejection(promise);
  expect(error).toBeInstanceOf(ContractError);
  expect((error as ContractError).code).toBe(code);
  return error as ContractError;
}

export async function expectFailure(promise: Promise<unknown>, code: LedgerError['code']): Promise<LedgerError> {
  const error = await rejection(promise);
  expect(error).toBeInstanceOf(LedgerError);
  expect((error as LedgerError).code).toBe(code);
  return error as LedgerError;
}

/** What comes of losing to another: endorsed on the same state, or seeing the winner's. */
function expectLostRace(error: unknown): void {
  if (error instanceof ContractError) expect(['EXISTS', 'WRONG_STATE']).toContain(error.code);
  else expect(error).toMatchObject({ name: 'LedgerError', code: 'MVCC_READ_CONFLICT' });
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it was let through');
}
