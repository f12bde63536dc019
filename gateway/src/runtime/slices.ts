// SPDX-License-Identifier: Apache-2.0
import { FairQueue, groupOf } from './fair-queue.js';

/** How long one piece of long work goes on before others get their turn, in milliseconds. */
const SLICE_MS = 0.5;

/** All that waits for its turn of the event loop; one gets it in each. */
const queue = new FairQueue<() => void>();
/** The turn under way is taken, or will be by one that waits. */
let taken = false;

/**
 * Cuts long work into slices: call what it returns between steps, and await what that gives where it gives something. In
 * each turn of the event loop one piece of work gets a slice, and everything else its turn. Organisations take turns, however much
 * work each has: so a caller that asks for little waits for one slice, not for all.
 *
 * @param organization for which the work is done; undefined for a caller without a token
 */
export function slices(organization: string | undefined): () => Promise<void> | undefined {
  let until = performance.now() + SLICE_MS;
  return () => {
    if (performance.now() < until) return undefined;
    return waitForTurn(organization).then(() => {
      until = performance.now() + SLICE_MS;
    });
  };
}

/** Waits for a turn to begin something; undefined if it may begin at once, because this turn is not taken. */
export function turnFor(organization: string | undefined): Promise<void> | undefined {
  if (taken) return waitForTurn(organization);
  taken = true;
  setImmediate(giveTurn);
  return undefined;
}

/** How many wait for a turn for an organisation. */
export function waitingFor(organization: string | undefined): number {
  return queue.lengthOf(groupOf(organization));
}

function waitForTurn(organization: string | undefined): Promise<void> {
  return new Promise((resolve) => {
    queue.add(groupOf(organization), resolve);
    if (taken) return;
    taken = true;
    setImmediate(giveTurn);
  });
}

function giveTurn(): void {
  const next = queue.next();
  taken = next !== undefined;
  if (!next) return;
  setImmediate(giveTurn);
  next.item();
}
