// SPDX-License-Identifier: Apache-2.0
import { STATED, waitsFor, type Act, type Asked } from 'yuanliu-chaincode/kind/act';
import { messageOf } from 'yuanliu-chaincode/vocabulary/error';
import { BeyondCalendar } from 'yuanliu-chaincode/rulebook/period';
import type { Message } from 'yuanliu-chaincode/messages';
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
  /** The period of the rulebook, or `stated` where the record states the date; and the rule that demands the act. */
  readonly period: PeriodName | LimitName | typeof STATED;
  readonly rule?: string;
  readonly article?: string;
  /** Why the end cannot be computed, and what to do; `by` is then the earliest that it may be. */
  readonly unjudged?: Message;
}

/**
 * Since when a period runs for an act on a record, and from which date its end is told: that one, or the end itself where the
 * record states it. Undefined if none runs, or if the record does not wait for the act.
 */
export function periodOf(
  act: Pick<Act, 'due' | 'waits'>,
  { id, state, body, timeline }: LedgerRecord,
  asked: Omit<Asked, 'id' | 'state'>,
): { readonly since: string; readonly from: string } | undefined {
  const { due } = act;
  const since = due?.since(body, timeline.at(-1)?.at ?? '');
  if (!due || since === undefined || !waitsFor(act, body, { ...asked, id, state })) return undefined;
  const from = due.until ? due.until(body) : since;
  return from === undefined ? undefined : { since, from };
}

/** Until when an act on a record is to be done; undefined if no period runs for it. */
export function deadlineOf(
  act: Pick<Act, 'due' | 'waits'>,
  record: LedgerRecord,
  rulebook: RulebookBody,
  asked: Omit<Asked, 'id' | 'state'>,
): Deadline | undefined {
  const { due } = act;
  const running = periodOf(act, record, asked);
  if (!due || !running) return undefined;
  const { since, from } = running;
  const end = dueBy(due, from, rulebook);
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
 * When the period of an act ends that began `since`, or that is stated as that; undefined for a limit that the rulebook leaves unset. While the rulebook lacks the
 * working days that it takes, the earliest that it may end, with the reason.
 */
export function dueBy(
  { period }: Pick<Deadline, 'period'>,
  since: string,
  rulebook: RulebookBody,
): Pick<Deadline, 'by' | 'unjudged'> | undefined {
  if (period === STATED) return { by: since };
  try {
    const by = endOf(since, rulebook, period);
    return by === undefined ? undefined : { by };
  } catch (error) {
    if (!(error instanceof BeyondCalendar)) throw error;
    const by = earliestEndOf(since, rulebook, period);
    return by === undefined ? undefined : { by, unjudged: messageOf(error) };
  }
}
