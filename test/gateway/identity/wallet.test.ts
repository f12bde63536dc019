// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Wallets, type Wallet } from 'fabric-network';
import { issueLeaf, issueRoot } from 'yuanliu-gateway/identity/certificate';
import { People } from 'yuanliu-gateway/identity/people';
import type { Credentials } from 'yuanliu-gateway/identity/signing-identity';
import { IdentityStore } from 'yuanliu-gateway/identity/store';
import { exportWallet, importWallet } from 'yuanliu-gateway/identity/wallet';
import { cast } from '../../builders';

const organization = cast.operator.code;
const NOW = new Date('2026-06-01T00:00:00Z');
const clock = (): Date => NOW;

describe('a wallet of fabric-network', () => {
  let directory: string;
  let root: Credentials;
  let store: IdentityStore;
  let wallet: Wallet;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'yuanliu-wallet-'));
    const from = new Date('2026-01-01T00:00:00Z');
    root = await issueRoot({ mspId: 'OperatorMSP', commonName: 'CA', organization: 'CA', from });
    store = await IdentityStore.open(join(directory, 'identities'));
    wallet = await Wallets.newFileSystemWallet(join(directory, 'wallet'));
  });
  afterEach(async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });

  const certified = (
    commonName: string,
    from = '2026-01-01',
    attributes: Record<string, string> = { 'yuanliu.org': organization },
  ) => issueLeaf(root, { commonName, ou: 'client', attributes, from: new Date(`${from}T00:00:00Z`) });
  const put = async (label: string, { mspId, certificate, privateKey }: Credentials): Promise<void> =>
    wallet.put(label, { type: 'X.509', mspId, credentials: { certificate, privateKey } } as never);
  const moved = async () => importWallet(store, join(directory, 'wallet'), clock);

  /** People of a gateway whose authority issues nothing: who signs, signs with what was imported. */
  const people = (): Promise<People> =>
    People.open({
      store,
      clock,
      authority: {
        mspIds: ['OperatorMSP'],
        register: () => Promise.reject(new Error('asked to register')),
        certify: () => Promise.reject(new Error('asked to certify')),
        revoke: () => Promise.resolve(),
      },
    });

  test('gives its people to a gateway, which signs with their keys; a repeat changes nothing', async () => {
    const zhang = await certified(`张三@${organization}`);
    await put('zhang', zhang);
    expect(await moved()).toEqual([
      { label: 'zhang', outcome: 'imported', person: { mspId: 'OperatorMSP', organization, user: '张三' } },
    ]);
    expect(await moved()).toMatchObject([{ outcome: 'unchanged' }]);
    const person = { mspId: 'OperatorMSP', organization, user: '张三' };
    expect((await (await people()).enrol(person)).certificate).toBe(zhang.certificate);
  });

  test('keeps out what a gateway could not sign with, each with its reason, and imports the rest', async () => {
    const [good, other, old] = [
      await certified('李四'),
      await certified('王五'),
      await certified('赵六', '2015-01-01'),
    ];
    await put('good', good);
    await put('swapped', { ...good, privateKey: other.privateKey });
    await put('expired', old);
    await put('nobody', await certified('孙七', '2026-01-01', {}));
    await writeFile(join(directory, 'wallet', 'broken.id'), '{');
    await writeFile(
      join(directory, 'wallet', 'hsm.id'),
      JSON.stringify({ type: 'HSM-X.509', mspId: 'M', credentials: { certificate: '' }, version: 1 }),
    );
    const items = await moved();
    const reasons = Object.fromEntries(
      items.map(({ label, outcome, reason = '' }) => [label, `${outcome} ${reason}`.trim()]),
    );
    expect(reasons).toEqual({
      good: 'imported',
      swapped: expect.stringContaining('do not belong together'),
      expired: expect.stringContaining('expired at'),
      nobody: expect.stringContaining('names no organisation in the attribute yuanliu.org'),
      broken: expect.stringMatching(/^rejected ./),
      hsm: expect.stringMatching(/^rejected ./),
    });
  });

  test('brings back nobody who was revoked, and no certificate that ends before the one kept', async () => {
    const person = { mspId: 'OperatorMSP', organization, user: '李四' };
    await put('new', await certified('李四', '2026-02-01'));
    await moved();
    await rm(join(directory, 'wallet', 'new.id'));
    await put('old', await certified('李四', '2026-01-01'));
    expect(await moved()).toMatchObject([{ outcome: 'rejected', reason: expect.stringContaining('good for longer') }]);
    await (await people()).revoke(person, 'keycompromise');
    await put('newest', await certified('李四', '2026-03-01'));
    expect(await moved()).toMatchObject([
      { label: 'newest', outcome: 'rejected', reason: expect.stringContaining('revoked') },
      { label: 'old', outcome: 'rejected' },
    ]);
  });

  test('takes people of a gateway, for that package to read, and replaces nothing', async () => {
    const zhang = await certified('张三');
    await put('zhang', zhang);
    await moved();
    const target = join(directory, 'exported');
    const exported = await exportWallet(store, target, { organization });
    const label = `张三@${organization}`;
    expect(exported).toMatchObject([{ label, outcome: 'exported' }]);
    const read = await (await Wallets.newFileSystemWallet(target)).get(label);
    expect(read).toMatchObject({ mspId: 'OperatorMSP', credentials: { privateKey: zhang.privateKey } });
    expect((await stat(target)).mode & 0o777).toBe(0o700);

    expect(await exportWallet(store, target)).toMatchObject([{ outcome: 'unchanged' }]);
    await (
      await Wallets.newFileSystemWallet(target)
    ).put(label, {
      type: 'X.509',
      mspId: 'OperatorMSP',
      credentials: { ...zhang, certificate: (await certified('张三')).certificate },
    } as never);
    expect(await exportWallet(store, target)).toMatchObject([{ outcome: 'rejected' }]);
    expect(await exportWallet(store, target, { user: '李四' })).toEqual([]);
    expect(await readdir(target)).toEqual([`${label}.id`]);
  });
});
