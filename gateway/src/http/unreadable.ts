// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem, problemTypes } from './problem.js';
import { describeProblem } from './tell-problem.js';

/**
 * Has a server answer bytes that are no HTTP request, or that do not come in time, with a problem document too, and let the
 * connection go: they never come to the routes. Amid an answer there is no other: the connection ends.
 */
export function answerUnreadable(server: Server): void {
  const answering = new WeakMap<Duplex, IncomingMessage>();
  server.on('request', (request, response) => {
    const { socket } = request;
    answering.set(socket, request);
    response.on('close', () => answering.delete(socket));
  });
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket) => {
    const request = answering.get(socket);
    const unread = code === OUT_OF_TIME && request?.complete === false; // its body did not come: nobody has begun to answer
    if (!socket.writable || (request && !unread)) socket.destroy();
    else socket.end(answerTo(code));
  });
}

const OUT_OF_TIME = 'ERR_HTTP_REQUEST_TIMEOUT';

function problemFor(code: string | undefined): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('TOO_LARGE', {
        message: 'address and headers are too large together',
        remedy: 'send less of them',
      });
    case OUT_OF_TIME:
      return new Problem('TOO_SLOW', {
        message: 'the request did not come in time; nothing was done',
        remedy: 'send it again, in several requests if it is large',
      });
    default:
      return new Problem('INPUT_INVALID', { message: 'what came is no HTTP request', remedy: 'speak HTTP/1.1' });
  }
}

function answerTo(code: string | undefined): string {
  const problem = problemFor(code);
  const { status, title } = problemTypes[problem.code];
  const document = describeProblem(problem, { rulebook: () => undefined });
  const body = JSON.stringify({ ...document, requestId: randomUUID() });
  const headers = [
    `HTTP/1.1 ${status} ${title}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${headers.join('\r\n')}\r\n\r\n${body}`;
}
