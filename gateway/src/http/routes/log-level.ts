// SPDX-License-Identifier: Apache-2.0
import type { Logger } from 'pino';
import { z } from 'zod';
import { logLevels } from '../../config/settings.js';
import { bodyOf } from '../middleware/body.js';
import { route, type Route } from '../route.js';

const logLevel = z.strictObject({ level: z.enum(logLevels) });

export const logLevelShapes = { LogLevel: logLevel };

/** For the gateway's administrator: how much is logged, until the gateway is started again. */
export function logLevelRoutes({ logger }: { readonly logger: Logger }): Route[] {
  const about = {
    path: '/admin/v1/log-level',
    tag: 'log',
    access: 'administrator',
    query: z.strictObject({}),
    answers: { 200: { description: 'As it is then.', schema: 'LogLevel' } },
  } as const;
  return [
    route({
      ...about,
      method: 'get',
      operationId: 'getLogLevel',
      summary: 'How much is logged',
      handle: () => ({ body: { level: logger.level } }),
    }),
    route({
      ...about,
      method: 'put',
      operationId: 'setLogLevel',
      summary: 'Log more or less from now on, until the gateway is started again',
      body: { mediaType: 'application/json', schema: 'LogLevel', limit: 1024 },
      handle: (asked) => {
        logger.level = bodyOf(asked, logLevel).level;
        return { body: { level: logger.level } };
      },
    }),
  ];
}
