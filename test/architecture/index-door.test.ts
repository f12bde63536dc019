// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const SOURCE = join(__dirname, '..', '..', 'gateway', 'src');

/** The files of the index that others may import: how it is opened, what it answers, and its reading room. */
const DOORS = /^index\/(?:open-index|ledger-index|error|read\/[a-z-]+)$/;

/** Rooms of the index that a room may import, beside itself. */
const BELOW: Readonly<Record<string, readonly string[]>> = {
  rows: [],
  store: ['rows'],
  apply: ['rows', 'store'],
  read: ['rows', 'store'],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

const imports: readonly Import[] = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .flatMap((from) => {
    const text = readFileSync(join(SOURCE, from), 'utf8');
    return [...text.matchAll(/(?:from|import\()\s*'(\.[^']*)\.js'/g)].map(([, to = '']) => ({
      from,
      to: relative(SOURCE, join(SOURCE, dirname(from), to)),
    }));
  })
  .filter(({ to }) => to.startsWith('index/'));

test('what answers questions reads the index through one door', () => {
  const outside = imports.filter(({ from }) => !from.startsWith('index/'));
  expect(outside.length).toBeGreaterThan(10);
  expect(outside.filter(({ to }) => !DOORS.test(to))).toEqual([]);
});

test('rooms of the index import only the rooms below them', () => {
  const roomOf = (path: string): string => path.split('/')[1] ?? '';
  const between = imports.filter(({ from, to }) => roomOf(from) in BELOW && roomOf(to) in BELOW);
  expect(between.length).toBeGreaterThan(10);
  const wrong = between.filter(({ from, to }) => {
    const [room, other] = [roomOf(from), roomOf(to)];
    return room !== other && !(BELOW[room] ?? []).includes(other);
  });
  expect(wrong).toEqual([]);
});
