// SPDX-License-Identifier: Apache-2.0
import type { Act } from 'yuanliu-chaincode/kind/act';
import { BeyondCalendar } from 'yuanliu-chaincode/rulebook/period';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import {
  earliestEndOf,
  endOf,
  type LimitName,
  type PeriodName,
  type RulebookBody,
} from 'yuanliu-chaincode/rulebook/rulebook';

/** Until when an act is, or was, to be done, and what says so. */
export interface Deadline {
  readonly by: string;
  /** When the period began. */
  readonly since: string;
  /** The period of the rulebook, and the rule that demands the act. */
  readonly period: PeriodName | LimitName;
  readonly rule?: string;
  readonly article?: string;
  /** Why the end cannot be computed, and what to do; `by` is then the earliest that it may be. */
  readonly unjudged?: string;
}

/** Until when an act on a record is to be done; undefined if no period runs for it. */
export function deadlineOf(
  { due }: Act,
  { body, timeline }: LedgerRecord,
  rulebook: RulebookBody,
): Deadline | undefined {
  const since = due?.since(body, timeline.at(-1)?.at ?? '');
  if (!due || since === undefined) return undefined;
  const end = dueBy(due, since, rulebook);
  if (end === undefined) return undefined;
  const { period, rule } = due;
  const article = rule === undefined ? undefined : rulebook.rules[rule]?.article;
  return {
    by: end.by,
    since,
    period,
    ...(rule === undefined ? {} : { rule }),
    ...(article === undefined ? {} : { article }),
    ...(end.unjudged === undefined ? {} : { unjudged: end.unjudged }),
  };
}

/**
 * When the period of an act ends; undefined for a limit that the rulebook leaves unset. While the rulebook lacks the
 * working days that it takes, the earliest that it may end, with the reason.
 */
export function dueBy(
  { period }: Pick<Deadline, 'period'>,
  since: string,
  rulebook: RulebookBody,
): Pick<Deadline, 'by' | 'unjudged'> | undefined {
  try {
    const by = endOf(since, rulebook, period);
    return by === undefined ? undefined : { by };
  } catch (error) {
    if (!(error instanceof BeyondCalendar)) throw error;
    const by = earliestEndOf(since, rulebook, period);
    const { message, remedy } = error.details;
    return by === undefined ? undefined : { by, unjudged: `${message}: ${remedy ?? ''}` };
  }
}
