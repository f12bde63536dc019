// SPDX-License-Identifier: Apache-2.0
import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import type { Language } from 'yuanliu-chaincode/messages';
import type { LedgerIndex } from '../../index/ledger-index.js';
import { logProblem } from '../../errors/log-problem.js';
import { type Problem, problemOf, statuses, titleOf } from '../../errors/problem.js';
import { inWords, languageOf } from '../language.js';
import type { ProblemDocument } from '../routes/shapes.js';
import { textOf } from '../../messages/index.js';

/**
 * Tells a problem as a document (RFC 9457) in a language, with the article and requirement that the rulebook gives its
 * rule.
 */
export function describeProblem(
  { code: problem, details }: Problem,
  index: Pick<LedgerIndex, 'rulebook'>,
  language: Language,
): ProblemDocument {
  const { code, params = {}, message, remedy, violations, issues, ...rest } = details;
  const reason = code === undefined ? undefined : { code, params };
  const text = reason ? textOf(language, reason) : { message, ...(remedy === undefined ? {} : { remedy }) };
  const rule = details.rule === undefined ? undefined : index.rulebook()?.body.rules[details.rule];
  return {
    type: `urn:yuanliu:problem:${problem.toLowerCase().replaceAll('_', '-')}`,
    title: titleOf(problem, language),
    status: statuses[problem],
    detail: text.message,
    code: problem,
    ...(rule ? { article: rule.article, requirement: rule.requirement } : {}),
    ...rest,
    ...(text.remedy === undefined ? {} : { remedy: text.remedy }),
    ...(reason ? { reason } : {}),
    ...(violations ? { violations: inWords(language, violations) } : {}),
    ...(issues ? { issues: inWords(language, issues) } : {}),
  };
}

/** The last handler: every error of every route becomes a problem document, and what was not foreseen is logged. */
export function tellProblem(index: Pick<LedgerIndex, 'rulebook'>, logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const problem = problemOf(error);
    const requestId = response.get('X-Request-Id') ?? '';
    logProblem(problem, { requestId }, logger);
    if (response.headersSent) {
      next(error); // too late for another answer: Express ends the connection
      return;
    }
    response
      .status(statuses[problem.code])
      .set(problem.headers)
      .type('application/problem+json')
      .send(JSON.stringify({ ...describeProblem(problem, index, languageOf(request)), requestId }));
  };
}
