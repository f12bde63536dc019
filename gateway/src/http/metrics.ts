// SPDX-License-Identifier: Apache-2.0
import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { freeBytes, SizeCache } from '../storage/data-folder.js';
import type { LedgerIndex } from '../index/ledger-index.js';
import type { Ledger } from '../ledger/port.js';
import type { Scrubber } from '../storage/scrubber.js';
import type { Admission } from './middleware/admission.js';

/** What the gateway counts, in Prometheus' terms. */
export interface Metrics {
  /** Measures each request by route, never by path: a path is anybody's. */
  readonly measure: RequestHandler;
  readonly contentType: string;
  text(): Promise<string>;
}

export interface Measured {
  /** The data folder. */
  readonly directory: string;
  readonly ledger: Ledger;
  readonly index: LedgerIndex;
  readonly admission: Admission;
  readonly scrubber: Pick<Scrubber, 'reports'>;
}

export function newMetrics({ directory, ledger, index, admission, scrubber }: Measured): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'yuanliu_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  new Gauge({
    name: 'yuanliu_ledger_height',
    help: 'Number of blocks on the ledger',
    registers,
    async collect() {
      this.set(await ledger.height().catch(() => NaN));
    },
  });
  new Gauge({
    name: 'yuanliu_index_height',
    help: 'Number of blocks in the index',
    registers,
    collect() {
      this.set(index.height());
    },
  });
  new Gauge({
    name: 'yuanliu_index_set_aside',
    help: 'Valid transactions whose writes cannot be read, and are in no record of the index',
    registers,
    collect() {
      this.set(index.setAside());
    },
  });
  new Gauge({
    name: 'yuanliu_writes_under_way',
    help: 'Writes in progress',
    registers,
    collect() {
      this.set(admission.underWay);
    },
  });
  new Gauge({
    name: 'yuanliu_writes_waiting',
    help: 'Writes that wait for a place',
    registers,
    collect() {
      this.set(admission.waiting);
    },
  });
  const sizes = new SizeCache(directory);
  new Gauge({
    name: 'yuanliu_store_checked',
    help: 'Part of a stored database that the check under way has passed, 0 to 1; 1 once one has passed',
    labelNames: ['store'],
    registers,
    collect() {
      for (const [store, { state, progress }] of scrubber.reports) {
        this.set({ store }, progress ?? (state === 'whole' ? 1 : 0));
      }
    },
  });
  new Gauge({
    name: 'yuanliu_store_damaged',
    help: 'Whether a stored database is known to be damaged: 1 if it is',
    labelNames: ['store'],
    registers,
    collect() {
      for (const [store, { state }] of scrubber.reports) this.set({ store }, state === 'damaged' ? 1 : 0);
    },
  });
  new Gauge({
    name: 'yuanliu_data_bytes',
    help: 'Size of what the data folder holds, by part',
    labelNames: ['part'],
    registers,
    async collect() {
      this.reset();
      for (const [part, bytes] of await sizes.current()) this.set({ part }, bytes);
    },
  });
  new Gauge({
    name: 'yuanliu_disk_free_bytes',
    help: 'Free where the data folder is',
    registers,
    async collect() {
      this.set(await freeBytes(directory));
    },
  });
  return {
    measure: (request, response, next) => {
      const stop = seconds.startTimer();
      response.on('close', () => {
        const { path = 'none' } = (request.route ?? {}) as { path?: string };
        stop({ method: request.method, route: path, status: response.statusCode });
      });
      next();
    },
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
