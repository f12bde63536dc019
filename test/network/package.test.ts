// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCode } from 'yuanliu-chaincode/code';
import { chaincodeFolder, deployed } from 'yuanliu-network/chaincode/package';
import { tarGz } from 'yuanliu-network/chaincode/tar';
import { Folder } from 'yuanliu-network/folder';
import { readTopology, TOPOLOGY_FILE } from 'yuanliu-network/topology';

const home = mkdtempSync(join(tmpdir(), 'yuanliu-package-'));
const topology = readTopology(TOPOLOGY_FILE);
afterAll(() => {
  rmSync(home, { recursive: true });
});

test('an archive is one that tar unpacks', () => {
  const content = Buffer.from('源'.repeat(400));
  writeFileSync(
    join(home, 'a.tar.gz'),
    tarGz([
      { name: 'one.txt', content },
      { name: 'two.txt', content: Buffer.alloc(0) },
    ]),
  );
  expect(execFileSync('tar', ['tzf', join(home, 'a.tar.gz')]).toString()).toBe('one.txt\ntwo.txt\n');
  expect(execFileSync('tar', ['xzOf', join(home, 'a.tar.gz'), 'one.txt'])).toEqual(content);
});

test('the same code gives the same package in any folder', async () => {
  const [a, b] = [
    await deployed({ folder: new Folder(join(home, 'a')), topology }),
    await deployed({ folder: new Folder(join(home, 'b')), topology }),
  ];
  expect(b.packageId).toBe(a.packageId);
  expect(readFileSync(b.packageFile)).toEqual(readFileSync(a.packageFile));
});

test('the package names the digest of the code, which is that of the tree and of the copy that runs', async () => {
  const { code, home: copy, label, version } = await deployed({ folder: new Folder(join(home, 'a')), topology });
  expect(await readCode(copy)).toEqual(code);
  expect(await readCode(chaincodeFolder())).toEqual(code);
  for (const name of [label, version]) expect(name).toContain(code.digest.slice(0, 12));
});

test('the digest follows contents and packages, not times or places', async () => {
  const copy = join(home, 'copy');
  for (const part of ['package.json', 'dist'])
    cpSync(join(chaincodeFolder(), part), join(copy, part), { recursive: true });
  symlinkSync(join(__dirname, '..', '..', 'node_modules'), join(copy, 'node_modules'));
  const { digest } = await readCode(chaincodeFolder());
  utimesSync(join(copy, 'dist', 'index.js'), 1, 1);
  expect((await readCode(copy)).digest).toBe(digest);
  writeFileSync(join(copy, 'dist', 'engine', 'perform.js'), '// nothing');
  expect((await readCode(copy)).digest).not.toBe(digest);
});

test('the digest is the same for a checkout with CRLF (fault D10)', async () => {
  const copy = join(home, 'crlf');
  for (const part of ['package.json', 'dist'])
    cpSync(join(chaincodeFolder(), part), join(copy, part), { recursive: true });
  symlinkSync(join(__dirname, '..', '..', 'node_modules'), join(copy, 'node_modules'));
  for (const name of ['package.json', join('dist', 'engine', 'perform.js')]) {
    const text = readFileSync(join(copy, name), 'utf8');
    writeFileSync(join(copy, name), text.replaceAll('\n', '\r\n'));
  }
  expect(await readCode(copy)).toEqual(await readCode(chaincodeFolder()));
});

test('the package says which MSP founds the ledger, and the code that runs reads it (fault E1)', async () => {
  const [first, ...others] = topology.organizations.map(({ mspId, ...one }) => ({ ...one, mspId: `City${mspId}` }));
  if (!first) throw new Error('the topology has no organisation');
  const own = { ...topology, organizations: [first, ...others] };
  const made = await deployed({ folder: new Folder(join(home, 'own')), topology: own });
  const usual = await deployed({ folder: new Folder(join(home, 'a')), topology });
  expect([made.founder, usual.founder]).toEqual(['CityAuthorityMSP', 'AuthorityMSP']);
  expect([made.code.digest, made.packageId === usual.packageId]).toEqual([usual.code.digest, false]);
  const script = `process.stdout.write(require(${JSON.stringify(join(made.home, 'dist', 'engine', 'founder.js'))}).founder)`;
  expect(execFileSync(process.execPath, ['-e', script]).toString()).toBe('CityAuthorityMSP');
});
