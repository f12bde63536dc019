// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import pino, { type Logger } from 'pino';
import type { LogLevel } from '../../config/config.js';

/** The gateway's log: JSON lines on standard error, so that standard output stays the caller's. */
export function newLogger(level: LogLevel): Logger {
  return pino({ level, redact: ['*.authorization', '*.cookie'] }, pino.destination({ dest: 2, sync: true }));
}

/**
 * Gives each request an id, taken from `X-Request-Id` where that is well-formed, and logs each answer by method, path,
 * status and milliseconds. Bodies, tokens and query values never enter the log: they may hold what must not leave the
 * ledger.
 */
export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const { method, originalUrl } = request;
    const given = request.headers['x-request-id'];
    const id = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
    const begun = performance.now();
    response.setHeader('X-Request-Id', id);
    response.on('close', () => {
      const { statusCode, writableFinished } = response;
      const responseTime = Math.round(performance.now() - begun);
      const path = originalUrl.split('?', 1)[0];
      const message = writableFinished ? 'request completed' : 'request aborted';
      logger[levelOf(statusCode)]({ req: { id, method, path }, res: { statusCode }, responseTime }, message);
    });
    next();
  };
}

/** What was only to come again later is no error of the gateway, and may come by the thousand. */
function levelOf(status: number): 'info' | 'warn' | 'error' {
  if (status === 503) return 'warn';
  return status >= 500 ? 'error' : 'info';
}
