// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  copyFile,
  cp,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import { issueRoot } from 'yuanliu-gateway/identity/certificate';
import { sealOf } from 'yuanliu-gateway/storage/seal';
import type { Credentials } from 'yuanliu-gateway/identity/signing-identity';
import { IdentityStore } from 'yuanliu-gateway/identity/store';
import { KEY_VARIABLE, NEW_KEY_VARIABLE } from 'yuanliu-gateway/storage/store-key';

const LABEL = 'AgencyMSP/张三';

/** Rotates for ever, and says when it begins. */
const ROTATING = `
  const { IdentityStore } = require(${JSON.stringify(require.resolve('yuanliu-gateway/identity/store'))});
  IdentityStore.open(process.argv[1]).then(async (store) => {
    console.log('open');
    for (;;) await store.rotateKey();
  });`;

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

  test('is for its owner alone, also in a folder that was open to others', async () => {
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    await store.close();
    await chmod(directory, 0o755);
    store = await IdentityStore.open(directory);
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
  });

  test('opens with the key in the environment, and says at once that another is wrong', async () => {
    const other = await mkdtemp(join(tmpdir(), 'yuanliu-store-'));
    const open = (key: string) => IdentityStore.open(other, { [KEY_VARIABLE]: key });
    const first = await open('ab'.repeat(32));
    await first.put(new Map([[LABEL, entry]]));
    await first.close();
    expect((await readdir(other)).sort()).toEqual(['entries', 'entries.mark']);
    await expect(open('cd'.repeat(32))).rejects.toThrow(`${KEY_VARIABLE} is not the key`);
    await expect(open('short')).rejects.toThrow('openssl rand -hex 32');
    const again = await open('ab'.repeat(32));
    expect(await again.get(LABEL)).toEqual(entry);
    await again.close();
    await rm(other, { recursive: true });
  });

  test('is refused when it lost what was written last, or holds what was not written', async () => {
    await store.remove(LABEL);
    await store.close();
    const entries = join(directory, 'entries');
    const whole = await mkdtemp(join(tmpdir(), 'yuanliu-store-'));
    await cp(directory, whole, { recursive: true });
    const log = join(entries, (await readdir(entries)).find((name) => name.endsWith('.log')) ?? '');
    await truncate(log, (await stat(log)).size - 1); // LevelDB takes it for a write that was never acknowledged
    await expect(IdentityStore.open(directory)).rejects.toThrow(/are damaged: .* restore/);

    await cp(whole, directory, { recursive: true });
    const database = new ClassicLevel(join(directory, 'entries'));
    await database.put('AgencyMSP/李四', 'made up');
    await database.close();
    await expect(IdentityStore.open(directory)).rejects.toThrow(/are damaged: what they hold is not what was written/);

    await rm(directory, { recursive: true });
    await rename(whole, directory);
    store = await IdentityStore.open(directory);
    expect(await store.labels()).toEqual([]);
  });

  test('keeps what is written at the same time, and opens without its mark, as a restored one does', async () => {
    const labels = Array.from({ length: 20 }, (_, n) => `AgencyMSP/users/岗位/${n}`);
    await Promise.all(labels.map((label) => store.put(new Map([[label, entry]]))));
    await store.close();
    await rm(join(directory, 'entries.mark'));
    store = await IdentityStore.open(directory);
    expect(await store.labels()).toEqual([LABEL, ...labels].sort());
    expect((await stat(join(directory, 'entries.mark'))).mode & 0o777).toBe(0o600);
  });

  test('says at once that a key file is another store’s', async () => {
    await store.close();
    await copyFile(join(directory, 'store.key'), join(directory, 'kept'));
    await writeFile(join(directory, 'store.key'), 'ef'.repeat(32));
    await expect(IdentityStore.open(directory)).rejects.toThrow(/store\.key is not the one .* backup/);
    await copyFile(join(directory, 'kept'), join(directory, 'store.key'));
    store = await IdentityStore.open(directory);
    expect(await store.get(LABEL)).toEqual(entry);
  });

  test('does not open an entry that was moved to another label or changed', () => {
    const seal = sealOf('ab'.repeat(32));
    const sealed = seal.close(LABEL, '密');
    expect(() => seal.open('AgencyMSP/李四', sealed)).toThrow('does not open');
    sealed[sealed.length - 1] = (sealed[sealed.length - 1] ?? 0) ^ 1;
    expect(() => seal.open(LABEL, sealed)).toThrow('does not open');
  });

  describe('goes over to a new key', () => {
    const onDisk = async (bytes: Buffer): Promise<boolean> => {
      const names = await readdir(join(directory, 'entries'));
      const files = await Promise.all(names.map((name) => readFile(join(directory, 'entries', name))));
      return files.some((file) => file.includes(bytes));
    };
    const keyFile = () => readFile(join(directory, 'store.key'), 'utf8');

    test('in its file, after which the old one opens nothing, and nothing sealed with it is left on disk', async () => {
      const old = await keyFile();
      await store.close();
      const database = new ClassicLevel<string, Buffer>(join(directory, 'entries'), { valueEncoding: 'buffer' });
      const sealed = (await database.get(LABEL)) ?? Buffer.from('missing');
      await database.close();
      expect(await onDisk(sealed)).toBe(true);
      store = await IdentityStore.open(directory);
      await store.rotateKey();
      expect(await onDisk(sealed)).toBe(false);
      expect(await keyFile()).not.toBe(old);
      expect(await store.get(LABEL)).toEqual(entry);
      await store.close();
      await expect(IdentityStore.open(directory, { [KEY_VARIABLE]: old })).rejects.toThrow('is not the key');
      store = await IdentityStore.open(directory);
      expect(await store.get(LABEL)).toEqual(entry);
      expect((await readdir(directory)).sort()).toEqual(['entries', 'entries.mark', 'store.key']);
    });

    test('in the environment, where a new one is given', async () => {
      const [old, next] = ['ab'.repeat(32), 'cd'.repeat(32)];
      const other = await mkdtemp(join(tmpdir(), 'yuanliu-store-'));
      const first = await IdentityStore.open(other, { [KEY_VARIABLE]: old });
      await first.put(new Map([[LABEL, entry]]));
      await expect(first.rotateKey()).rejects.toThrow(NEW_KEY_VARIABLE);
      await first.close();
      const second = await IdentityStore.open(other, { [KEY_VARIABLE]: old, [NEW_KEY_VARIABLE]: next });
      await second.rotateKey();
      await second.close();
      const third = await IdentityStore.open(other, { [KEY_VARIABLE]: next });
      expect(await third.get(LABEL)).toEqual(entry);
      await third.close();
      await rm(other, { recursive: true });
    });

    test('and opens wherever that was broken off', async () => {
      const [key, next] = [join(directory, 'store.key'), join(directory, 'store.key.new')];
      await store.close();
      await writeFile(next, 'cd'.repeat(32)); // nothing sealed with the new key yet
      store = await IdentityStore.open(directory);
      expect(await store.get(LABEL)).toEqual(entry);
      expect(await readdir(directory)).not.toContain('store.key.new');

      await copyFile(key, join(directory, 'old'));
      await store.rotateKey();
      await store.close();
      await copyFile(key, next); // everything sealed with it, and the old key still in its place
      await copyFile(join(directory, 'old'), key);
      store = await IdentityStore.open(directory);
      expect(await store.get(LABEL)).toEqual(entry);
      expect(await readdir(directory)).not.toContain('store.key.new');
    });

    test('and opens after a kill at any moment', async () => {
      const labels = Array.from({ length: 40 }, (_, n) => `AgencyMSP/users/岗位/${n}`);
      await store.put(new Map(labels.map((label) => [label, entry])));
      for (let kill = 0; kill < 8; kill++) {
        await store.close();
        const rotating = spawn(process.execPath, ['-e', ROTATING, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
        await once(rotating.stdout, 'data');
        for (let turn = 0; turn < kill * 4; turn++) await nextTurn();
        rotating.kill('SIGKILL');
        await once(rotating, 'close');
        store = await IdentityStore.open(directory);
        for (const label of labels) expect(await store.get(label)).toEqual(entry);
      }
    });
  });
});
