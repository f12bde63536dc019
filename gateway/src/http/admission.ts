// SPDX-License-Identifier: Apache-2.0
import type { RequestHandler } from 'express';
import { Line } from './line.js';
import { Problem } from './problem.js';

/** Bounds how much is under way at once: what is taken on is done in time, and the rest waits a little or comes again. */
export interface Admission {
  /**
   * Lets a write in once a place is free. One that waited in vain is turned away before its token is checked or its body
   * read, and so is one before whom too many wait.
   */
  readonly door: RequestHandler;
  /**
   * Does `work` in a place that is held until it is done, however the caller was answered meanwhile.
   *
   * @throws Problem `OVERLOADED` when none came free in time: nothing was done.
   */
  admit<T>(work: () => Promise<T>): Promise<T>;
  /** Places taken, and how many wait for one, at the door or inside. */
  readonly underWay: number;
  readonly waiting: number;
}

/** What is told to whom is not taken on now. */
export function overloaded(what: string): Problem {
  const message = `${what}, and no more are taken on; nothing was done`;
  const remedy = 'send the request again after as many seconds as the header Retry-After says';
  return new Problem('OVERLOADED', { message, remedy }, { 'Retry-After': '3' });
}

/** @param patience how long a write waits for a place, in milliseconds */
export function newAdmission(places: number, patience = PATIENCE): Admission {
  let taken = 0;
  const inside = new Line(patience); // whose bodies are read: they go first
  const outside = new Line(patience);
  let watch: NodeJS.Timeout | undefined;

  const giveBack = (): void => {
    if (inside.next()) return; // who is served takes this place
    taken--;
    outside.next();
  };
  /** Who was called in may be refused there, or send slowly: nobody is to wait at a place that is free. */
  const callIn = (): void => {
    for (let free = places - taken; free > 0 && outside.next(); free--);
    if (outside.length > 0) return;
    clearInterval(watch);
    watch = undefined;
  };
  const refusal = (): Problem => overloaded(`${places} writes are under way`);

  return {
    door: async ({ method }, response, next) => {
      if (method === 'POST' && taken >= places) {
        if (outside.length >= places * WAITING) throw refusal();
        watch ??= setInterval(callIn, WATCH).unref();
        const gone = new AbortController();
        response.on('close', () => {
          gone.abort();
        });
        if (!(await outside.wait(gone.signal))) throw refusal();
      }
      next();
    },
    admit: async (work) => {
      // Bodies are read without a place, so that nobody holds one by sending slowly.
      if (taken < places) taken++;
      else if (!(await inside.wait())) throw refusal();
      try {
        return await work();
      } finally {
        giveBack();
      }
    },
    get underWay() {
      return taken;
    },
    get waiting() {
      return inside.length + outside.length;
    },
  };
}

const PATIENCE = 5000;
/** How many may wait at the door for each place. */
const WAITING = 10;
const WATCH = 50;
