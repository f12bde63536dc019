// SPDX-License-Identifier: Apache-2.0
import { setImmediate as turnOfOthers } from 'node:timers/promises';

/** How long one piece of long work goes on before others get their turn, in milliseconds. */
const SLICE_MS = 0.5;

/** The last of those who wait for their next slice. */
let line: Promise<unknown> = Promise.resolve();

/**
 * Cuts long work into slices: call what it returns between steps, and await what that gives where it gives something. In
 * each turn of the event loop one piece of work gets a slice, however many there are, and everything else its turn: so
 * whoever asks for little waits for one slice, not for all.
 */
export function slices(): () => Promise<void> | undefined {
  let until = performance.now() + SLICE_MS;
  return () => {
    if (performance.now() < until) return undefined;
    const turn = line.then(() => turnOfOthers());
    line = turn;
    return turn.then(() => {
      until = performance.now() + SLICE_MS;
    });
  };
}
