// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import type { Acts } from '../acts/perform.js';
import type { Problem } from '../errors/problem.js';
import { type FailureLogger, logProblem } from '../errors/log-problem.js';
import type { TokenSubject } from '../identity/issuer.js';
import type { LedgerIndex } from '../index/ledger-index.js';
import type { Copy } from '../storage/level.js';
import { importsOf } from '../runtime/fair-queue.js';
import { slices } from '../runtime/slices.js';
import { anchorRows, rehearseRows, type RowActs } from './anchor-rows.js';
import { mapColumns, type ColumnChoice, type ColumnMapping } from './columns.js';
import type { Encoded } from '../text/decode-large.js';
import { readTable, type Table } from './read-table.js';
import { NO_COUNTS, type ImportReport, type ImportRow } from './report.js';
import { compared } from './cells.js';
import { resourceRow, type ResourceRow, type Sender } from './resource-rows.js';
import { keepFor } from './retention.js';
import { openImportStore, type Part, type Rows } from './store.js';

export interface ImportRequest {
  /** The file: CSV. */
  readonly file: Encoded;
  /** Which column says what. */
  readonly choice: ColumnChoice;
  readonly subject: TokenSubject;
  /** Tell what would happen; write nothing. */
  readonly dryRun: boolean;
}

/** Bulk anchoring: a file of resources, each row one act by the caller for its own organisation. */
export interface Imports {
  /**
   * Begins an import and returns once its file is read; `done` resolves when every row has its result. Imports of one
   * organisation run one after the other. Rows are independent, and idempotent by id and content: the same file again
   * changes nothing.
   *
   * @throws ContractError `INPUT_INVALID` for a file that cannot be read, `FORBIDDEN` for a caller who provides nothing:
   *   nothing was begun.
   */
  start(request: ImportRequest): Promise<{ readonly id: string; readonly done: Promise<void> }>;
  /** How many are under way, of an organisation or in all, from the call of `start` on: each keeps its file in memory. */
  underWay(organization?: string): number;
  /** An import of this organisation, as far as it has come; undefined if there is none. */
  get(id: string, organization: string): Promise<ImportReport | undefined>;
  /** Those of an organisation that are kept, newest first. */
  list(organization: string): Promise<readonly ImportReport[]>;
  /** Begins no further row of one that runs; those under way end. Resolves when they did. */
  cancel(id: string): Promise<void>;
  /** Deletes the report of one that does not run, and the results of its rows. What is on the ledger stays. */
  delete(id: string): Promise<void>;
  /** The results of its rows, as far as there are. */
  rows(id: string, part: Part): Promise<Rows>;
  /** Every import that is kept, as it is now. */
  copy(): Copy;
  /** Begins no further row, waits for those under way, and lets go of the files. */
  close(): Promise<void>;
}

/** Does the work of so many rows of an organisation's import, when it is their turn. */
export type AdmitRows = <T>(organization: string, rows: number, work: () => Promise<T>) => Promise<T>;

const atOnce: AdmitRows = (_organization, _rows, work) => work();

export interface ImportsOptions {
  readonly directory: string;
  readonly acts: Acts;
  readonly index: LedgerIndex;
  /** Lets rows of an organisation in when it is their turn; at once unless given. */
  readonly admitRows?: AdmitRows;
  /** For how many days after its end an import is kept; for good unless given. */
  readonly days?: number;
  readonly clock?: () => Date;
  readonly logger?: FailureLogger;
}

export async function openImports(options: ImportsOptions): Promise<Imports> {
  const { directory, acts, index, days, clock = () => new Date(), logger, admitRows = atOnce } = options;
  const now = (): string => clock().toISOString();
  const store = await openImportStore(directory, now());
  const retention = days === undefined ? undefined : keepFor(days, { store, clock, logger });
  const running = new Map<string, Running>();
  const cancelled = new Set<string>();
  /** Resolves when an organisation's imports so far have ended: the next one runs then. */
  const latest = new Map<string, Promise<void>>();
  const beginning: string[] = [];
  let closing = false;

  const run = async (report: ImportReport, { table, mapping, sender }: Read, { subject, dryRun }: ImportRequest) => {
    const seen = new Map<string, number>();
    const isSender = namesOf(subject, index);
    let next = 0;
    let done = 0;
    let stopped = false;
    const logged = new Set<string>();
    const failed = (problem: Problem, line: number): void => {
      if (logged.has(problem.code)) return; // on a full disk every row fails alike
      logged.add(problem.code);
      if (logger) logProblem(problem, { import: report.import, line }, logger);
    };
    const inTurn: RowActs = {
      performAll: (all, options) => admitRows(subject.organization, all.length, () => acts.performAll(all, options)),
      rehearse: (act) => admitRows(subject.organization, 1, () => acts.rehearse(act)),
    };
    const context = { acts: inTurn, index, subject, isSender, failed };
    const anchorAll = dryRun ? rehearseRows : anchorRows;
    const worker = async (): Promise<void> => {
      const othersDue = slices(importsOf(subject.organization));
      for (let from = next; from < table.length; from = next) {
        if (closing || stopped || cancelled.has(report.import)) return;
        const to = (next = Math.min(from + (dryRun ? 1 : TOGETHER), table.length));
        const group: { readonly place: number; readonly row: ResourceRow; readonly earlier: number | undefined }[] = [];
        for (let place = from; place < to; place++) {
          const row = resourceRow(table.row(place), mapping, sender);
          const earlier = seen.get(row.id);
          seen.set(row.id, earlier ?? row.line);
          group.push({ place, row, earlier });
        }
        await othersDue(); // a rehearsal waits for no ledger: others get their turn here
        const fresh = group.filter(({ earlier }) => earlier === undefined).map(({ row }) => row);
        const results = fresh.length > 0 ? await anchorAll(fresh, context) : new Map<ResourceRow, ImportRow>();
        const told = group.map(({ place, row, earlier }) => {
          const result = earlier === undefined ? results.get(row) : duplicate(row, earlier);
          if (!result) throw new Error(`line ${row.line} has no result`);
          return { place, result };
        });
        await Promise.all(told.map(({ place, result }) => store.add(report.import, place, result)));
        for (const { result } of told) report.counts[result.result] += 1;
        done += told.length;
      }
    };
    const stop = (error: unknown): never => {
      stopped = true;
      throw error;
    };
    await Promise.all(Array.from({ length: dryRun ? REHEARSED : IN_FLIGHT }, () => worker().catch(stop)));
    const halted = cancelled.delete(report.import) ? 'cancelled' : 'interrupted';
    report.state = done < table.length ? halted : 'done';
    report.finishedAt = now();
    await store.put(report);
    running.delete(report.import);
  };

  const begin = async (request: ImportRequest): Promise<{ readonly id: string; readonly done: Promise<void> }> => {
    const { file, subject, dryRun, choice } = request;
    const sender = senderOf(subject, index);
    const table = await readTable(importsOf(subject.organization), file);
    const { header } = table;
    const mapping = mapColumns(header.cells, header.line, choice);
    const id = randomUUID();
    const report: ImportReport = {
      import: id,
      user: subject.user,
      organization: subject.organization,
      dryRun,
      encoding: table.encoding,
      columns: { ...mapping.headers },
      ignored: [...mapping.ignored],
      state: 'running',
      startedAt: now(),
      rows: table.length,
      counts: { ...NO_COUNTS },
    };
    await store.put(report);
    // Where results cannot be kept, as on a full disk, nothing more is begun: what was done is told when the file comes again.
    let cancel = (): void => undefined;
    const cancelling = new Promise<void>((resolve) => (cancel = resolve));
    const before = latest.get(subject.organization) ?? Promise.resolve();
    const done = Promise.race([before, cancelling])
      .then(() => run(report, { table, mapping, sender }, request))
      .catch((err: unknown) => {
        report.state = 'interrupted';
        logger?.error({ err, import: id }, 'an import was broken off');
      });
    running.set(id, { report, done, cancel });
    const all = Promise.all([before, done]).then(() => {
      if (latest.get(subject.organization) === all) latest.delete(subject.organization);
    });
    latest.set(subject.organization, all);
    return { id, done };
  };

  return {
    start: async (request) => {
      beginning.push(request.subject.organization);
      try {
        return await begin(request);
      } finally {
        beginning.splice(beginning.indexOf(request.subject.organization), 1);
      }
    },
    underWay: (organization) => {
      const reports = Array.from(running.values(), ({ report }) => report).filter(({ state }) => state === 'running');
      const all = [...beginning, ...reports.map((report) => report.organization)];
      return all.filter((one) => organization === undefined || one === organization).length;
    },
    get: async (id, organization) => {
      const report = running.get(id)?.report ?? (await store.get(id));
      return report?.organization === organization ? report : undefined;
    },
    list: async (organization) => {
      const kept = await store.all();
      return kept
        .map((report) => running.get(report.import)?.report ?? report)
        .filter((report) => report.organization === organization)
        .sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
    },
    cancel: async (id) => {
      const one = running.get(id);
      if (one?.report.state !== 'running') return;
      cancelled.add(id);
      one.cancel();
      await one.done;
    },
    delete: async (id) => {
      const one = running.get(id);
      if (one?.report.state === 'running') throw new Error(`import ${id} runs`);
      await one?.done; // until its report is kept, which would come back
      await store.delete(id);
      running.delete(id);
    },
    rows: (id, part) => store.rows(id, part),
    copy: () => store.copy(),
    close: async () => {
      closing = true;
      await retention?.close();
      await Promise.allSettled(Array.from(running.values(), ({ done }) => done));
      await store.close();
    },
  };
}

/** Where an import stands among those of its organisation: by when it began. */
export function placeOf({ startedAt, import: id }: ImportReport): string {
  return `${startedAt} ${id}`;
}

/** A file, and who sent it. */
interface Read {
  readonly table: Table;
  readonly mapping: ColumnMapping;
  readonly sender: Sender;
}

interface Running {
  readonly report: ImportReport;
  readonly done: Promise<void>;
  /** Has it no longer wait for those before it. */
  readonly cancel: () => void;
}

/** Rows that are one transaction, and transactions under way at once: enough to fill blocks. */
const TOGETHER = 100;
const IN_FLIGHT = 8;
/** Rows that are rehearsed at once: each is a call of its own. */
const REHEARSED = 64;

function duplicate({ line, id }: ResourceRow, earlier: number): ImportRow {
  const message = `line ${earlier} has the same id ${id}`;
  return { line, id, result: 'duplicate', code: 'INPUT_INVALID', message, remedy: 'leave one of the two rows' };
}

/** Whether a credit code or a name is that of the caller's organisation. */
function namesOf({ organization }: TokenSubject, index: LedgerIndex): (named: string) => boolean {
  const body = index.record(`organization/${organization}`, index.viewer(organization))?.record.body;
  const { name } = (body ?? {}) as { readonly name?: string };
  const own = [compared(organization), compared(name)];
  return (named) => own.includes(compared(named));
}

/** The caller, in the region in which it provides resources. */
function senderOf({ organization: provider }: TokenSubject, index: LedgerIndex): Sender {
  const viewer = index.viewer(provider);
  const role = viewer.roles.find((held) => held.role === 'department' || held.role === 'supplier');
  const holds = (id: string): boolean => {
    const body = index.record(`resource/${id}`, viewer)?.record.body as { readonly provider?: string } | undefined;
    return body?.provider === provider;
  };
  if (role) return { provider, region: role.region, holds };
  throw new ContractError(
    'FORBIDDEN',
    {
      message: `imports are for departments and suppliers; ${provider} is neither`,
      remedy: 'let the organisation that holds the resources send the file',
    },
    'acts-for-itself',
  );
}
