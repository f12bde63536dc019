// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silent } from 'yuanliu-network/progress';
import { toolchainFor } from 'yuanliu-network/toolchain/toolchain';

const PROGRAMS = [
  'peer',
  'orderer',
  'osnadmin',
  'configtxgen',
  'configtxlator',
  'fabric-ca-server',
  'fabric-ca-client',
];
const before = { ...process.env };
let release: string;

beforeEach(() => {
  release = mkdtempSync(join(tmpdir(), 'yuanliu-release-'));
  process.env['FABRIC_BIN'] = release;
});

afterEach(() => {
  process.env = { ...before };
  rmSync(release, { recursive: true });
});

/** A folder of programs that only know their version. */
function unpack(versions: Readonly<Record<string, string>>): void {
  for (const name of PROGRAMS) {
    const fallback = name.startsWith('fabric-ca') ? 'v1.5.15' : 'v3.1.4';
    writeFileSync(join(release, name), `#!/bin/sh\necho " Version: ${versions[name] ?? fallback}"\n`);
    chmodSync(join(release, name), 0o755);
  }
}

test('takes an official release of any patch', async () => {
  unpack({});
  expect(await toolchainFor('3.1', silent)).toMatchObject({ version: '3.1.4', peer: join(release, 'peer') });
});

test('names what a release folder lacks', async () => {
  await expect(toolchainFor('3.1', silent)).rejects.toThrow(/lacks peer, orderer.*fabric-ca-client/);
});

test('refuses another line than the topology says', async () => {
  unpack({ peer: 'v2.5.12', orderer: 'v2.5.12', configtxgen: 'v2.5.12' });
  await expect(toolchainFor('3.1', silent)).rejects.toThrow(/holds Fabric 2\.5\.12, but the topology says 3\.1/);
  expect(await toolchainFor('2.5', silent)).toMatchObject({ version: '2.5.12' });
});

test('refuses a mixture of releases', async () => {
  unpack({ orderer: 'v3.1.1' });
  await expect(toolchainFor('3.1', silent)).rejects.toThrow(/mixes releases: peer 3\.1\.4, orderer 3\.1\.1/);
});

test('says that programs of another architecture do not run here', async () => {
  unpack({});
  writeFileSync(join(release, 'peer'), Buffer.from('\x7fELF of another machine'));
  await expect(toolchainFor('3.1', silent)).rejects.toThrow(
    /does not tell its version on this machine \([^]*architecture/,
  );
});

test('names both ways to the programs when there is neither', () => {
  const script = "console.log(require('yuanliu-network/toolchain/toolchain').missingToolchain())";
  const said = execFileSync(process.execPath, ['-e', script], { cwd: __dirname, env: { PATH: release } }).toString();
  expect(said).toMatch(/set FABRIC_BIN.*no Go on this machine: install Go/);
});
