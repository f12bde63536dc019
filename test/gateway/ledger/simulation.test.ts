// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedLedger, openEmbeddedLedger } from 'yuanliu-gateway/ledger/embedded/ledger';
import type { Identity } from 'yuanliu-gateway/ledger/port';
import { type DecodedTransaction, decodeBlock } from 'yuanliu-verifier';
import { blocksBetween, expectFailure, newCode } from './conformance';
import contract from './fixture/contract.js';

/** What a contract may see and do, shown on one that is smaller than ours. */
describe('a contract on the embedded ledger', () => {
  let directory: string;
  let ledger: EmbeddedLedger;
  let identity: Identity;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'yuanliu-simulation-'));
    ledger = await openEmbeddedLedger({ directory, chaincode: contract });
    identity = await ledger.pki.enrol({ mspId: 'AgencyMSP', user: '测试员', organization: newCode() });
  });
  afterAll(async () => {
    await ledger.close();
    await rm(directory, { recursive: true, force: true });
  });

  const call = (act: string, id: string, input = '') => ({ identity, transaction: `note:${act}`, args: [id, input] });
  const submit = (act: string, id: string, input?: string) => ledger.submit(call(act, id, input));
  const get = async (id: string) => JSON.parse(await ledger.evaluate(call('get', id))) as string;
  const last = async (): Promise<DecodedTransaction> => {
    const height = await ledger.height();
    const [block] = await blocksBetween(ledger, height - 1, height);
    const [transaction] = decodeBlock(block?.bytes ?? Buffer.alloc(0)).transactions;
    if (!transaction) throw new Error('the last block is empty');
    return transaction;
  };

  test('reads committed state only, not what it has just written itself', async () => {
    const { result } = await submit('twice', 'A', '一');
    expect(JSON.parse(result)).toEqual({ id: 'A', before: '', after: '' });
    expect(await get('A')).toBe('一');
  });

  test('notes each key once, with the version it read, in the order of UTF-8 and not of JavaScript', async () => {
    const ids = ['\u{1f600}', '\ufb00', 'z', 'a'];
    await submit('each', ids.join(' '), '值');
    const [set] = (await last()).readWriteSets;
    const sorted = ['a', 'z', '\ufb00', '\u{1f600}'].map((id) => `note/${id}`);
    expect(set?.reads.map(({ key }) => key)).toEqual(sorted);
    expect(set?.writes.map(({ key }) => key)).toEqual(sorted);
    expect(set?.reads.every(({ version }) => version === undefined)).toBe(true);
    const { receipt } = await submit('append', 'a', '!');
    await submit('append', 'a', '!');
    const version = { block: receipt.blockNumber, transaction: 0 };
    expect((await last()).readWriteSets[0]?.reads).toEqual([{ key: 'note/a', version }]);
  });

  test('deletes a key by removing it and by writing nothing to it', async () => {
    for (const erase of ['remove', 'put']) {
      await submit('put', 'gone', '在');
      await submit(erase, 'gone', '');
      expect((await last()).readWriteSets[0]?.writes).toEqual([{ key: 'note/gone', value: undefined }]);
      expect(await get('gone')).toBe('');
    }
  });

  test('sees a key that was deleted and written again as what it now is', async () => {
    await submit('put', 'back', '一');
    await submit('remove', 'back');
    await submit('put', 'back', '二');
    expect(await get('back')).toBe('二');
  });

  test('has its event in the block', async () => {
    const { receipt } = await submit('put', 'E', '事件');
    expect((await last()).event).toEqual({
      name: 'note',
      payload: Buffer.from('E'),
      chaincode: 'yuanliu',
      txId: receipt.txId,
    });
  });

  test('passes empty and long arguments on as they are', async () => {
    const long = '长'.repeat(200_000);
    await submit('put', 'L', long);
    expect(await get('L')).toBe(long);
    expect((await last()).args.map(String)).toEqual(['note:put', 'L', long]);
  });

  test('is refused by name what no act uses, and keys that Fabric refuses', async () => {
    expect((await expectFailure(submit('range', 'A'), 'CONTRACT_FAILURE')).message).toContain('range queries');
    expect((await expectFailure(submit('history', 'A'), 'CONTRACT_FAILURE')).message).toContain('key history');
    expect((await expectFailure(submit('secret', 'A'), 'CONTRACT_FAILURE')).message).toContain('private data');
    for (const act of ['illFormed', 'nameless']) await expectFailure(submit(act, 'A'), 'CONTRACT_FAILURE');
  });

  test('fails without taking the ledger along', async () => {
    const failure = await expectFailure(submit('fail', '坏了'), 'CONTRACT_FAILURE');
    expect(failure.message).toContain('坏了');
    await submit('put', 'after', '好');
    expect(await get('after')).toBe('好');
  });
});
