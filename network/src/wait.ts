// SPDX-License-Identifier: Apache-2.0
import { setTimeout as pause } from 'node:timers/promises';
import type { Progress } from './progress.js';

/** What is waited for, and how to learn whether it is there. */
export interface Awaited {
  readonly what: string;
  /** Undefined once it is there, else what is still missing. Throws when it will never be. */
  readonly missing: () => Promise<string | undefined>;
  readonly seconds: number;
}

/**
 * Waits until nothing is missing. Asks often, and says what it waits for once that takes more than two seconds.
 *
 * @throws Error with what was missing at last, after `seconds`.
 */
export async function waitFor({ what, missing, seconds }: Awaited, progress: Progress): Promise<void> {
  const start = performance.now();
  let said = start - 3000;
  for (;;) {
    const reason = await missing();
    if (reason === undefined) return;
    const now = performance.now();
    if (now - start > seconds * 1000) throw new Error(`${what}: not after ${seconds} s: ${reason}`);
    if (now - start > 2000 && now - said > 5000) {
      progress.note(`waiting for ${what}: ${reason}`);
      said = now;
    }
    await pause(now - start < 2000 ? 50 : 250);
  }
}
