// SPDX-License-Identifier: Apache-2.0
import type { RequestHandler } from 'express';
import { groupOf, type Group } from '../../runtime/fair-queue.js';
import { overloaded } from './admission.js';
import { speaker } from './authenticate.js';
import { closing } from './closing.js';
import { countBy } from './count-by.js';
import { WaitQueue } from './wait-queue.js';
import { say } from '../../messages/index.js';

/** Bounds what is held in memory of request bodies at a time, for each organisation. */
export interface BodyRoom {
  /** Lets a body be read once its organisation has room, which it keeps until the answer is sent or the connection lost. */
  reading(limit: number): RequestHandler;
}

/** @param each bytes that one organisation may fill; the body that fills the room may go beyond it */
export function newBodyRoom(each: number, patience = PATIENCE): BodyRoom {
  const used = new Map<Group, number>();
  const queue = new WaitQueue();
  const hasRoom = (group: Group): boolean => (used.get(group) ?? 0) < each;
  return {
    reading: (limit) => async (request, response, next) => {
      const group = groupOf(speaker(response)?.organization);
      const stated = Number(request.get('Content-Length') ?? limit);
      const bytes = Number.isSafeInteger(stated) ? Math.min(stated, limit) : limit;
      const gone = closing(response);
      const served = (): void => {
        countBy(used, group, bytes);
      };
      if (hasRoom(group)) served();
      else if (!(await queue.wait(group, { patience, signal: gone, served }))) {
        throw overloaded(say('no-room-for-bodies'));
      }
      const giveBack = (): void => {
        countBy(used, group, -bytes);
        while (queue.next(hasRoom)) continue;
      };
      if (gone.aborted) giveBack();
      else gone.addEventListener('abort', giveBack);
      next();
    },
  };
}

const PATIENCE = 5000;
