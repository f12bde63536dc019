// SPDX-License-Identifier: Apache-2.0
import type { RequestHandler } from 'express';
import { turnFor, waitingFor } from '../../runtime/slices.js';
import { overloaded } from './admission.js';
import { speaker } from './authenticate.js';

/**
 * Has requests begin in turn: one organisation after the other, strangers together as one. So a thousand requests of one
 * organisation delay the next of another by one of them.
 */
export const inTurn: RequestHandler = async (_request, response, next) => {
  const organization = speaker(response)?.organization;
  if (waitingFor(organization) >= MOST_WAITING) throw overloaded(`${MOST_WAITING} of your requests wait`);
  const turn = turnFor(organization);
  if (turn) await turn;
  next();
};

/** Requests of one organisation that wait for their turn: each is a socket and some kilobytes. */
const MOST_WAITING = 5000;
