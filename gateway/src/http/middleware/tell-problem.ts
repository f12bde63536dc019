// SPDX-License-Identifier: Apache-2.0
import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import type { LedgerIndex } from '../../index/ledger-index.js';
import { logProblem } from '../../errors/log-problem.js';
import { type Problem, problemOf, problemTypes } from '../../errors/problem.js';
import type { ProblemDocument } from '../routes/shapes.js';

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
