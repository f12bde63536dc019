// SPDX-License-Identifier: Apache-2.0
import { setPriority } from 'node:os';
import { parentPort, type Transferable } from 'node:worker_threads';
import type { Answer, Work } from './off-loop.js';

/* The thread that does what `offLoop` is asked for, one after the other. The event loop's own thread goes before it. */

if (process.platform === 'linux') setPriority(10); // there it is the priority of the calling thread alone

parentPort?.on('message', ({ module, input }: { readonly module: string; readonly input: unknown }) => {
  void answer(module, input).then((one) => parentPort?.postMessage(one, buffersOf(one.output)));
});

async function answer(module: string, input: unknown): Promise<Answer> {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the caller names what to do by its module
    const work = (require(module) as { readonly default: Work }).default;
    return { output: await work(input) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

/** The memory of typed arrays in an output: it is handed over, not copied. */
function buffersOf(output: unknown): Transferable[] {
  if (typeof output !== 'object' || output === null) return [];
  const buffers = Object.values(output).flatMap((value) => (ArrayBuffer.isView(value) ? [value.buffer] : []));
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}
