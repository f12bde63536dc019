// SPDX-License-Identifier: Apache-2.0
import { Level } from 'level';
import { type Pages, pagesOf } from '../level.js';
import { makePrivateFolder } from '../private-files.js';
import type { ImportReport, ImportRow } from './report.js';

/** An import with the results of its rows, in the order of the file. */
export interface StoredImport {
  readonly report: ImportReport;
  readonly results: readonly ImportRow[];
}

/** Remembers imports over a restart, so that an interrupted one is told as such. */
export interface ImportStore {
  get(id: string): Promise<StoredImport | undefined>;
  put(entry: StoredImport): Promise<void>;
  /** Every import as it is now. */
  copy(): Pages;
  close(): Promise<void>;
}

/** Opens the store in a directory. Whatever was running when the gateway stopped is interrupted now. */
export async function openImportStore(directory: string, now: string): Promise<ImportStore> {
  await makePrivateFolder(directory);
  const db = new Level<string, StoredImport>(directory, { valueEncoding: 'json' });
  await db.open();
  for await (const [id, entry] of db.iterator()) {
    if (entry.report.state !== 'running') continue;
    await db.put(id, { ...entry, report: { ...entry.report, state: 'interrupted', finishedAt: now } });
  }
  return {
    get: (id) => db.get(id),
    put: (entry) => db.put(entry.report.import, entry),
    copy: () => pagesOf(db.iterator<string, Uint8Array>({ valueEncoding: 'view' })),
    close: () => db.close(),
  };
}
