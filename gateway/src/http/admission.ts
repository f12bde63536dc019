// SPDX-License-Identifier: Apache-2.0
import type { RequestHandler } from 'express';
import { Problem } from './problem.js';

/** Bounds how much is under way at once: what is taken on is done in time, and the rest is told at once to come again. */
export interface Admission {
  /** Turns a write away while all places are taken, before its token is checked or its body read. */
  readonly door: RequestHandler;
  /**
   * Does `work` in a place that is held until it is done, however the caller was answered meanwhile.
   *
   * @throws Problem `OVERLOADED` when all places are taken: nothing was done.
   */
  admit<T>(work: () => Promise<T>): Promise<T>;
}

/** What is told to whom is not taken on now. */
export function overloaded(what: string): Problem {
  const message = `${what}, and no more are taken on; nothing was done`;
  const remedy = 'send the request again after as many seconds as the header Retry-After says';
  return new Problem('OVERLOADED', { message, remedy }, { 'Retry-After': '3' });
}

export function newAdmission(places: number): Admission {
  let taken = 0;
  const demandPlace = (): void => {
    if (taken < places) return;
    throw overloaded(`${places} writes are under way`);
  };
  return {
    door: ({ method }, _response, next) => {
      if (method === 'POST') demandPlace();
      next();
    },
    admit: async (work) => {
      demandPlace(); // bodies are read without a place, so that nobody holds one by sending slowly
      taken++;
      try {
        return await work();
      } finally {
        taken--;
      }
    },
  };
}
