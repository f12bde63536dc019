// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { type Assignment, type Load, type Outcome, outcome } from './messages.js';

/** A client in a process of its own, so that its CPU is its own. */
export class WorkerClient {
  readonly #child: ChildProcess;
  readonly #name: string;

  constructor(assigned: Assignment) {
    this.#name = assigned.driver;
    this.#child = fork(join(__dirname, 'worker.js'), [JSON.stringify(assigned)]);
  }

  /** @throws Error when the worker ends. */
  run(load: Load): Promise<Outcome> {
    return new Promise((done, fail) => {
      const ended = (code: number | null): void => {
        fail(new Error(`the client ended with ${code ?? 'a signal'}: see above`));
      };
      this.#child.once('exit', ended);
      this.#child.once('message', (message) => {
        this.#child.off('exit', ended);
        done(outcome.parse(message));
      });
      this.#child.send(load);
    });
  }

  /** @throws Error when the worker ends, or more than one transaction in twenty failed: on a busy machine some may. */
  async runMost(load: Load): Promise<Outcome> {
    const result = await this.run(load);
    const { committed, seconds, cpu, failures } = result;
    const cost = (cpu / 1000 / committed).toFixed(2);
    console.error(
      `${this.#name}: ${committed} in ${seconds.toFixed(1)} s, ${cost} ms CPU each, ${failures.length} failed`,
    );
    const [failure] = failures;
    if (failure !== undefined && failures.length * 20 > committed) throw new Error(`too many failed: ${failure}`);
    return result;
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }
}
