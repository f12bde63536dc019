// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises';
import type { ImportReport, ImportRow } from 'yuanliu-gateway/imports/report';
import type { GatewayClient } from './client.js';

export type ImportState = ImportReport & { readonly results: readonly ImportRow[]; readonly cursor?: string };

/** Asks again this often how far an import has come, in milliseconds. */
const ASK_EVERY = 100;

/**
 * Sends a CSV file of resources and waits until every row has its result; `progress` is told how far it has come. The same
 * file again changes nothing, so an import that was broken off is simply sent again.
 */
export async function sendImport(
  client: GatewayClient,
  csv: Uint8Array<ArrayBuffer>,
  { dryRun, progress }: { readonly dryRun: boolean; readonly progress: (state: ImportState) => void },
): Promise<ImportState> {
  let state = await client.ask<ImportState>('/api/v1/imports', {
    method: 'POST',
    body: csv,
    type: 'text/csv',
    prefer: 'respond-async',
    query: { dryRun: dryRun ? 'true' : undefined },
  });
  const path = `/api/v1/imports/${state.import}`;
  while (state.state === 'running') {
    progress(state);
    await setTimeout(ASK_EVERY);
    state = await client.ask<ImportState>(path, { query: { limit: '1' } });
  }
  progress(state);
  const results: ImportRow[] = [];
  for (let cursor: string | undefined, more = true; more; more = cursor !== undefined) {
    const page: ImportState = await client.ask<ImportState>(path, { query: { cursor, limit: '5000' } });
    results.push(...page.results);
    cursor = page.cursor;
  }
  const { cursor: _read, ...report } = state;
  return { ...report, results };
}

/** Rows that have a result. */
export function rowsDone({ counts }: ImportReport): number {
  return Object.values(counts).reduce((sum, one) => sum + one, 0);
}

/** Rows that did not go on chain and are not there already. */
export function rowsAmiss({ counts }: ImportReport): number {
  return counts.conflict + counts.duplicate + counts.invalid + counts.failed;
}
