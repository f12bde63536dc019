// SPDX-License-Identifier: Apache-2.0
import type { RequestHandler } from 'express';
import { type Group, groupOf, importsOf, isImports, STRANGERS } from '../../runtime/fair-queue.js';
import { speaker } from './authenticate.js';
import { closing } from './closing.js';
import { countBy } from './count-by.js';
import type { AdmitRows } from '../../imports/imports.js';
import { turnFor } from '../../runtime/slices.js';
import { Problem } from '../../errors/problem.js';
import { WaitQueue } from './wait-queue.js';
import type { ErrorDetails } from 'yuanliu-chaincode/vocabulary/error';
import { say } from '../../messages/index.js';

/**
 * Bounds how much is written at once: accepted writes finish in time, and others wait a little or are rejected. One
 * organisation alone may have every place. While others write too, each has a share, and free places go to them in turn.
 */
export interface Admission {
  /**
   * Lets a write in once a place is free for its organisation. One that waited in vain is turned away before its body is read,
   * and so is one before whom too many of its organisation wait. It comes after authentication.
   */
  readonly door: RequestHandler;
  /**
   * Does `work` in a place that is held until it is done, however the caller was answered meanwhile. Work of many acts holds a
   * place for each; the last work that begins may go beyond the places that are left.
   *
   * @throws Problem `OVERLOADED` when none came free in time: nothing was done.
   */
  admit<T>(organization: string, work: () => Promise<T>, acts?: number): Promise<T>;
  /** The same for rows of an import: they wait until it is their turn, and leave more room to others. */
  readonly admitRows: AdmitRows;
  /** Places taken, and how many wait for one, at the door or inside. */
  readonly underWay: number;
  readonly waiting: number;
}

/** The answer to a request that finds no place. */
export function overloaded(details: ErrorDetails): Problem {
  return new Problem('OVERLOADED', details, { 'Retry-After': '3' });
}

/** @param patience how long a write waits for a place, in milliseconds */
export function newAdmission(places: number, patience = PATIENCE): Admission {
  let taken = 0;
  const takenBy = new Map<Group, number>();
  const inside = new WaitQueue(); // those whose bodies are read: they go first
  const outside = new WaitQueue();
  const writers = new Writers();
  let watch: NodeJS.Timeout | undefined;

  const shareOf = (group: Group): number => {
    if (!writers.others(group)) return places;
    return Math.max(1, Math.floor(places / (isImports(group) ? ROW_SHARES : SHARES)));
  };
  const mayBegin = (group: Group): boolean => taken < places && (takenBy.get(group) ?? 0) < shareOf(group);
  const change = (group: Group, by: number): void => {
    taken += by;
    countBy(takenBy, group, by);
  };
  /** A write called in may be refused there, or be sent slowly, and shares change with time: so this is done again and again. */
  const callIn = (): void => {
    while (inside.next(mayBegin)) continue;
    for (let free = places - taken; free > 0 && outside.next(mayBegin); free--);
    if (inside.length + outside.length > 0) return;
    clearInterval(watch);
    watch = undefined;
  };
  const begin = async (group: Group, acts: number, patienceMs?: number): Promise<boolean> => {
    writers.saw(group);
    if (mayBegin(group)) {
      change(group, acts);
      return true;
    }
    watch ??= setInterval(callIn, WATCH).unref();
    const served = (): void => {
      change(group, acts);
    };
    return inside.wait(group, { served, ...(patienceMs === undefined ? {} : { patience: patienceMs }) });
  };
  const holding = async <T>(group: Group, acts: number, work: () => Promise<T>): Promise<T> => {
    try {
      await turnFor(group, ACT_COSTS * acts);
      return await work();
    } finally {
      change(group, -acts);
      callIn();
    }
  };
  const refusal = (): Problem => overloaded(say('no-room-for-writes', { places }));

  return {
    door: async ({ method }, response, next) => {
      const group = groupOf(speaker(response)?.organization);
      if (method === 'POST' && !mayBegin(group)) {
        if (outside.lengthOf(group) >= places * WAITING) throw refusal();
        writers.saw(group);
        watch ??= setInterval(callIn, WATCH).unref();
        if (!(await outside.wait(group, { patience, signal: closing(response) }))) throw refusal();
      }
      next();
    },
    admit: async (organization, work, acts = 1) => {
      // Bodies are read without a place, so that nobody holds one by sending slowly.
      if (!(await begin(organization, acts, patience))) throw refusal();
      return holding(organization, acts, work);
    },
    admitRows: async (organization, rows, work) => {
      await begin(importsOf(organization), rows);
      return holding(importsOf(organization), rows, work);
    },
    get underWay() {
      return taken;
    },
    get waiting() {
      return inside.length + outside.length;
    },
  };
}

/** Who wrote lately, the latest last. */
class Writers {
  readonly #last = new Map<Group, number>();

  saw(group: Group): void {
    if (group === STRANGERS) return; // they write nothing
    this.#last.delete(group);
    this.#last.set(group, performance.now());
  }

  /** Whether any other than this one wrote lately. */
  others(group: Group): boolean {
    const since = performance.now() - LATELY;
    for (const [one, at] of this.#last) {
      if (at >= since) break;
      this.#last.delete(one);
    }
    return this.#last.size > (this.#last.has(group) ? 1 : 0);
  }
}

/** Its block, its place in the index and its events cost about as much again as the act. */
const ACT_COSTS = 2;
const PATIENCE = 5000;
/** How many may wait at the door for each place, of one organisation. */
const WAITING = 10;
const WATCH = 50;
/** While others write, an organisation has one in so many of the places, and its imports one in so many. */
const SHARES = 16;
const ROW_SHARES = 25;
/** For how long an organisation that wrote has others keep to their shares, in milliseconds. */
const LATELY = 5000;
