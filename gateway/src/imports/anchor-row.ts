// SPDX-License-Identifier: Apache-2.0
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import { anchor } from 'yuanliu-chaincode/records/resource/resource';
import type { Act } from 'yuanliu-chaincode/kind/act';
import type { Acts } from '../acts/perform.js';
import { type Problem, problemOf } from '../errors/problem.js';
import type { TokenSubject } from '../identity/issuer.js';
import type { LedgerIndex } from '../index/ledger-index.js';
import { knownRow } from './known-row.js';
import type { ImportRow } from './report.js';
import type { ResourceRow } from './resource-rows.js';

export interface RowContext {
  readonly acts: Acts;
  readonly index: LedgerIndex;
  readonly subject: TokenSubject;
  /** Whether a name or code in a row's provider column is the sender. */
  readonly isSender: (named: string) => boolean;
  readonly dryRun: boolean;
  /** Called with why a row was not done, where that is not the row's own fault. */
  readonly failed: (problem: Problem, line: number) => void;
}

/** Anchors one row, or says why not; never throws. */
export async function anchorRow(
  row: ResourceRow,
  { acts, index, subject, isSender, dryRun, failed }: RowContext,
): Promise<ImportRow> {
  const { line, id, idempotencyKey, issues, provider } = row;
  if (provider !== undefined && !isSender(provider)) return ofAnother(row, provider);
  if (issues.length > 0) return invalid(row, issues);
  const request = { act: anchor as unknown as Act, id, json: JSON.stringify(row.input), idempotencyKey, subject };
  try {
    if (dryRun) {
      const { repeated } = await acts.rehearse(request);
      return repeated === undefined ? { line, id, result: 'anchored' } : knownRow(row, index, subject);
    }
    const { receipt, replayed } = await acts.perform(request);
    const { txId } = receipt;
    return replayed ? { ...knownRow(row, index, subject), txId } : { line, id, result: 'anchored', txId };
  } catch (error) {
    if (error instanceof ContractError) {
      return error.code === 'EXISTS' ? knownRow(row, index, subject) : refusal(row, error);
    }
    const problem = problemOf(error);
    failed(problem, line);
    return { line, id, ...failure(problem) };
  }
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
