// SPDX-License-Identifier: Apache-2.0
import express, { type Express } from 'express';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Limits } from '../../config/config.js';
import { freeBytes } from '../../storage/data-folder.js';
import type { LedgerIndex } from '../../index/ledger-index.js';
import type { EmbeddedLedger } from '../../ledger/embedded/ledger.js';
import { LedgerError } from '../../ledger/error.js';
import type { Ledger } from '../../ledger/port.js';
import type { Scrubber } from '../../storage/scrubber.js';
import { administratorOnly } from '../middleware/administrator.js';
import { addressKeys } from '../../config/client-address.js';
import { type BackupServices, backupRoutes } from './backups.js';
import { type IdentityServices, identityRoutes, identityShapes } from './identities.js';
import { logLevelRoutes, logLevelShapes } from './log-level.js';
import { requestLog } from '../middleware/log.js';
import type { Metrics } from '../metrics.js';
import { mount } from '../mount.js';
import { openApi, openApiRoute } from './openapi.js';
import { Problem } from '../../errors/problem.js';
import type { Route } from '../route.js';
import { problemDocument, violation } from './shapes.js';
import { tellProblem } from '../middleware/tell-problem.js';
import { say } from '../../messages/index.js';

export interface AdminServices extends IdentityServices, BackupServices {
  readonly ledger: Ledger;
  /** The same ledger, where it is the embedded one: that can fail for good. */
  readonly embedded: Pick<EmbeddedLedger, 'failure'> | undefined;
  readonly index: LedgerIndex;
  readonly metrics: Metrics;
  /** Checks what is stored. */
  readonly scrubber: Pick<Scrubber, 'reports'>;
  readonly logger: Logger;
  /** The data folder. */
  readonly directory: string;
  readonly limits: Pick<Limits, 'minFreeBytes' | 'clientMs'>;
  /** The administrator's token. */
  readonly token: string;
}

/**
 * For those who run the gateway, on a port of its own: whether it lives, whether it is ready, what it counts; and with
 * the administrator's token, whom it signs for.
 */
export function newAdmin(services: AdminServices): Express {
  const { ledger, index, metrics, logger, token, limits } = services;
  const admin = express();
  admin.disable('x-powered-by').disable('etag');
  admin.get('/livez', (_request, response) => {
    response.json({ alive: true });
  });
  admin.get('/readyz', async (_request, response) => {
    const failure = endOfWrites(services) ?? index.failure()?.message ?? (await lackOfSpace(services));
    const ledgerHeight = await ledger.height().catch(() => undefined);
    const behind = ledgerHeight === undefined ? undefined : ledgerHeight - index.height();
    const ready = failure === undefined && behind !== undefined && behind <= ABREAST;
    response.status(ready ? 200 : 503).json({
      ready,
      ledgerHeight,
      indexHeight: index.height(),
      failure,
      stored: Object.fromEntries(services.scrubber.reports),
    });
  });
  admin.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.text());
  });
  admin.use(requestLog(logger));
  admin.use('/admin', administratorOnly(token));
  mount(admin, adminRoutes(services), {
    ledger,
    index,
    waitMs: 0,
    clientMs: limits.clientMs,
    addressOf: addressKeys({ trustedProxies: [], forwardedHeader: 'x-forwarded-for' }),
  });
  admin.use(({ method, path }) => {
    throw new Problem('NOT_FOUND', say('no-admin-route', { method, path }));
  });
  admin.use(tellProblem(index, logger));
  return admin;
}

/** What the administrator may ask, the description of it included. */
function adminRoutes(services: AdminServices): readonly Route[] {
  const routes: Route[] = [
    ...identityRoutes(services),
    ...backupRoutes(services),
    ...logLevelRoutes(services),
    openApiRoute(() => openApi(routes, adminShapes)),
  ];
  return routes;
}

/** Every schema that the administrator's routes take and answer, by its name in OpenAPI. */
export const adminShapes: ReadonlyMap<string, z.ZodType> = new Map(
  Object.entries({ Problem: problemDocument, Violation: violation, ...identityShapes, ...logLevelShapes }),
);

function endOfWrites({ embedded }: AdminServices): string | undefined {
  const failure = embedded?.failure();
  if (failure instanceof LedgerError && failure.code === 'DAMAGED') return failure.message;
  return failure && `the ledger cannot write any more: start the gateway again (${failure.message})`;
}

/** What to do about the disk while there is still room to do it. */
async function lackOfSpace({ directory, limits: { minFreeBytes } }: AdminServices): Promise<string | undefined> {
  const free = await freeBytes(directory);
  if (free >= minFreeBytes) return undefined;
  const [have, least] = [free, minFreeBytes].map((bytes) => Math.floor(bytes / 1024 / 1024));
  return `${have} MiB are free where the data is, and ${least} should be: make room, or lower YUANLIU_MIN_FREE_MIB`;
}

/** How many blocks the index may be behind the ledger and still answer for it. */
const ABREAST = 10;
