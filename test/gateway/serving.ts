// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Member } from 'yuanliu-demo/cast';
import { client, type Client } from './http/door';

/** A gateway in a process of its own, on an embedded ledger. */
export interface Serving {
  readonly url: string;
  readonly adminUrl: string;
  /** A token for each of its accounts, in their order. */
  readonly tokens: readonly string[];
  /** A client for each of its accounts. */
  readonly clients: readonly Client[];
  /** Has it kill itself at its step, after so many have passed. */
  arm(pass: number): Promise<void>;
  /** Resolves with the signal that ended it, once it has ended. */
  readonly ended: Promise<NodeJS.Signals | null>;
  /** Stops it, and resolves with its log. */
  stop(): Promise<Buffer>;
}

export interface ServingOptions {
  readonly directory: string;
  readonly accounts: readonly Member[];
  readonly settings?: Readonly<Record<string, string>>;
  /** The step of a write at which it is to die once armed, such as `before commit`. */
  readonly killAt?: string;
}

const FIXTURE = join(__dirname, 'fixture');

/** Starts a gateway and waits until it serves. */
export async function startServing({ directory, accounts, settings, killAt }: ServingOptions): Promise<Serving> {
  const own = { YUANLIU_DATA: directory, YUANLIU_PORT: '0', YUANLIU_ADMIN_PORT: '0', ...settings };
  const preload = killAt === undefined ? [] : ['--require', join(FIXTURE, 'kill-at.js')];
  const given = accounts.map(({ code, msp, user }) => JSON.stringify({ organization: code, mspId: msp, user }));
  const child = spawn(process.execPath, [...preload, join(FIXTURE, 'serve.js'), ...given], {
    env: { ...process.env, ...own, ...(killAt === undefined ? {} : { KILL_AT: killAt }) },
    stdio: ['pipe', 'pipe', 'pipe', 'ipc'],
  });
  const logged: Buffer[] = [];
  child.stderr?.on('data', (chunk: Buffer) => logged.push(chunk));
  const ended = once(child, 'close').then(([, signal]) => signal as NodeJS.Signals | null);
  const early = ended.then(() => {
    throw new Error(`the gateway ended before it served:\n${Buffer.concat(logged).toString()}`);
  });
  if (!child.stdout) throw new Error('a child without its output');
  const [line] = (await Promise.race([once(child.stdout, 'data'), early])) as [Buffer];
  early.catch(() => undefined);
  const said = JSON.parse(line.toString()) as { url: string; adminUrl: string; tokens: string[] };
  return {
    ...said,
    clients: said.tokens.map((token) => client(() => said.url, { authorization: `Bearer ${token}` })),
    arm: async (pass) => {
      const armed = once(child, 'message');
      child.send(pass);
      await armed;
    },
    ended,
    stop: async () => {
      child.stdin?.end();
      await ended;
      return Buffer.concat(logged);
    },
  };
}
