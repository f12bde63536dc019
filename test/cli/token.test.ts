// SPDX-License-Identifier: Apache-2.0
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cast } from 'yuanliu-demo/cast';

const CLI = join(__dirname, '..', '..', 'cli', 'dist', 'yuanliu.js');
const { code } = cast.authority;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'yuanliu-token-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function yuanliu(args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CLI, ...args], { env: { ...process.env, ...environment } }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

const PROVIDER = {
  NODE_ENV: 'production',
  YUANLIU_AUTH: 'oidc',
  YUANLIU_OIDC_ISSUER: 'https://id.example',
  YUANLIU_OIDC_JWKS_URL: 'https://id.example/keys',
};

test('a gateway with an OpenID provider gives no token, also to a command that does not know its settings (fault E17) (fault E18)', async () => {
  const serving = ['serve', '--data', directory, '--port', '0', '--admin-port', '0', '--found', code];
  const gateway = spawn(process.execPath, [CLI, ...serving], { env: { ...process.env, ...PROVIDER } });
  const ended = new Promise((resolve) => gateway.once('close', resolve));
  let out = '';
  await new Promise<void>((resolve, reject) => {
    gateway.stdout.on('data', (text: Buffer) => {
      out += text.toString();
      if (/may found this ledger/.test(out)) resolve();
    });
    gateway.once('close', () => {
      reject(new Error(`it ended: ${out}`));
    });
  });
  expect(out).toMatch(/^! 内嵌账本，仅供体验，不具证据效力$/m);
  expect(out).toMatch(/its token comes from the OpenID provider/);
  expect(out).not.toMatch(/eyJ/);
  for (const environment of [{}, PROVIDER]) {
    const asked = await yuanliu(['token', code, '甲', '--data', directory], environment);
    expect(asked).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/takes tokens of its OpenID provider/),
    });
  }
  gateway.kill('SIGTERM');
  await ended;
  expect((await yuanliu(['token', code, '甲', '--data', directory])).code).toBe(1); // nor once it has stopped
  expect(existsSync(join(directory, 'issuer.pem'))).toBe(false);
}, 60_000);

test('a token is given where a gateway takes it, and only for a credit code (fault E17)', async () => {
  const asked = await yuanliu(['token', code, '甲', '--data', directory]);
  expect(asked).toMatchObject({ code: 1, out: '', err: expect.stringContaining('run `yuanliu serve` first') });
  for (const wrong of [
    ['token', 'xyz', '甲'],
    ['serve', '--port', '0', '--admin-port', '0', '--found', 'xyz'],
  ]) {
    const outcome = await yuanliu([...wrong, '--data', directory]);
    expect(outcome).toMatchObject({ code: 2, out: '', err: expect.stringContaining('xyz is no credit code') });
  }
  expect(await readdir(directory)).toEqual([]);
}, 30_000);
