// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import pino, { type Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import type { LogLevel } from '../config.js';

/** The gateway's log: JSON lines on standard error, so that standard output stays the caller's. */
export function newLogger(level: LogLevel): Logger {
  return pino({ level, redact: ['*.authorization', '*.cookie'] }, pino.destination({ dest: 2, sync: true }));
}

/**
 * Gives each request an id, taken from `X-Request-Id` where that is well-formed, and logs each answer by method, path,
 * status and time. Bodies, tokens and query values never enter the log: they may hold what must not leave the ledger.
 */
export function requestLog(logger: Logger): RequestHandler {
  const log = pinoHttp({
    logger,
    genReqId: (request, response) => {
      const given = request.headers['x-request-id'];
      const id = typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'error' : 'info'),
    serializers: {
      req: ({ id, method, url }: { id: string; method: string; url: string }) => ({
        id,
        method,
        path: url.split('?')[0],
      }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
      err: () => undefined, // told once, where it is turned into a problem
    },
  });
  return (request, response, next) => {
    // A logger of its own, with the level of the moment when it was made.
    if (log.logger.level !== logger.level) log.logger.level = logger.level;
    log(request, response, next);
  };
}
