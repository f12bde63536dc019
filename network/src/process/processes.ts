// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type Folder, parseJson, readText, writeJson } from '../folder.js';
import type { Progress } from '../progress.js';
import { bareEnvironment } from '../tool.js';
import { waitFor } from '../wait.js';
import { identityOf } from './identity.js';

/** A program that is to run as long as the network does. */
export interface Program {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Goes on record with the process: what it was started with. */
  readonly about?: Readonly<Record<string, string>>;
}

const entry = z.object({
  pid: z.int().positive(),
  identity: z.string(),
  since: z.iso.datetime(),
  about: z.record(z.string(), z.string()).default({}),
});
const entries = z.record(z.string(), entry);

/** A process that we started, while it lives. */
export type Running = z.infer<typeof entry>;

/**
 * The processes of one network. Remembers in a file which it started, and signals no other: a number on record counts
 * only while the process under it is the very one that was started.
 */
export class Processes {
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: Folder,
    private readonly progress: Progress,
  ) {}

  /** Those that live, by name. */
  async running(): Promise<ReadonlyMap<string, Running>> {
    const all = Object.entries(await this.#recorded());
    return new Map(all.filter(([, { pid, identity }]) => identityOf(pid) === identity));
  }

  /** Starts a program so that it outlives us; its output goes to its log. Does nothing if it runs. */
  async start({ name, program, args, env, cwd, about = {} }: Program): Promise<void> {
    if ((await this.running()).has(name)) return;
    const log = this.folder.log(name);
    await mkdir(dirname(log), { recursive: true, mode: 0o700 });
    const handle = await open(log, 'a', 0o600);
    await handle.write(`${STARTED} ${new Date().toISOString()}\n`);
    const child = spawn(program, args, {
      cwd,
      env: { ...bareEnvironment(), ...env },
      detached: true,
      stdio: ['ignore', handle.fd, handle.fd],
    });
    await new Promise((done, fail) => child.once('spawn', done).once('error', fail));
    await handle.close();
    child.unref();
    const { pid } = child;
    const identity = pid === undefined ? undefined : identityOf(pid);
    if (pid === undefined || identity === undefined) throw new Error(await this.lastWords(name));
    await this.#record((all) => ({ ...all, [name]: { pid, identity, since: new Date().toISOString(), about } }));
  }

  /** Ends one process: asks it, and after ten seconds ends it. False if it did not run. */
  async stop(name: string): Promise<boolean> {
    const found = (await this.running()).get(name);
    if (found) {
      const gone = (): Promise<string | undefined> =>
        Promise.resolve(identityOf(found.pid) === found.identity ? 'it still runs' : undefined);
      process.kill(found.pid, 'SIGTERM');
      process.kill(found.pid, 'SIGCONT'); // a stopped process would not hear
      await waitFor({ what: `${name} to end`, missing: gone, seconds: 10 }, this.progress).catch(async () => {
        this.progress.note(`${name} did not end in 10 s and is killed`);
        process.kill(found.pid, 'SIGKILL');
        await waitFor({ what: `${name} to be gone`, missing: gone, seconds: 5 }, this.progress);
      });
    }
    await this.#record((all) => Object.fromEntries(Object.entries(all).filter(([other]) => other !== name)));
    return found !== undefined;
  }

  /** Stops a process without ending it, as if it hung; returns what has it go on. */
  async hang(name: string): Promise<() => void> {
    const found = (await this.running()).get(name);
    if (!found) throw new Error(await this.lastWords(name));
    process.kill(found.pid, 'SIGSTOP');
    return () => {
      if (identityOf(found.pid) === found.identity) process.kill(found.pid, 'SIGCONT');
    };
  }

  /** @throws Error with the end of its log if the process of that name does not live. */
  async demandAlive(name: string): Promise<void> {
    if (!(await this.running()).has(name)) throw new Error(await this.lastWords(name));
  }

  async lastWords(name: string): Promise<string> {
    const text = (await readText(this.folder.log(name))) ?? '';
    const lines = text
      .slice(Math.max(0, text.lastIndexOf(STARTED)))
      .trim()
      .split('\n')
      .slice(1)
      .slice(-200);
    // A Go program that gives up says why, and then pages of where.
    const said = lines.filter((line) => /panic|fatal|error/i.test(line) && !line.startsWith('\t')).slice(-3);
    const words = (said.length > 0 ? said : lines.slice(-5)).map((line) => line.slice(0, 500)).join('\n');
    return `${name} does not run; its log ${this.folder.log(name)} ends with:\n${words || '(nothing)'}`;
  }

  async #recorded(): Promise<Record<string, Running>> {
    const text = await readText(this.folder.processes);
    return text === undefined ? {} : parseJson(this.folder.processes, text, entries, LOST);
  }

  /** One change at a time: nodes are started side by side. */
  #record(change: (all: Record<string, Running>) => Record<string, Running>): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      await writeJson(this.folder.processes, change(await this.#recorded()));
    });
    return this.#writing;
  }
}

const LOST =
  'delete it and bring the network up, which names what still runs by the port it holds; end that, and again';

/** Begins the line that stands in a log before what a process says. */
const STARTED = '=== started';
