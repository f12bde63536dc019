// SPDX-License-Identifier: Apache-2.0
import { canonicalize } from 'json-canonicalize';
import { ContractError } from 'yuanliu-chaincode/error';
import { anchor } from 'yuanliu-chaincode/records/resource';
import type { Act } from 'yuanliu-chaincode/act';
import type { Acts } from '../acts/perform.js';
import { type Problem, problemOf } from '../http/problem.js';
import type { TokenSubject } from '../identity/issuer.js';
import type { LedgerIndex } from '../index/ledger-index.js';
import type { ImportRow } from './report.js';
import type { ResourceRow } from './resource-rows.js';

export interface RowContext {
  readonly acts: Acts;
  readonly index: LedgerIndex;
  readonly subject: TokenSubject;
  readonly dryRun: boolean;
  /** Told why a row was not done, where that is not the row's own fault. */
  readonly failed: (problem: Problem, line: number) => void;
}

/** Anchors one row, or tells why not; never throws. */
export async function anchorRow(
  row: ResourceRow,
  { acts, index, subject, dryRun, failed }: RowContext,
): Promise<ImportRow> {
  const { line, id, idempotencyKey } = row;
  const request = { act: anchor as unknown as Act, id, json: JSON.stringify(row.input), idempotencyKey, subject };
  try {
    if (dryRun) {
      const { repeated } = await acts.rehearse(request);
      return { line, id, result: repeated === undefined ? 'anchored' : 'unchanged' };
    }
    const { receipt, replayed } = await acts.perform(request);
    return { line, id, result: replayed ? 'unchanged' : 'anchored', txId: receipt.txId };
  } catch (error) {
    if (error instanceof ContractError) {
      return error.code === 'EXISTS' ? existing(row, { index, subject }) : { line, id, ...refusal(error) };
    }
    const problem = problemOf(error);
    failed(problem, line);
    return { line, id, ...failure(problem) };
  }
}

/** A row whose id is taken: by the same content, or by other. */
function existing(
  { line, id, input }: ResourceRow,
  { index, subject }: Pick<RowContext, 'index' | 'subject'>,
): ImportRow {
  const known = index.record(`resource/${id}`, index.viewer(subject.organization))?.record;
  const body = known?.body as Readonly<Record<string, unknown>> | undefined;
  const own = body?.['provider'] === subject.organization;
  if (own && Object.entries(input).every(([field, value]) => same(body[field], value))) {
    return { line, id, result: 'unchanged' };
  }
  return {
    line,
    id,
    result: 'conflict',
    code: 'EXISTS',
    message: own ? `resource/${id} is on the ledger with other content` : `resource/${id} is taken by another provider`,
    remedy: own ? `revise it: POST /api/v1/resources/${id}/revise` : 'choose another id',
  };
}

function same(known: unknown, given: unknown): boolean {
  return known !== undefined && canonicalize(known) === canonicalize(given);
}

type Failure = Pick<ImportRow, 'result' | 'code' | 'message' | 'remedy' | 'issues'>;

function refusal({ code, details: { message, remedy, issues } }: ContractError): Failure {
  return {
    result: code === 'INPUT_INVALID' ? 'invalid' : 'failed',
    code,
    message,
    ...(remedy === undefined ? {} : { remedy }),
    ...(issues === undefined ? {} : { issues: [...issues] }),
  };
}

function failure({ code }: Problem): Failure {
  const message = code === 'COMMIT_UNKNOWN' ? 'whether the row was done is not known' : 'the row was not done';
  return { result: 'failed', code, message, remedy: 'send the file again' };
}
