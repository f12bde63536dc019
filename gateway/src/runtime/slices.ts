// SPDX-License-Identifier: Apache-2.0
import { FairQueue, type Group, groupOf, importsOf, payerOf } from './fair-queue.js';
import { LoopShares } from './loop-shares.js';

/** How long one piece of long work goes on before others get their turn, in milliseconds. */
const SLICE_MS = 0.5;
/** How much of the loop's time a group that was idle may use before the others' turn comes, in milliseconds. */
const CREDIT_MS = 25;
/** As many wait for one organisation when it is a crowd: a few programs, and the rows of a short file, are fewer. */
const CROWD = 32;
/** How soon to look again when all who wait have used more than their share, in milliseconds. */
const HELD_MS = 2;

/** All that waits for its turn of the event loop; one gets it in each. */
const queue = new FairQueue<Waiting>(CREDIT_MS);
const shares = new LoopShares();
/** What the turn under way is for, since when, and what it is to be charged besides. */
let underWay: { readonly group: Group; readonly begun: number; readonly times: number } | undefined;
let isDue = false;

interface Waiting {
  readonly begin: () => void;
  readonly times: number;
}

/**
 * Cuts long work into slices: call what it returns between steps, and await what that gives where it gives something. In
 * each turn of the event loop one piece of work gets a slice, and everything else its turn. The turn goes to the organisation
 * that used least of the loop's time, however much work each has: so a caller that asks for little waits for one slice,
 * not for all. One that used more than its share waits while others are active.
 *
 * @param organization for which the work is done; undefined for a caller without a token
 */
export function slices(organization: string | undefined): () => Promise<void> | undefined {
  let until = performance.now() + SLICE_MS;
  return () => {
    if (performance.now() < until) return undefined;
    return turnFor(groupOf(organization)).then(() => {
      until = performance.now() + SLICE_MS;
    });
  };
}

/**
 * Waits for a turn to begin something. What runs before the event loop goes on to something else is charged to the group.
 *
 * @param times how many times as much is charged, for work that costs as much again later
 */
export function turnFor(group: Group, times = 1): Promise<void> {
  return new Promise((begin) => {
    queue.add(group, { begin, times });
    comeDue();
  });
}

/** How many wait for a turn for a group. */
export function waitingFor(group: Group): number {
  return queue.lengthOf(group);
}

/** Both run in the next turn of the event loop, one after the other: what the first one sets off runs between them. */
function comeDue(): void {
  if (isDue) return;
  isDue = true;
  setImmediate(giveTurn);
  setImmediate(endTurn);
}

function giveTurn(): void {
  const next = queue.next((group) => shares.mayGoOn(payerOf(group), isCrowd(payerOf(group))));
  if (!next) return;
  underWay = { group: next.group, begun: performance.now(), times: next.item.times };
  next.item.begin();
}

function isCrowd(payer: Group): boolean {
  return queue.lengthOf(payer) + queue.lengthOf(importsOf(payer)) >= CROWD;
}

function endTurn(): void {
  isDue = false;
  if (underWay) {
    const { group, begun, times } = underWay;
    const cost = (performance.now() - begun) * times;
    queue.charge(group, cost);
    shares.charge(payerOf(group), cost);
    if (queue.length > 0) comeDue();
  } else if (queue.length > 0) {
    isDue = true; // all who wait have used more than their share
    setTimeout(() => {
      isDue = false;
      comeDue();
    }, HELD_MS);
  }
  underWay = undefined;
}
