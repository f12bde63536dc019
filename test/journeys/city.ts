// SPDX-License-Identifier: Apache-2.0
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account, RunFile } from 'yuanliu-cli/run-file';

/** A gateway's answer, parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Pick<Headers, 'get'>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a journey looks at answers as a script would
  readonly body: any;
}

interface Sent {
  readonly method?: 'POST';
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The running city, spoken to with nothing but HTTP. */
export interface RunningCity {
  /** What a script or a person knows of a running gateway. */
  readonly run: RunFile;
  readonly directory: string;
  account(role: string, name?: string): Account;
  get(path: string, as?: Account): Promise<Answer>;
  post(path: string, body: unknown, as?: Account, headers?: Record<string, string>): Promise<Answer>;
  stop(): Promise<void>;
}

const CLI = join(__dirname, '..', '..', 'cli', 'dist', 'yuanliu.js');

/** Starts `yuanliu demo` in a folder of its own and waits until it serves, the whole story told. */
export async function startDemo(flags: readonly string[] = []): Promise<RunningCity> {
  const directory = await mkdtemp(join(tmpdir(), 'yuanliu-journey-'));
  const child = spawnDemo(directory, flags);
  await said(child, 'goes on serving');
  const run = JSON.parse(await readFile(join(directory, 'run.json'), 'utf8')) as RunFile;
  const several = run.accounts.some(({ gateway }) => gateway !== undefined);
  let seen = 0;
  const ask = async (path: string, init: Sent, as?: Account): Promise<Answer> => {
    const headers = { ...init.headers, ...(as?.token === undefined ? {} : { authorization: `Bearer ${as.token}` }) };
    const url = new URL(path, as?.gateway ?? run.gateway);
    // Each organisation may have a gateway of its own: what one was told, the next one asked knows too.
    if (several && path.startsWith('/api/')) url.searchParams.set('minBlock', String(seen));
    const response = await fetch(url, { ...init, headers });
    seen = Math.max(seen, Number(response.headers.get('index-height') ?? 0) - 1);
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
  };
  return {
    run,
    directory,
    account: (role, name = '') => {
      const found = run.accounts.find((one) => one.role === role && one.name.includes(name));
      if (!found) throw new Error(`run.json has no account ${role} ${name}`);
      return found;
    },
    get: (path, as) => ask(path, {}, as),
    post: (path, body, as, headers = {}) => {
      const type = typeof body === 'string' ? 'text/csv' : 'application/json';
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return ask(path, { method: 'POST', body: text, headers: { 'content-type': type, ...headers } }, as);
    },
    stop: async () => {
      await ended(child, 'SIGTERM');
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Starts the demonstration as its user would, on free ports. */
export function spawnDemo(directory: string, flags: readonly string[] = []): ChildProcess {
  const args = [CLI, 'demo', '--data', directory, '--port', '0', '--admin-port', '0', ...flags];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Resolves once the process has printed `words`; rejects with what it printed if it ends before. */
export function said(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const listen = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      if (output.includes(words)) resolve();
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => {
      reject(new Error(`ended with ${String(code)} before it said "${words}":\n${output}`));
    });
  });
}

/** Ends the process and waits until it is gone; its exit code, null if the signal ended it. */
export function ended(child: ChildProcess, signal?: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', resolve);
    if (signal) child.kill(signal);
  });
}
