// SPDX-License-Identifier: Apache-2.0
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import { anchor } from 'yuanliu-chaincode/records/resource/resource';
import type { Act } from 'yuanliu-chaincode/kind/act';
import type { Acts, ManyRequest } from '../acts/perform.js';
import { type Problem, problemOf } from '../errors/problem.js';
import type { TokenSubject } from '../identity/issuer.js';
import type { LedgerIndex } from '../index/ledger-index.js';
import { knownRow } from './known-row.js';
import type { ImportRow } from './report.js';
import type { ResourceRow } from './resource-rows.js';

/** What rows are done with. */
export type RowActs = Pick<Acts, 'performAll' | 'rehearse'>;

export interface RowContext {
  readonly acts: RowActs;
  readonly index: LedgerIndex;
  readonly subject: TokenSubject;
  /** Whether a name or code in a row's provider column is the sender. */
  readonly isSender: (named: string) => boolean;
  /** Called with why a row was not done, where that is not the row's own fault. */
  readonly failed: (problem: Problem, line: number) => void;
}

type Results = Map<ResourceRow, ImportRow>;

/** Anchors rows together, or says of each why not; never throws. */
export async function anchorRows(rows: readonly ResourceRow[], context: RowContext): Promise<Results> {
  const { acts, index, subject } = context;
  const { results, sent } = checked(rows, context);
  if (sent.length === 0) return results;
  try {
    const outcomes = await acts.performAll(sent.map(requestOf), { subject });
    for (const [place, row] of sent.entries()) {
      const outcome = outcomes[place] ?? { error: new Error(`row ${row.id} was not answered`) };
      if ('error' in outcome) results.set(row, refused(row, outcome.error, context));
      else {
        const { replayed, receipt } = outcome;
        const { txId } = receipt;
        const known = replayed
          ? knownRow(row, index, subject)
          : { line: row.line, id: row.id, result: 'anchored' as const };
        results.set(row, { ...known, txId });
      }
    }
  } catch (error) {
    for (const row of sent) if (!results.has(row)) results.set(row, refused(row, error, context));
  }
  return results;
}

/** Tells of each row what {@link anchorRows} would do; writes nothing and never throws. */
export async function rehearseRows(rows: readonly ResourceRow[], context: RowContext): Promise<Results> {
  const { acts, index, subject } = context;
  const { results, sent } = checked(rows, context);
  for (const row of sent) {
    const { line, id } = row;
    try {
      const { repeated } = await acts.rehearse({ ...requestOf(row), subject });
      results.set(row, repeated === undefined ? { line, id, result: 'anchored' } : knownRow(row, index, subject));
    } catch (error) {
      results.set(row, refused(row, error, context));
    }
  }
  return results;
}

/** The rows that are to be sent, and the results of those that are not. */
function checked(
  rows: readonly ResourceRow[],
  { isSender }: RowContext,
): { readonly results: Results; readonly sent: readonly ResourceRow[] } {
  const results: Results = new Map();
  for (const row of rows) {
    const { provider, issues } = row;
    if (provider !== undefined && !isSender(provider)) results.set(row, ofAnother(row, provider));
    else if (issues.length > 0) results.set(row, invalid(row, issues));
  }
  return { results, sent: rows.filter((row) => !results.has(row)) };
}

function requestOf({ id, input, idempotencyKey }: ResourceRow): ManyRequest {
  return { act: anchor as unknown as Act, id, json: JSON.stringify(input), idempotencyKey };
}

function refused(row: ResourceRow, error: unknown, { index, subject, failed }: RowContext): ImportRow {
  if (error instanceof ContractError) {
    return error.code === 'EXISTS' ? knownRow(row, index, subject) : refusal(row, error);
  }
  const problem = problemOf(error);
  failed(problem, row.line);
  return { line: row.line, id: row.id, ...failure(problem) };
}

/** Only the organisation that holds a resource anchors it; the sender of a file acts for itself alone. */
function ofAnother({ line, id, headers }: ResourceRow, provider: string): ImportRow {
  return {
    line,
    id,
    result: 'failed',
    code: 'FORBIDDEN',
    message: `${headers['provider'] ?? 'provider'} is ${provider}: each organisation anchors its own resources`,
    remedy: `let ${provider} send the row; \`yuanliu import FILE --split DIR\` makes a file for each provider`,
  };
}

/** What is wrong with a row, column by column in the file's own words. */
function invalid({ line, id }: ResourceRow, issues: ResourceRow['issues'], rest = {}): ImportRow {
  return {
    line,
    id,
    result: 'invalid',
    code: 'INPUT_INVALID',
    message: issues.map(({ path, message }) => `${path}: ${message}`).join('; '),
    remedy: 'correct the columns named, and send the file again',
    issues: [...issues],
    ...rest,
  };
}

function refusal(row: ResourceRow, { code, details: { message, remedy, issues = [] } }: ContractError): ImportRow {
  if (code === 'INPUT_INVALID' && issues.length > 0) {
    return invalid(
      row,
      issues.map(({ path, message: why }) => ({ path: headerOf(path, row), message: why })),
    );
  }
  const [shaped, foul] = [code === 'INPUT_INVALID', foulFields(row)];
  return {
    line: row.line,
    id: row.id,
    result: shaped ? 'invalid' : 'failed',
    code,
    message: shaped && foul.length > 0 ? `${foul.join(', ')}: ${message}` : message,
    remedy:
      shaped && foul.length > 0 ? 'remove it from the cell, and send the file again' : (remedy ?? 'see the message'),
  };
}

/** `title.3` is the header of the column that says the title. */
function headerOf(path: string, { headers }: ResourceRow): string {
  const [field = '', ...rest] = path.split('.');
  return [headers[field] ?? field, ...rest].join('.');
}

/** Columns whose text the contract takes from nobody: control characters, which it reports without their place. */
function foulFields({ input, headers }: ResourceRow): string[] {
  return Object.entries(input).flatMap(([field, value]) => {
    const foul = typeof value === 'string' && (/[^\P{Cc}\n\t]|\ufffd/u.test(value) || !value.isWellFormed());
    return foul ? [headers[field] ?? field] : [];
  });
}

type Failure = Pick<ImportRow, 'result' | 'code' | 'message' | 'remedy'>;

function failure({ code }: Problem): Failure {
  const message = code === 'COMMIT_UNKNOWN' ? 'whether the row was done is not known' : 'the row was not done';
  return { result: 'failed', code, message, remedy: 'send the file again' };
}
