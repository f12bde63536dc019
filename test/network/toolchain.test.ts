// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silent } from 'yuanliu-network/progress';
import { buildGo, missingGo } from 'yuanliu-network/toolchain/go';
import { toolchainAtHand, toolchainFor } from 'yuanliu-network/toolchain/toolchain';

const PROGRAMS = [
  'peer',
  'orderer',
  'osnadmin',
  'configtxgen',
  'configtxlator',
  'fabric-ca-server',
  'fabric-ca-client',
];

/** The header of a 64-bit program for s390x, and nothing behind it. */
const ELF_OF_ANOTHER_MACHINE = Buffer.from('7f454c4602020100000000000000000000020016'.padEnd(128, '0'), 'hex');

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

/** A folder of programs that only know their version, or what they are for. */
function unpack(versions: Readonly<Record<string, string>>): void {
  for (const name of PROGRAMS) {
    const fallback = name.startsWith('fabric-ca') ? 'v1.5.15' : 'v3.1.4';
    const says = name === 'osnadmin' ? 'usage: osnadmin [<flags>]' : ` Version: ${versions[name] ?? fallback}`;
    writeFileSync(join(release, name), `#!/bin/sh\necho "${says}"\n`);
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
  const lts = ['peer', 'orderer', 'configtxgen', 'configtxlator'];
  unpack(Object.fromEntries(lts.map((name) => [name, 'v2.5.12'])));
  await expect(toolchainFor('3.1', silent)).rejects.toThrow(/holds Fabric 2\.5\.12, but the topology says 3\.1/);
  expect(await toolchainFor('2.5', silent)).toMatchObject({ version: '2.5.12' });
});

test('refuses a mixture of releases', async () => {
  unpack({ orderer: 'v3.1.1' });
  await expect(toolchainFor('3.1', silent)).rejects.toThrow(/mixes releases: peer 3\.1\.4, orderer 3\.1\.1/);
});

test('refuses another release of Fabric CA', async () => {
  unpack({ 'fabric-ca-client': 'v1.4.9' });
  await expect(toolchainFor('3.1', silent)).rejects.toThrow(/holds Fabric CA 1\.4\.9: put a 1\.5 release there/);
});

describe.each(PROGRAMS)('says that %s does not run here', (name) => {
  test.each([
    ['of another architecture', ELF_OF_ANOTHER_MACHINE, 0o755],
    ['that is no program', 'version https://git-lfs.github.com/spec/v1\n', 0o755],
    ['that nobody may run', '#!/bin/sh\n', 0o644],
  ])('where it is one %s', async (_, content, mode) => {
    unpack({});
    writeFileSync(join(release, name), content);
    chmodSync(join(release, name), mode);
    const said = new RegExp(`${name} does not run on this machine \\([^]*architecture`);
    await expect(toolchainFor('3.1', silent)).rejects.toThrow(said);
  });
});

test('names both ways to the programs when there is neither', () => {
  const script = "console.log(require('yuanliu-network/toolchain/toolchain').missingToolchain())";
  const said = execFileSync(process.execPath, ['-e', script], { cwd: __dirname, env: { PATH: release } }).toString();
  expect(said).toMatch(/set FABRIC_BIN.*no Go on this machine: install Go/);
});

test('tells that there are none at hand, and builds none, where only that was asked (fault F7)', async () => {
  delete process.env['FABRIC_BIN'];
  process.env['XDG_CACHE_HOME'] = release;
  expect(await toolchainAtHand('3.1')).toBeUndefined();
  expect(readdirSync(release)).toEqual([]);
});

const withoutGo = missingGo();
(withoutGo === undefined ? test : test.skip)(
  `tells how far a build is out of all its packages, to the last (fault F10)${withoutGo === undefined ? '' : `: SKIPPED, ${withoutGo}`}`,
  async () => {
    const source = join(release, 'module');
    mkdirSync(source);
    writeFileSync(join(source, 'go.mod'), 'module example.test/small\n\ngo 1.24\n');
    writeFileSync(
      join(source, 'main.go'),
      'package main\n\nimport "strings"\n\nfunc main() { println(strings.ToUpper("a")) }\n',
    );
    process.env['XDG_CACHE_HOME'] = release;
    process.env['GOCACHE'] = join(release, 'go-cache'); // empty, so that every package is compiled
    const notes: string[] = [];
    const folder = await buildGo({ source, name: 'small', packages: ['.'] }, (line) => notes.push(line));
    expect(readdirSync(folder)).toEqual(['small']);
    const all = Number(/^all (\d+) packages are compiled$/.exec(notes.at(-1) ?? '')?.[1]);
    expect(all).toBeGreaterThan(10);
    const counted = notes
      .slice(0, -1)
      .map((note) => /^(\d+) of at most (\d+) packages/.exec(note)?.slice(1).map(Number));
    for (const [at = NaN, of = NaN] of counted.map((pair) => pair ?? [])) {
      expect(of).toBe(all);
      expect(at).toBeLessThan(all);
    }
  },
  120_000,
);
