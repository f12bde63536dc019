// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { Worker } from '../process/worker.js';
import { type Assignment, type Load, outcome, type Outcome } from './messages.js';

/** A client of a network. */
export class WorkerClient extends Worker<Load, Outcome> {
  readonly #name: string;

  constructor(assigned: Assignment) {
    super(join(__dirname, 'worker.js'), assigned, outcome);
    this.#name = assigned.driver;
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
}
