// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import type { z } from 'zod';

/** A client in a process of its own, so that its CPU is its own: it answers each load that it is sent with what came of it. */
export class Worker<Load extends object, Outcome> {
  readonly #child: ChildProcess;
  readonly #outcome: z.ZodType<Outcome>;

  /**
   * @param script is run with `assigned` as JSON for its argument
   * @param yields it runs when nothing else does, so that its own work takes no processor from what is measured
   */
  constructor(script: string, assigned: object, outcome: z.ZodType<Outcome>, yields = false) {
    this.#child = fork(script, [JSON.stringify(assigned)]);
    if (yields && this.#child.pid !== undefined) setPriority(this.#child.pid, LOWEST);
    this.#outcome = outcome;
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
        done(this.#outcome.parse(message));
      });
      this.#child.send(load);
    });
  }

  close(): void {
    this.#child.kill('SIGKILL');
  }
}

const LOWEST = 19;
