// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises';
import type { ImportReport, ImportRow } from 'yuanliu-gateway/imports/report';
import type { Encoding } from 'yuanliu-gateway/text/encoding';
import type { GatewayClient } from './client.js';

export type ImportState = ImportReport & { readonly results: readonly ImportRow[]; readonly cursor?: string };

export interface ImportSending {
  readonly dryRun: boolean;
  /** Which columns say what, and values for every row: as the API's parameters of these names. */
  readonly columns?: readonly string[];
  readonly set?: readonly string[];
  /** Of the file; found by its bytes unless given. */
  readonly encoding?: Encoding;
  /** Called with how far it has come. */
  readonly progress: (state: ImportState) => void;
}

/** Asks again this often how far an import has come, in milliseconds. */
const ASK_EVERY = 100;

/**
 * Sends a CSV file of resources and waits until every row has its result. The same file again changes
 * nothing, so an import that was broken off is simply sent again.
 */
export async function sendImport(
  client: GatewayClient,
  csv: Uint8Array<ArrayBuffer>,
  { dryRun, columns, set, encoding, progress }: ImportSending,
): Promise<ImportState> {
  let state = await client.ask<ImportState>('/api/v1/imports', {
    method: 'POST',
    body: csv,
    type: encoding === undefined ? 'text/csv' : `text/csv; charset=${encoding}`,
    prefer: 'respond-async',
    query: { dryRun: dryRun ? 'true' : undefined, columns, set },
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
