// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem, problemTypes } from './problem.js';
import { describeProblem } from './tell-problem.js';

/**
 * Has a server answer bytes that are no HTTP request with a problem document too, and let the connection go: they never
 * come to the routes. Amid an answer there is no other: the connection ends.
 */
export function answerUnreadable(server: Server): void {
  const answering = new WeakSet<Duplex>();
  server.on('request', ({ socket }, response) => {
    answering.add(socket);
    response.on('close', () => answering.delete(socket));
  });
  server.on('clientError', ({ code }: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || answering.has(socket)) socket.destroy();
    else socket.end(answerTo(code));
  });
}

function answerTo(code: string | undefined): string {
  const problem =
    code === 'HPE_HEADER_OVERFLOW'
      ? new Problem('TOO_LARGE', { message: 'address and headers are too large together', remedy: 'send less of them' })
      : new Problem('INPUT_INVALID', { message: 'what came is no HTTP request', remedy: 'speak HTTP/1.1, in time' });
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
