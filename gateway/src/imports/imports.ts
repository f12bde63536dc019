// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { ContractError } from 'yuanliu-chaincode/error';
import type { Acts } from '../acts/perform.js';
import type { TokenSubject } from '../identity/issuer.js';
import type { LedgerIndex } from '../index/ledger-index.js';
import type { Pages } from '../level.js';
import { anchorRow } from './anchor-row.js';
import { NO_COUNTS, type ImportReport, type ImportRow } from './report.js';
import { readResourceRows, type ResourceRow } from './resource-rows.js';
import { openImportStore, type StoredImport } from './store.js';

export interface ImportRequest {
  /** The file: CSV. */
  readonly text: string;
  readonly subject: TokenSubject;
  /** Tell what would happen; write nothing. */
  readonly dryRun: boolean;
}

/** Bulk anchoring: a file of resources, each row one act by the caller for its own organisation. */
export interface Imports {
  /**
   * Begins an import and returns at once; `done` resolves when every row has its result. Rows are independent, and
   * idempotent by id and content: the same file again changes nothing.
   *
   * @throws ContractError `INPUT_INVALID` for a file that cannot be read, `FORBIDDEN` for a caller who provides nothing:
   *   nothing was begun.
   */
  start(request: ImportRequest): Promise<{ readonly id: string; readonly done: Promise<void> }>;
  /** How many are under way: each keeps its file in memory. */
  underWay(): number;
  /** An import of this organisation, as far as it has come; undefined if there is none. */
  get(id: string, organization: string): Promise<StoredImport | undefined>;
  /** Every import that is kept, as it is now. */
  copy(): Pages;
  /** Begins no further row, waits for those under way, and lets go of the files. */
  close(): Promise<void>;
}

export interface ImportsOptions {
  readonly directory: string;
  readonly acts: Acts;
  readonly index: LedgerIndex;
  readonly clock?: () => Date;
}

export async function openImports(options: ImportsOptions): Promise<Imports> {
  const { directory, acts, index, clock = () => new Date() } = options;
  const now = (): string => clock().toISOString();
  const store = await openImportStore(directory, now());
  const running = new Map<string, Running>();
  let closing = false;

  const run = async (current: Running, rows: readonly ResourceRow[], { subject, dryRun }: ImportRequest) => {
    const { report, results } = current;
    const seen = new Map<string, number>();
    const queue = rows.entries();
    const worker = async (): Promise<void> => {
      for (const [place, row] of queue) {
        if (closing) return;
        if (dryRun) await setImmediate(); // a rehearsal waits for no ledger: others get their turn here
        const earlier = seen.get(row.id);
        seen.set(row.id, earlier ?? row.line);
        const result =
          earlier === undefined ? await anchorRow(row, { acts, index, subject, dryRun }) : duplicate(row, earlier);
        results[place] = result;
        report.counts[result.result] += 1;
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
    report.state = closing && results.filter(Boolean).length < rows.length ? 'interrupted' : 'done';
    report.finishedAt = now();
    await store.put(current);
    running.delete(report.import);
  };

  return {
    start: async (request) => {
      const { text, subject, dryRun } = request;
      const rows = readResourceRows(text, regionOf(subject, index));
      const id = randomUUID();
      const report: ImportReport = {
        import: id,
        user: subject.user,
        organization: subject.organization,
        dryRun,
        state: 'running',
        startedAt: now(),
        rows: rows.length,
        counts: { ...NO_COUNTS },
      };
      const current: Running = { report, results: [], done: Promise.resolve() };
      running.set(id, current);
      await store.put(current);
      current.done = run(current, rows, request);
      return { id, done: current.done };
    },
    underWay: () => running.size,
    get: async (id, organization) => {
      const found = running.get(id) ?? (await store.get(id));
      return found?.report.organization === organization ? found : undefined;
    },
    copy: () => store.copy(),
    close: async () => {
      closing = true;
      await Promise.allSettled(Array.from(running.values(), ({ done }) => done));
      await store.close();
    },
  };
}

interface Running {
  readonly report: ImportReport;
  /** By place in the file; sparse while rows are under way. */
  readonly results: ImportRow[];
  done: Promise<void>;
}

/** Rows under way at once: enough to fill blocks, few enough to leave room for others. */
const IN_FLIGHT = 64;

function duplicate({ line, id }: ResourceRow, earlier: number): ImportRow {
  const message = `line ${earlier} has the same id ${id}`;
  return { line, id, result: 'duplicate', code: 'INPUT_INVALID', message, remedy: 'leave one of the two rows' };
}

/** The region in which the caller provides resources. */
function regionOf({ organization }: TokenSubject, index: LedgerIndex): string {
  const role = index.viewer(organization).roles.find((held) => held.role === 'department' || held.role === 'supplier');
  if (role) return role.region;
  throw new ContractError(
    'FORBIDDEN',
    {
      message: `imports are for departments and suppliers; ${organization} is neither`,
      remedy: 'let the organisation that holds the resources send the file',
    },
    'acts-for-itself',
  );
}
