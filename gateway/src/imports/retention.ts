// SPDX-License-Identifier: Apache-2.0
import type { FailureLogger } from '../errors/log-problem.js';
import type { ImportStore } from './store.js';

export interface RetentionOptions {
  readonly store: ImportStore;
  readonly clock: () => Date;
  readonly logger?: FailureLogger | undefined;
}

/**
 * Deletes imports so many days after they ended, now and every hour. That it cannot, as on a full disk, is logged and tried
 * again; `close` waits for what it does.
 */
export function keepFor(days: number, { store, clock, logger }: RetentionOptions): { close(): Promise<void> } {
  let closed = false;
  const tidy = async (): Promise<void> => {
    const oldest = new Date(clock().getTime() - days * DAY_MS).toISOString();
    for (const { import: id, state, finishedAt } of await store.all()) {
      if (closed) return;
      if (state !== 'running' && finishedAt !== undefined && finishedAt < oldest) await store.delete(id);
    }
  };
  let tidying = Promise.resolve();
  const begin = (): void => {
    tidying = tidying.then(tidy).catch((err: unknown) => {
      logger?.error({ err }, 'old imports could not be deleted');
    });
  };
  begin();
  const timer = setInterval(begin, HOUR_MS).unref();
  return {
    close: async () => {
      closed = true;
      clearInterval(timer);
      await tidying;
    },
  };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
