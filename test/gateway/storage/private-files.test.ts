// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Gateway, readConfig, startGateway } from 'yuanliu-gateway';
import { readRunFile, writeRunFile } from 'yuanliu-cli/run-file';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yuanliu-private-'));
  await chmod(directory, 0o755); // as `mkdir` makes it
  await (await start()).close();
}, 60_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

function start(): Promise<Gateway> {
  const ports = { YUANLIU_PORT: '0', YUANLIU_ADMIN_PORT: '0' };
  return startGateway(readConfig({ YUANLIU_DATA: directory, YUANLIU_LOG_LEVEL: 'silent', ...ports }));
}

test('a data folder that was there is made its owner’s alone (fault C7)', async () => {
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
});

test.each(['admin.token', 'issuer.pem', join('identities', 'store.key')])(
  'a gateway does not start with %s that others may read, or that is a link (fault C7)',
  async (name) => {
    const file = join(directory, name);
    for (const mode of [0o666, 0o640, 0o604]) {
      await chmod(file, mode);
      await expect(start()).rejects.toThrow(
        `${file} is not taken: others may read or write it (mode ${mode.toString(8)})`,
      );
    }
    await chmod(file, 0o600);
    await rename(file, `${file}.elsewhere`);
    await symlink(`${file}.elsewhere`, file);
    await expect(start()).rejects.toThrow(/is not taken: it is a link/);
    await rm(file);
    await rename(`${file}.elsewhere`, file);
    await (await start()).close();
  },
  60_000,
);

test('run.json that others may read is not believed (fault C7)', async () => {
  const run = { gateway: 'http://127.0.0.1:1', admin: 'http://127.0.0.1:2', pid: 1, ledger: 'embedded' as const };
  await writeRunFile(directory, { ...run, accounts: [] });
  const file = join(directory, 'run.json');
  expect(await readRunFile(directory)).toMatchObject(run);
  const text = await readFile(file, 'utf8');
  await rm(file);
  await writeFile(file, text, { mode: 0o644 });
  await expect(readRunFile(directory)).rejects.toThrow(/run\.json is not taken: others may read or write it/);
});
