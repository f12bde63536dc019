// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'yuanliu-installed-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['an installation without development packages', 'prepare.js'],
  ['a command that is not built', 'launch.js'],
])('%s ends with one sentence that says what to run (fault D10)', (_what, script) => {
  copyFileSync(join(ROOT, 'scripts', script), join(folder, script));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, script)], { encoding: 'utf8' });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^yuanliu [^\n]*npm ci --include=dev[^\n]*\n$/);
});

test('installation and command go through those scripts (fault D10)', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    bin: Record<string, string>;
    scripts: Record<string, string>;
  };
  expect(manifest.bin).toEqual({ yuanliu: 'scripts/launch.js' });
  expect(manifest.scripts).toMatchObject({ prepare: 'node scripts/prepare.js', yuanliu: 'node scripts/launch.js' });
});

const cloned = existsSync(join(ROOT, '.git'));
(cloned ? test : test.skip)('a checkout has LF in every text, whatever core.autocrlf says (fault D10)', () => {
  const files = [
    'package.json',
    'chaincode/package.json',
    'network/builder/ccaas/bin/build',
    'docs/week.csv',
    'README.md',
  ];
  const out = ['checkout-index', `--prefix=${folder}/`, '--', ...files];
  execFileSync('git', ['-c', 'core.autocrlf=true', '-c', 'core.eol=crlf', ...out], { cwd: ROOT });
  for (const file of files) expect(readFileSync(join(folder, file), 'utf8')).not.toContain('\r');
});
