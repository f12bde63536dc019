// SPDX-License-Identifier: Apache-2.0
import type { RequestHandler } from 'express';
import { groupOf, STRANGERS } from '../../runtime/fair-queue.js';
import { turnFor, waitingFor } from '../../runtime/slices.js';
import { overloaded } from './admission.js';
import { speaker } from './authenticate.js';
import { say } from '../../messages/index.js';

/**
 * Has requests begin in turn: next comes the organisation that used least of the event loop's time; strangers together are
 * one more. So a thousand requests of one organisation delay the next of another by one of them. An organisation that used
 * more than its share waits while others are active.
 */
export const inTurn: RequestHandler = async (_request, response, next) => {
  const group = groupOf(speaker(response)?.organization);
  const most = group === STRANGERS ? MOST_STRANGERS : MOST_WAITING;
  if (waitingFor(group) >= most)
    throw overloaded(say(group === STRANGERS ? 'strangers-wait' : 'own-requests-wait', { most }));
  await turnFor(group);
  if (!response.closed) next(); // else the client has gone meanwhile
};

/** Requests of one organisation that wait for their turn, and of all strangers: each is a socket and some kilobytes. */
const MOST_WAITING = 5000;
const MOST_STRANGERS = 1000;
