// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueRoot } from 'yuanliu-gateway/identity/certificate';
import { KEY_VARIABLE, openSeal } from 'yuanliu-gateway/identity/seal';
import type { Credentials } from 'yuanliu-gateway/identity/signing-identity';
import { IdentityStore } from 'yuanliu-gateway/identity/store';
import { openWallet } from 'yuanliu-gateway/identity/wallet';

const LABEL = 'AgencyMSP/张三';

describe('the identity store', () => {
  let directory: string;
  let store: IdentityStore;
  let entry: Credentials;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'yuanliu-store-'));
    const from = new Date('2026-01-01T00:00:00Z');
    entry = await issueRoot({ mspId: 'AgencyMSP', commonName: '张三', organization: '某机构', from });
    store = await IdentityStore.open(directory);
    await store.put(new Map([[LABEL, entry]]));
  });
  afterEach(async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });

  test('keeps identities over a restart, and forgets them when told', async () => {
    await store.close();
    store = await IdentityStore.open(directory);
    expect(await store.labels()).toEqual([LABEL]);
    expect(await store.get(LABEL)).toEqual(entry);
    await store.remove(LABEL);
    expect(await store.get(LABEL)).toBeUndefined();
  });

  test('leaves no key legible on disk, and its own key to the owner alone', async () => {
    await store.close();
    const files = (await readdir(directory, { recursive: true, withFileTypes: true })).filter((file) => file.isFile());
    for (const { parentPath, name } of files) {
      expect((await readFile(join(parentPath, name))).includes('BEGIN')).toBe(false);
    }
    expect((await stat(join(directory, 'store.key'))).mode & 0o777).toBe(0o600);
    store = await IdentityStore.open(directory);
  });

  test('opens with the key in the environment, and with no other', async () => {
    const fromEnvironment = (key: string) => openSeal(join(directory, 'unused.key'), { [KEY_VARIABLE]: key });
    const sealed = (await fromEnvironment('ab'.repeat(32))).close(LABEL, '密');
    expect((await fromEnvironment('ab'.repeat(32))).open(LABEL, sealed)).toBe('密');
    expect(await readdir(directory)).not.toContain('unused.key');
    const other = await fromEnvironment('cd'.repeat(32));
    expect(() => other.open(LABEL, sealed)).toThrow(KEY_VARIABLE);
    await expect(fromEnvironment('short')).rejects.toThrow('openssl rand -hex 32');
  });

  test('does not open an entry that was moved to another label or changed', async () => {
    const seal = await openSeal(join(directory, 'store.key'), {});
    const sealed = seal.close(LABEL, '密');
    expect(() => seal.open('AgencyMSP/李四', sealed)).toThrow('does not open');
    sealed[sealed.length - 1] = (sealed[sealed.length - 1] ?? 0) ^ 1;
    expect(() => seal.open(LABEL, sealed)).toThrow('does not open');
  });

  test('serves fabric-network’s Wallet, both ways', async () => {
    const wallet = openWallet(store);
    expect(await wallet.list()).toEqual([LABEL]);
    expect(await wallet.get(LABEL)).toMatchObject({
      type: 'X.509',
      mspId: 'AgencyMSP',
      credentials: { certificate: entry.certificate, privateKey: entry.privateKey },
    });
    const { certificate, privateKey } = entry;
    const identity = { type: 'X.509', mspId: 'AgencyMSP', credentials: { certificate, privateKey } };
    await wallet.put('AgencyMSP/李四', identity);
    expect(await store.get('AgencyMSP/李四')).toEqual(entry);
  });
});
