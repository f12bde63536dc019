// SPDX-License-Identifier: Apache-2.0
import express, { type Express } from 'express';
import type { LedgerIndex } from '../index/ledger-index.js';
import type { Ledger } from '../ledger/port.js';
import type { Metrics } from './metrics.js';

export interface AdminServices {
  readonly ledger: Ledger;
  readonly index: LedgerIndex;
  readonly metrics: Metrics;
}

/** For those who run the gateway, on a port of its own: whether it lives, whether it is ready, what it counts. */
export function newAdmin({ ledger, index, metrics }: AdminServices): Express {
  const admin = express();
  admin.disable('x-powered-by');
  admin.get('/livez', (_request, response) => {
    response.json({ alive: true });
  });
  admin.get('/readyz', async (_request, response) => {
    const failure = index.failure()?.message;
    const ledgerHeight = await ledger.height().catch(() => undefined);
    const behind = ledgerHeight === undefined ? undefined : ledgerHeight - index.height();
    const ready = failure === undefined && behind !== undefined && behind <= ABREAST;
    response.status(ready ? 200 : 503).json({ ready, ledgerHeight, indexHeight: index.height(), failure });
  });
  admin.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.text());
  });
  return admin;
}

/** How many blocks the index may be behind the ledger and still answer for it. */
const ABREAST = 10;
