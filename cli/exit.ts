// SPDX-License-Identifier: Apache-2.0
import { ConfigError } from 'yuanliu-gateway/config/config';
import { IdentityError } from 'yuanliu-gateway/identity/error';
import { NoGatewayError, ProblemError, UsageError, type Problem } from './failures.js';
import { usageText, type CommanderFailure } from './usage.js';
import { said } from './words/index.js';
import { shown } from './shown.js';

/** Exit codes of every command. */
export const EXIT = { done: 0, failed: 1, usage: 2, rejected: 3, noGateway: 4 } as const;

/** What went wrong, for people and for programs. */
export interface Failure {
  readonly exit: number;
  readonly message: string;
  readonly remedy?: string;
  /** The answer of the gateway, where it rejected the request. */
  readonly problem?: Problem;
}

/** Reads any error as a failure. */
function failureOf(error: unknown): Failure {
  if (error instanceof ProblemError) {
    const { problem, message } = error;
    // the gateway speaks of a header, which no option is
    const remedy = problem.code === 'UNAUTHENTICATED' ? said('who-asks') : problem.remedy;
    return { exit: EXIT.rejected, message, problem, ...(remedy === undefined ? {} : { remedy }) };
  }
  if (error instanceof NoGatewayError) {
    return { exit: EXIT.noGateway, message: error.message, remedy: error.remedy };
  }
  if (isOfCommander(error)) return { exit: error.exitCode === 0 ? EXIT.done : EXIT.usage, message: usageText(error) };
  const exit = error instanceof ConfigError || error instanceof UsageError ? EXIT.usage : EXIT.failed;
  const message = isOfPath(error) ? said('no-path', { path: error.path }) : messageOf(error);
  return {
    exit,
    message,
    ...(error instanceof IdentityError && error.details.remedy !== undefined ? { remedy: error.details.remedy } : {}),
  };
}

/** Prints a failure: for people on standard error, as one JSON object on standard output where JSON was asked for. */
export function printFailure(error: unknown, json: boolean): number {
  const failure = failureOf(error);
  if (failure.exit === EXIT.done) return failure.exit;
  if (json) console.log(JSON.stringify({ error: failure }, null, 2));
  else console.error(linesOf(failure).join('\n'));
  return failure.exit;
}

function linesOf({ message, remedy, problem }: Failure): string[] {
  const { rule, article, requirement, issues = [], violations = [] } = shown(problem) ?? {};
  return [
    ...(problem ? [shown(message)] : message.split('\n').map(shown)),
    ...(rule === undefined
      ? []
      : [
          `${said('rule-line', { rule })}${article === undefined ? '' : ` (${article})`}${requirement === undefined ? '' : ` ${requirement}`}`,
        ]),
    ...issues.map(({ path, message: why }) => `  ${path === '' ? '' : `${path}: `}${why}`),
    ...violations.map((broken) => `  ${broken.rule} (${broken.article}): ${broken.message}`),
    ...(remedy === undefined ? [] : [`  → ${shown(remedy)}`]),
  ];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isOfCommander(error: unknown): error is CommanderFailure {
  return error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number';
}

/** A file or folder that is named and not there. */
function isOfPath(error: unknown): error is { readonly path: string } {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT' && 'path' in error;
}
