// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem, statuses, titleOf } from '../../errors/problem.js';
import { STANDARD } from '../language.js';
import { describeProblem } from './tell-problem.js';
import { say } from '../../messages/index.js';

/**
 * Has a server answer bytes that are no HTTP request, or that do not come in time, with a problem document too, and let the
 * connection go, whether or not the client closes its side: they never come to the routes. Once an answer has begun there is
 * no other: the connection ends.
 */
export function answerUnreadable(server: Server): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', ({ socket }, response) => {
    answers.set(socket, response);
    response.on('close', () => answers.delete(socket));
  });
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket) => {
    const answer = answers.get(socket);
    const unread = code === OUT_OF_TIME && answer?.req.complete === false && !answer.headersSent;
    if (!socket.writable || (answer && !unread)) socket.destroy();
    else socket.end(answerTo(code), () => setTimeout(() => socket.destroy(), LINGER_MS).unref());
  });
}

/** How long a client has to read what it is told before its connection is gone, in milliseconds. */
const LINGER_MS = 1000;
const OUT_OF_TIME = 'ERR_HTTP_REQUEST_TIMEOUT';

function problemFor(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('TOO_LARGE', say('headers-too-large'));
    case OUT_OF_TIME:
      return new Problem('TOO_SLOW', say('request-too-slow'));
    default:
      return new Problem('INPUT_INVALID', say('not-http'));
  }
}

function answerTo(code: string | undefined): string {
  const problem = problemFor(code);
  const status = statuses[problem.code];
  const document = describeProblem(problem, { rulebook: () => undefined }, STANDARD);
  const body = JSON.stringify({ ...document, requestId: randomUUID() });
  const headers = [
    `HTTP/1.1 ${status} ${titleOf(problem.code, 'en')}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${headers.join('\r\n')}\r\n\r\n${body}`;
}
