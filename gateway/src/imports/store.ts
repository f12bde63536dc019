// SPDX-License-Identifier: Apache-2.0
import { Level } from 'level';
import { compact, type Copy, openFailureOf, pagesOf } from '../storage/level.js';
import { makePrivateFolder } from '../storage/private-files.js';
import { SharedWrites } from '../storage/shared-writes.js';
import { NO_COUNTS, type ImportReport, type ImportRow } from './report.js';

/** Which rows of an import: those with one result, after a place in the file, so many at most. */
export interface Part {
  readonly result?: ImportRow['result'] | undefined;
  readonly after?: number | undefined;
  readonly limit: number;
}

/** Rows that have their result, in the order of the file. */
export interface Rows {
  readonly results: readonly ImportRow[];
  /** The place of the last one, if there are more. */
  readonly end?: number;
}

/** Remembers imports over a restart, row by row: of one that was broken off it is known what was done. */
export interface ImportStore {
  get(id: string): Promise<ImportReport | undefined>;
  /** Every report. */
  all(): Promise<readonly ImportReport[]>;
  put(report: ImportReport): Promise<void>;
  /** Deletes an import with the results of its rows, and gives their room back. */
  delete(id: string): Promise<void>;
  /** Adds the result of the row at a place in the file. */
  add(id: string, place: number, row: ImportRow): Promise<void>;
  rows(id: string, part: Part): Promise<Rows>;
  /** Every import as it is now. */
  copy(): Copy;
  close(): Promise<void>;
}

/**
 * Opens the store in a directory. Whatever was running when the gateway stopped is interrupted now.
 *
 * @throws Error when another process has it open, or it cannot be read.
 */
export async function openImportStore(directory: string, now: string): Promise<ImportStore> {
  await makePrivateFolder(directory);
  const db = new Level<string, ImportReport | ImportRow>(directory, { valueEncoding: 'json' });
  const refused = (why: string, cause: unknown): Error =>
    new Error(`cannot open the imports in ${directory}: ${why}`, { cause });
  try {
    await db.open();
  } catch (cause) {
    const { kind, reason } = openFailureOf(cause);
    throw refused(kind === 'locked' ? 'one process holds them at a time' : `${reason}; ${REMEDY}`, cause);
  }
  const writes = new SharedWrites<RowWritten>((rows) => db.batch(rows));
  const store: ImportStore = {
    get: async (id) => (await db.get(REPORT + id)) as ImportReport | undefined,
    all: async () => {
      const reports: ImportReport[] = [];
      for await (const page of pagesOf(db.iterator(REPORTS)))
        for (const [, one] of page) reports.push(one as ImportReport);
      return reports;
    },
    put: (report) => db.put(REPORT + report.import, report),
    delete: async (id) => {
      const range = rowRange(id);
      await db.clear(range); // before the report: broken off between, it can be deleted again
      await db.del(REPORT + id);
      await compact(db, range);
    },
    add: (id, place, row) => {
      writes.add({ type: 'put', key: rowKey(id, place), value: row });
      return writes.written();
    },
    rows: async (id, { result, after = -1, limit }) => {
      const results: ImportRow[] = [];
      let end = after;
      for await (const page of rowsOf(db, id, after + 1)) {
        for (const { place, row } of page) {
          if (result !== undefined && row.result !== result) continue;
          if (results.length === limit) return { results, end };
          results.push(row);
          end = place;
        }
      }
      return { results };
    },
    copy: () => {
      const entries = db.iterator<string, Uint8Array>({ valueEncoding: 'view' });
      return { pages: pagesOf(entries), release: () => entries.close() };
    },
    close: () => db.close(),
  };
  try {
    for (const report of await store.all()) {
      if (report.state !== 'running') continue;
      const counts = { ...NO_COUNTS };
      for await (const page of rowsOf(db, report.import)) for (const { row } of page) counts[row.result] += 1;
      await store.put({ ...report, state: 'interrupted', finishedAt: now, counts });
    }
    return store;
  } catch (cause) {
    await db.close();
    throw refused(`they cannot be read; ${REMEDY}`, cause);
  }
}

interface RowWritten {
  readonly type: 'put';
  readonly key: string;
  readonly value: ImportRow;
}

/** They hold nothing that the files do not bring about again. */
const REMEDY = 'move that folder away, and send files again whose results are missing';
const REPORT = 'import ';
const REPORTS = { gt: REPORT, lt: `${REPORT}~` };
const ROW = 'row ';
/** Digits of a place in the file. */
const PLACE = 9;

function rowKey(id: string, place: number): string {
  return `${ROW}${id} ${String(place).padStart(PLACE, '0')}`;
}

function rowRange(id: string, from = 0): { readonly gte: string; readonly lt: string } {
  return { gte: rowKey(id, from), lt: `${ROW}${id} ~` };
}

/** A row by its place in the file. */
interface PlacedRow {
  readonly place: number;
  readonly row: ImportRow;
}

/** From a place on, a few at a time: others get their turn between. */
async function* rowsOf(
  db: Level<string, ImportReport | ImportRow>,
  id: string,
  from = 0,
): AsyncGenerator<readonly PlacedRow[]> {
  for await (const page of pagesOf(db.iterator(rowRange(id, from)))) {
    yield page.map(([key, row]) => ({ place: Number(key.slice(-PLACE)), row: row as ImportRow }));
  }
}
