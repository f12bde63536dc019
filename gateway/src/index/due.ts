// SPDX-License-Identifier: Apache-2.0
import type { Act } from 'yuanliu-chaincode/act';
import { BeyondCalendar } from 'yuanliu-chaincode/period';
import type { LedgerRecord } from 'yuanliu-chaincode/record';
import { endOf, type LimitName, type PeriodName, type RulebookBody } from 'yuanliu-chaincode/rulebook';

/** Until when an act is, or was, to be done, and what says so. */
export interface Deadline {
  readonly by: string;
  /** When the period began. */
  readonly since: string;
  /** The period of the rulebook, and the rule that demands the act. */
  readonly period: PeriodName | LimitName;
  readonly rule?: string;
  readonly article?: string;
}

/** Until when an act on a record is to be done; undefined if no period runs for it. */
export function deadlineOf(
  { due }: Act,
  { body, timeline }: LedgerRecord,
  rulebook: RulebookBody,
): Deadline | undefined {
  const since = due?.since(body, timeline.at(-1)?.at ?? '');
  if (!due || since === undefined) return undefined;
  const by = dueBy(due, since, rulebook);
  if (by === undefined) return undefined;
  const { period, rule } = due;
  const article = rule === undefined ? undefined : rulebook.rules[rule]?.article;
  return {
    by,
    since,
    period,
    ...(rule === undefined ? {} : { rule }),
    ...(article === undefined ? {} : { article }),
  };
}

/** When the period of an act ends; undefined too while the rulebook lacks the working days that it takes: nobody can tell. */
export function dueBy({ period }: Pick<Deadline, 'period'>, since: string, rulebook: RulebookBody): string | undefined {
  try {
    return endOf(since, rulebook, period);
  } catch (error) {
    if (error instanceof BeyondCalendar) return undefined;
    throw error;
  }
}
