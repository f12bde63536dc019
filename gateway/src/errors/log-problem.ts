// SPDX-License-Identifier: Apache-2.0
import type { Problem, ProblemCode } from './problem.js';

export interface FailureLogger {
  error(details: object, message: string): void;
}

/** Logs a problem if those who run the gateway must see it; `where` holds the id that its caller is told. */
export function logProblem(problem: Problem, where: object, logger: FailureLogger): void {
  if (TO_BE_LOGGED.has(problem.code)) logger.error({ ...where, err: problem.cause ?? problem }, 'a request failed');
}

/** What those who run the gateway must see. */
const TO_BE_LOGGED: ReadonlySet<ProblemCode> = new Set(['INTERNAL', 'NO_SPACE', 'COMMIT_UNKNOWN', 'DEADLINE']);
