// SPDX-License-Identifier: Apache-2.0

/** Tells the person who waits what goes on. */
export interface Progress {
  /** Does one step and says how long it took. */
  step<T>(what: string, work: () => Promise<T>): Promise<T>;
  /** Says something within a step. */
  note(line: string): void;
}

/** Writes to standard error, so that standard output is left to answers. */
export const spoken: Progress = {
  async step(what, work) {
    const start = performance.now();
    if (process.stderr.isTTY) process.stderr.write(`… ${what}`);
    try {
      const result = await work();
      say(`✓ ${what} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
      return result;
    } catch (error) {
      say(`✗ ${what}`);
      throw error;
    }
  },
  note(line) {
    say(`  ${line}`);
  },
};

function say(line: string): void {
  process.stderr.write(`${process.stderr.isTTY ? '\r\x1b[K' : ''}${line}\n`);
}

/** For tests and for what runs within another step. */
export const silent: Progress = { step: (_what, work) => work(), note: () => undefined };
