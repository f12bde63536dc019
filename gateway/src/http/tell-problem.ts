// SPDX-License-Identifier: Apache-2.0
import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import type { LedgerIndex } from '../index/ledger-index.js';
import { type Problem, type ProblemCode, problemOf, problemTypes } from './problem.js';
import type { ProblemDocument } from './shapes.js';

/** Tells a problem as a document (RFC 9457), with the article that the rulebook gives its rule. */
export function describeProblem({ code, details }: Problem, index: Pick<LedgerIndex, 'rulebook'>): ProblemDocument {
  const { message, ...rest } = details;
  const article = details.rule === undefined ? undefined : index.rulebook()?.body.rules[details.rule]?.article;
  return {
    type: `urn:yuanliu:problem:${code.toLowerCase().replaceAll('_', '-')}`,
    title: problemTypes[code].title,
    status: problemTypes[code].status,
    detail: message,
    code,
    ...(article === undefined ? {} : { article }),
    ...rest,
  };
}

export interface FailureLogger {
  error(details: object, message: string): void;
}

/** Logs a problem if those who run the gateway must see it; `where` holds the id that its caller is told. */
export function logProblem(problem: Problem, where: object, logger: FailureLogger): void {
  if (TO_BE_LOGGED.has(problem.code)) logger.error({ ...where, err: problem.cause ?? problem }, 'a request failed');
}

/** The last handler: every error of every route becomes a problem document, and what was not foreseen is logged. */
export function tellProblem(index: Pick<LedgerIndex, 'rulebook'>, logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const problem = problemOf(error);
    const requestId = response.get('X-Request-Id') ?? '';
    logProblem(problem, { requestId }, logger);
    if (response.headersSent) {
      next(error); // too late for another answer: Express ends the connection
      return;
    }
    response
      .status(problemTypes[problem.code].status)
      .set(problem.headers)
      .type('application/problem+json')
      .send(JSON.stringify({ ...describeProblem(problem, index), requestId }));
  };
}

/** What those who run the gateway must see. */
const TO_BE_LOGGED: ReadonlySet<ProblemCode> = new Set(['INTERNAL', 'NO_SPACE', 'COMMIT_UNKNOWN', 'DEADLINE']);
