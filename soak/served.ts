// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const CLI = require.resolve('yuanliu-cli/yuanliu');

/** A gateway as a process of its own, which ends in the middle of its work and is started again on what it left. */
export class Served {
  readonly #directory: string;
  #process: ChildProcess | undefined;
  #up: Promise<{ readonly url: string; readonly adminUrl: string }>;

  constructor(directory: string) {
    this.#directory = directory;
    this.#up = this.#start();
    this.#up.catch(() => undefined); // whoever asks for it is told
  }

  /** Where it is, once it is there. */
  get up(): Promise<{ readonly url: string; readonly adminUrl: string }> {
    return this.#up;
  }

  /** Kills it and starts it again at once; resolves when it serves. */
  async kill(): Promise<void> {
    await this.#restart('SIGKILL');
  }

  /** Stops it as its operator would, and starts it again. @throws Error when it does not end by itself, well. */
  async restart(): Promise<void> {
    const code = await this.#restart('SIGTERM');
    if (code !== 0) throw new Error(`the gateway ended with ${String(code)} when it was asked to stop`);
  }

  /** @throws Error when it does not end by itself, well. */
  async stop(): Promise<void> {
    const code = await this.#end('SIGTERM');
    if (code !== 0) throw new Error(`the gateway ended with ${String(code)} when it was asked to stop`);
  }

  /** Kills it, however it is. */
  async abandon(): Promise<void> {
    await this.#end('SIGKILL').catch(() => undefined);
  }

  async #restart(signal: NodeJS.Signals): Promise<number | null> {
    const ending = this.#end(signal);
    this.#up = ending.then(() => this.#start());
    this.#up.catch(() => undefined);
    await this.#up;
    return ending;
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const running = this.#process;
    if (!running || running.exitCode !== null) throw new Error('the gateway ended by itself: see what it said');
    const exited = once(running, 'exit') as Promise<[number | null]>;
    running.kill(signal);
    return (await exited)[0];
  }

  /** On free ports: those that it had may be taken meanwhile. */
  #start(): Promise<{ readonly url: string; readonly adminUrl: string }> {
    const args = [CLI, 'serve', '--data', this.#directory, '--port', '0', '--admin-port', '0', '--lang', 'en'];
    const env = { ...process.env, YUANLIU_REQUESTS_PER_MINUTE: '10000000', YUANLIU_LOG_LEVEL: 'error' };
    const started = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = started;
    return new Promise((resolve, reject) => {
      let said = '';
      started.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
        const [, url, adminUrl] = /gateway (\S+) · health and metrics (\S+)\n/.exec(said) ?? [];
        if (url !== undefined && adminUrl !== undefined) resolve({ url, adminUrl });
      });
      started.once('exit', (code) => {
        reject(new Error(`the gateway ended with ${String(code)} before it served: ${said}`));
      });
    });
  }
}
