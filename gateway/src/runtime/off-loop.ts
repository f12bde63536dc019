// SPDX-License-Identifier: Apache-2.0
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import { FairQueue, type Group } from './fair-queue.js';

/** A text or file from which on it is read in a thread: below, a thread costs more than it spares. In bytes or characters. */
export const LARGE = 65_536;

/** Too many large bodies of one organisation wait to be read. */
export class OffLoopFull extends Error {
  /** Bodies that may wait. */
  readonly most = MOST_WAITING;

  constructor() {
    super(`${MOST_WAITING} large bodies of your organisation wait to be read`);
    this.name = 'OffLoopFull';
  }
}

/** What a module for {@link offLoop} exports as its default: work on plain data, done in one go. */
export type Work = (input: unknown) => unknown;

/**
 * Does work that takes long in one go in a thread, so that the event loop serves others meanwhile. Organisations come in
 * turn, by the time that their work took.
 *
 * @param module exports the work as its default; input and output are copied, typed arrays of the output are moved
 * @throws OffLoopFull when too much waits already; what the work throws, where it is a ContractError or else as an Error
 */
export function offLoop<Output>(group: Group, module: string, input: object): Promise<Output> {
  if (queue.lengthOf(group) >= MOST_WAITING) return Promise.reject(new OffLoopFull());
  return new Promise((resolve, reject) => {
    queue.add(group, { group, module, input, resolve: resolve as (output: unknown) => void, reject });
    giveWork();
  });
}

interface Task {
  readonly group: Group;
  readonly module: string;
  readonly input: unknown;
  readonly resolve: (output: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What a thread answers: one of the two. */
export interface Answer {
  readonly output?: unknown;
  readonly failure?: string;
}

class Thread {
  readonly #worker = new Worker(join(__dirname, 'off-loop-thread.js'));
  #task: Task | undefined;
  #begun = 0;

  constructor(ended: (thread: Thread) => void) {
    this.#worker.on('message', ({ output, failure }: Answer) => {
      const task = this.#finish();
      if (failure === undefined) task?.resolve(output);
      else task?.reject(ContractError.parse(failure) ?? new Error(failure));
      giveWork();
    });
    this.#worker.on('error', (error) => {
      this.#finish()?.reject(error);
    });
    this.#worker.on('exit', () => {
      this.#finish()?.reject(new Error('the thread that read it ended'));
      ended(this);
      giveWork();
    });
    this.#worker.unref();
  }

  get isFree(): boolean {
    return this.#task === undefined;
  }

  begin(task: Task): void {
    [this.#task, this.#begun] = [task, performance.now()];
    this.#worker.ref(); // the process lives until it is done
    this.#worker.postMessage({ module: task.module, input: task.input });
  }

  #finish(): Task | undefined {
    const task = this.#task;
    this.#task = undefined;
    this.#worker.unref();
    if (task) queue.charge(task.group, performance.now() - this.#begun);
    return task;
  }
}

const queue = new FairQueue<Task>();
const threads = new Set<Thread>();

function giveWork(): void {
  while (queue.length > 0) {
    const thread = freeThread();
    const task = thread && queue.next()?.item;
    if (!task) return;
    thread.begin(task);
  }
}

function freeThread(): Thread | undefined {
  for (const thread of threads) if (thread.isFree) return thread;
  if (threads.size >= MOST_THREADS) return undefined;
  const thread = new Thread((ended) => threads.delete(ended));
  threads.add(thread);
  return thread;
}

/** One processor is for the event loop. */
const MOST_THREADS = Math.max(1, Math.min(4, availableParallelism() - 1));
/** Of one organisation. */
const MOST_WAITING = 64;
