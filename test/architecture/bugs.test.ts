// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');

interface Row {
  readonly id: string;
  readonly what: string;
  readonly tests: readonly string[];
}

/** The rows of docs/bugs.md, in its order. */
function rows(): Row[] {
  return [...readFileSync(join(ROOT, 'docs/bugs.md'), 'utf8').matchAll(/^\| ([A-Z]\d+) \|(.+)\|$/gm)].map(
    ([, id = '', rest = '']) => {
      const [what = '', , , tests = ''] = rest.split(/(?<!\\)\|/).map((cell) => cell.trim());
      return { id, what, tests: [...tests.matchAll(/test\/[\w/.-]+\.test\.ts/g)].map(([file]) => file) };
    },
  );
}

/** Every row that a test's title names, with the files that do. */
function namedByTests(): ReadonlyMap<string, readonly string[]> {
  const named = new Map<string, string[]>();
  for (const name of readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.test.ts')) continue;
    const text = readFileSync(join(ROOT, 'test', name), 'utf8');
    for (const [, id = ''] of text.matchAll(/\(fault ([A-Z]\d+)\)/g))
      named.set(id, [...(named.get(id) ?? []), `test/${name}`]);
  }
  return named;
}

describe('docs/bugs.md', () => {
  it('gives every mended row a test whose title names it', () => {
    const named = namedByTests();
    const mended = rows().filter(({ what }) => what !== 'open');
    const untested = mended.filter(
      ({ id, tests }) => tests.length === 0 || tests.some((file) => !(named.get(id) ?? []).includes(file)),
    );
    expect(untested.map(({ id }) => id)).toEqual([]);
  });

  it('has a row for every fault that a test names, each number once', () => {
    const ids = rows().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...namedByTests().keys()].filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('names only files that exist', () => {
    expect(
      rows()
        .flatMap(({ tests }) => tests)
        .filter((file) => !existsSync(join(ROOT, file))),
    ).toEqual([]);
  });
});
