// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';

/** How to run a program to its end. */
export interface Invocation {
  readonly args: readonly string[];
  /** Added to the few variables that every program gets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** After this many seconds it is ended. Default 60. */
  readonly seconds?: number;
}

/** What a program printed. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that did not end well: what it said. */
export class ToolError extends Error {
  constructor(
    readonly tool: string,
    readonly output: string,
  ) {
    super(`${tool} failed: ${said(output)}`);
    this.name = 'ToolError';
  }
}

/** Fabric prints whole policies, certificates included, into one line. */
const LONGEST = 600;

/** The last lines, without the usage that Fabric's commands print below an error, nor what they sent. */
function said(output: string): string {
  const [error = ''] = output.split(/^Usage:/m);
  const lines = error
    .replace(/\{"hosts".*\}/, '{…}')
    .trim()
    .split('\n');
  return lines
    .slice(-6)
    .map((line) => (line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line))
    .join('\n');
}

/**
 * Runs a program to its end. It gets no variable of ours but PATH and HOME: a stray `CORE_PEER_…` of the user's shell
 * would silently point it at another network.
 *
 * @throws ToolError when it exits with another code than 0, or not in time.
 */
export function run(program: string, { args, env, cwd, seconds = 60 }: Invocation): Promise<Output> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      env: { ...bareEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: seconds * 1000,
      killSignal: 'SIGKILL',
      ...(cwd === undefined ? {} : { cwd }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    const name = [program.split('/').at(-1), ...args.slice(0, 3)].join(' ');
    child.on('error', fail).on('close', (code, signal) => {
      const [stdout, stderr] = [Buffer.concat(out).toString(), Buffer.concat(err).toString()];
      if (code === 0) done({ stdout, stderr });
      else fail(new ToolError(name, stderr || stdout || (signal ? `no answer in ${seconds} s` : `exit code ${code}`)));
    });
  });
}

/** How Fabric's programs log: as much as `level` says, and in no colours, since what they say is kept in files. */
export function logging(level: string): Record<string, string> {
  const format = '%{time:2006-01-02 15:04:05.000 MST} %{level:.4s} [%{module}] %{shortfunc} -> %{message}';
  return { FABRIC_LOGGING_SPEC: level, FABRIC_LOGGING_FORMAT: format };
}

/** What every program of the network may see of our environment. */
export function bareEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}

/** Runs `work` on every item, a few at a time. */
export async function forEach<T>(items: readonly T[], work: (item: T) => Promise<unknown>, atOnce = 4): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
