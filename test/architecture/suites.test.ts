// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

interface Suites {
  readonly testPathIgnorePatterns: readonly string[];
}

/** The test files that a configuration of jest runs, without those on Fabric. */
function suitesOf(configuration: string): string[] {
  const { testPathIgnorePatterns } = jest.requireActual<Suites>(join(ROOT, configuration));
  const ignored = testPathIgnorePatterns.map((pattern) => new RegExp(pattern.replace('<rootDir>', ROOT)));
  return readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(ROOT, 'test', name))
    .filter((file) => !ignored.some((pattern) => pattern.test(file)));
}

test('the quick tests start no process (fault E21)', () => {
  const quick = suitesOf('jest.quick.config.js');
  expect(quick.length).toBeGreaterThan(50);
  const starting = quick.filter((file) =>
    /from 'node:child_process'|startGateway|serving'/.test(readFileSync(file, 'utf8')),
  );
  expect(starting.filter((file) => file !== __filename)).toEqual([]);
});

test('every suite is in the usual tests, the long ones or those on Fabric', () => {
  const all = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.test.ts'),
  );
  const apart = all.filter((name) => name.endsWith('.long.test.ts') || name.startsWith('fabric/'));
  expect(suitesOf('jest.config.js')).toHaveLength(all.length - apart.length);
  expect(readFileSync(join(ROOT, '.ci', 'run'), 'utf8')).toContain('npm run test:long');
});
