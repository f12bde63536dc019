// SPDX-License-Identifier: Apache-2.0
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Each command is a process of its own, which takes seconds on a busy machine.
jest.setTimeout(600_000);

const CLI = join(__dirname, '..', '..', 'cli', 'dist', 'yuanliu.js');

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

let folder: string;
let commands: readonly (readonly string[])[];
const helps = new Map<string, string>();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'yuanliu-commands-'));
  commands = await found([]);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function yuanliu(...args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const env = { ...process.env, COLUMNS: '400', YUANLIU_DATA: '' };
    execFile(process.execPath, [CLI, ...args], { encoding: 'utf8', cwd: folder, env }, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
}

/** Every command below one, by what help lists. */
async function found(parent: readonly string[]): Promise<(readonly string[])[]> {
  const { out } = await yuanliu('help', ...parent);
  helps.set(parent.join(' '), out);
  const listed = /\nCommands:\n([\s\S]*?)(?:\n\n|$)/.exec(out)?.[1] ?? '';
  const names = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
  const below = await Promise.all(names.map((name) => found([...parent, name])));
  return names.flatMap((name, place) => [[...parent, name], ...(below[place] ?? [])]);
}

test('help shows each command, at any depth, as its own --help does (fault E16)', async () => {
  const all = commands.map((command) => command.join(' '));
  expect(all).toEqual(expect.arrayContaining(['act', 'import', 'identity', 'identity register', 'doctor', 'worklist']));
  for (const command of all) expect(helps.get(command)).toMatch(new RegExp(`^Usage: yuanliu ${command}\\b`));
  expect((await yuanliu('identity', 'register', '--help')).out).toBe(helps.get('identity register'));
  expect((await yuanliu('help', 'act', 'resource:anchor')).out).toContain('resource:anchor');
  expect((await yuanliu('help', 'dance')).code).toBe(2);
});

test('every command that works on a gateway takes the same folder by default (fault E16)', () => {
  const defaults = new Map<string, string[]>();
  for (const [command, help] of helps) {
    const unwrapped = help.replace(/\n {20,}/g, ' ');
    const told = /--data <dir>.*?default: (.*?)\)?\n/.exec(unwrapped)?.[1];
    if (told !== undefined) defaults.set(told, [...(defaults.get(told) ?? []), command]);
  }
  const [usual] = [...defaults].sort(([, a], [, b]) => b.length - a.length);
  expect(usual?.[0]).toBe('YUANLIU_DATA, else "data", or "demo-data" where only that exists');
  const others = [...defaults].filter(([told]) => told !== usual?.[0]).flatMap(([, names]) => names);
  expect(others.sort()).toEqual(['demo', 'restore']); // these make a folder
});

test('that folder is data, or demo-data where only that exists (fault E16)', async () => {
  expect((await yuanliu('list', 'product')).err).toContain('no gateway was started in data:');
  mkdirSync(join(folder, 'demo-data'));
  expect((await yuanliu('list', 'product')).err).toContain('no gateway was started in demo-data:');
  mkdirSync(join(folder, 'data'));
  for (const command of [['list', 'product'], ['worklist'], ['log-level'], ['identity', 'list']])
    expect((await yuanliu(...command)).err).toContain('no gateway was started in data:');
});

test('every command with --json prints its failure as one object, with the exit code that it ends with (fault E16)', async () => {
  const withJson = commands.filter((command) => helps.get(command.join(' '))?.includes('--json'));
  expect(withJson.length).toBeGreaterThan(12);
  for (const command of withJson) {
    for (const wrong of [['--no-such-option'], ['--data', join(folder, 'nowhere'), ...argumentsOf(command)]]) {
      const { code, out } = await yuanliu(...command, ...wrong, '--json');
      const { error } = JSON.parse(out) as { error: { exit: number; message: string } };
      expect({ command, exit: error.exit }).toEqual({ command, exit: code });
      expect(code).toBeGreaterThan(0);
      expect(error.message).toMatch(/\w/);
    }
  }
});

test('a reader that closes early ends a command quietly (fault E16)', async () => {
  const child = spawn(process.execPath, [CLI, 'help', 'act'], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  let err = '';
  child.stderr.on('data', (piece: Buffer) => (err += piece.toString()));
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect({ code, err }).toEqual({ code: 0, err: '' });
});

/** Arguments that fit what a command needs. */
function argumentsOf(command: readonly string[]): string[] {
  const usage = /^Usage: (.*)$/m.exec(helps.get(command.join(' ')) ?? '')?.[1] ?? '';
  const file = join(folder, 'a.csv');
  writeFileSync(file, '领域,名称\n甲,乙\n');
  const known: Readonly<Record<string, string>> = {
    'kind/id[@version]': 'product/P-1',
    'kind:act': 'usage:record',
    kind: 'product',
    file,
  };
  const needed = [...usage.matchAll(/<([^>]+)>/g)].map(([, name = '']) => known[name] ?? 'X-1');
  const identity = command[0] === 'identity' && command[1] !== 'list' && command[1] !== 'rotate-key';
  return [
    ...needed,
    ...(identity ? ['--organization', '91310000MA1FL8C2XG', ...(command[1] === 'revoke' ? ['--yes'] : [])] : []),
  ];
}
