// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { startDemo, type RunningCity } from '../journeys/city';

const ROOT = join(__dirname, '..', '..');
const run = promisify(execFile);

function commandsOf(file: string): string[] {
  const fences = readFileSync(join(ROOT, file), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm);
  return [...fences].flatMap(([, body]) => (body ?? '').trim().split('\n'));
}

/** Commands that this suite itself stands on: CI runs them as they are written, and this test checks that it does. */
const RUN_BY_CI = [
  'npm ci',
  'npm test',
  'npm run demo',
  'npm run network -- up',
  'npm run demo -- --ledger fabric --data fabric-data',
  'npm run network -- down',
];

const commands = ['README.md', 'README.zh-CN.md', 'docs/guide.md'].flatMap((file) =>
  commandsOf(file).map((command) => [file, command] as const),
);

test('CI installs, tests and plays the demonstration as the README says', () => {
  const ci = readFileSync(join(ROOT, '.ci', 'run'), 'utf8');
  for (const command of RUN_BY_CI) expect(ci).toContain(command);
});

test('the act that the README shows is one of the contract', () => {
  const [, act = 'none'] = /^```ts\n([\s\S]*?)^```/m.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  const records = join(ROOT, 'chaincode', 'src', 'records');
  const files = readdirSync(records, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  expect(files.filter((file) => readFileSync(join(records, file), 'utf8').includes(act))).toHaveLength(1);
});

describe('while the demonstration runs', () => {
  let city: RunningCity;
  beforeAll(async () => {
    city = await startDemo();
  }, 120_000);
  afterAll(() => city.stop());

  test.each(commands.filter(([, command]) => !RUN_BY_CI.includes(command)))('%s: %s', async (_, command) => {
    const here = command.replace('http://127.0.0.1:8080', city.run.gateway);
    const { stdout } = await run('bash', ['-c', here], {
      cwd: ROOT,
      env: { ...process.env, YUANLIU_DATA: city.directory },
    });
    expect(stdout.trim()).not.toBe('');
    if (stdout.startsWith('{')) expect(Object.keys(JSON.parse(stdout) as object)).not.toContain('code'); // a problem
  });
});

test('the guide has the same commands in both languages', () => {
  expect(commandsOf('docs/guide.zh-CN.md')).toEqual(commandsOf('docs/guide.md'));
});

test('every link in a README leads to a file', () => {
  const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.md') && !/(^|\/)(node_modules|dist)\//.test(name),
  );
  const broken = files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      .map(([, link]) => join(dirname(file), link ?? ''))
      .filter((target) => !existsSync(join(ROOT, target)))
      .map((target) => `${file} → ${target}`),
  );
  expect(broken).toEqual([]);
});

test('every top-level folder has a README', () => {
  const folders = readdirSync(ROOT, { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() &&
        !entry.name.startsWith('.') &&
        !['node_modules', 'demo-data', 'fabric-data', 'data', 'network-data', 'coverage'].includes(entry.name),
    )
    .map(({ name }) => (name === 'docs' ? 'docs/decisions' : name));
  expect(folders.filter((name) => !existsSync(join(ROOT, name, 'README.md')))).toEqual([]);
});
