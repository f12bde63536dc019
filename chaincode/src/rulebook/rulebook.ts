// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { contractMessages } from '../messages/contract.js';
import type { Message } from '../messages/template.js';
import { addPeriod, calendar, earliestEnd, endOfDay, lastKnownDay, period } from './period.js';
import { document, instant, name, region, term, text } from '../vocabulary/vocabulary.js';

/** The one rulebook of a channel. */
export const RULEBOOK_ID = 'city';

/** Periods that acts and rules take from the rulebook. */
export const periodNames = ['publicity', 'filing', 'late-report'] as const;
export type PeriodName = (typeof periodNames)[number];

/**
 * Limits that a jurisdiction may set: a registrar's time to accept and to review, how long a registration is valid, how
 * long after go-live the past may be backfilled, how long an emergency measure lasts unconfirmed.
 */
export const limitNames = [
  'registration-acceptance',
  'registration-review',
  'registration-validity',
  'backfill',
  'emergency-measure',
] as const;
export type LimitName = (typeof limitNames)[number];

/** Records whose free-form parts have a required list. */
export const partedNames = ['plan', 'agreement', 'scenario'] as const;

const words = z.array(term).min(1).max(1000);

const ruleEntry = z.strictObject({
  /** Article of the measures, e.g. 第二十五条. */
  article: name,
  /** What it demands, in the regulation's words. */
  requirement: text,
  /** For rules that are recordable: let the act through and set this long to make it good. Absent: refuse. */
  dueWithin: period.optional(),
  /** Why the jurisdiction does without the rule, of rules that allow for it. Absent: it applies. */
  notApplicable: text.optional(),
});

/**
 * The rules of a jurisdiction as ledger data: code holds stable rule ids, the rulebook holds articles, wording, modes,
 * periods and required parts.
 */
export const rulebookBody = z.strictObject({
  title: name,
  /** The division whose rules these are. */
  region,
  source: document.optional(),
  /** Set on a rulebook that is not the regulation's own, with what differs. */
  demonstration: text.optional(),
  rules: z.record(z.string(), ruleEntry),
  periods: z.record(z.enum(periodNames), period),
  /** Periods that a rulebook may leave unset: then nothing is counted. */
  limits: z.partialRecord(z.enum(limitNames), period).optional(),
  /** Holidays and worked weekends, for periods in working days. */
  calendar: calendar.optional(),
  /** From when on the ledger is the record. What happened before is backfilled (补录) and judged by documents. */
  goLive: instant.optional(),
  /** The words of the jurisdiction; a list that is absent limits nothing. */
  vocabulary: z.strictObject({ domains: words, purposes: words }).partial().optional(),
  parts: z.record(z.enum(partedNames), z.array(z.string()).max(50)),
});
export type RulebookBody = z.infer<typeof rulebookBody>;

/** The end of a period that begins at `time`. Throws BeyondCalendar. */
export function periodAfter(time: string, rulebook: RulebookBody, which: PeriodName): string {
  return addPeriod(time, rulebook.periods[which], rulebook.calendar);
}

/** The end of a limit that begins at `time`; undefined if the rulebook sets none. Throws BeyondCalendar. */
export function limitAfter(time: string, rulebook: RulebookBody, which: LimitName): string | undefined {
  const limit = rulebook.limits?.[which];
  return limit === undefined ? undefined : addPeriod(time, limit, rulebook.calendar);
}

/** The end of a period or limit that begins at `time`; undefined for a limit that the rulebook leaves unset. Throws BeyondCalendar. */
export function endOf(time: string, rulebook: RulebookBody, which: PeriodName | LimitName): string | undefined {
  return isPeriod(which) ? periodAfter(time, rulebook, which) : limitAfter(time, rulebook, which);
}

/** The earliest that a period or limit may end, also where its working days are not known. Never throws BeyondCalendar. */
export function earliestEndOf(
  time: string,
  { periods, limits, calendar: years }: RulebookBody,
  which: PeriodName | LimitName,
): string | undefined {
  const duration = isPeriod(which) ? periods[which] : limits?.[which];
  return duration === undefined ? undefined : earliestEnd(time, duration, years);
}

/** Whether any of its periods is in working days, so that it needs the holidays of the years to come. */
export function countsWorkingDays({ periods, limits, rules }: RulebookBody): boolean {
  const durations = [
    ...Object.values(periods),
    ...Object.values(limits ?? {}),
    ...Object.values(rules).flatMap(({ dueWithin }) => dueWithin ?? []),
  ];
  return durations.some((one) => one.endsWith('wd'));
}

/** The last day until which working days can be counted; undefined for a rulebook that counts none. */
export function calendarUntil(rulebook: RulebookBody, now: string): string | undefined {
  return countsWorkingDays(rulebook) ? lastKnownDay(now, rulebook.calendar) : undefined;
}

/** The end of the calendar, where it is near or past. Periods that begin today may run into the year without holidays. */
export function calendarExpiry(rulebook: RulebookBody, now: string): Expiry | undefined {
  const until = calendarUntil(rulebook, now);
  if (until === undefined) return undefined;
  const by = endOfDay(until);
  const since = new Date(Date.parse(by) - CALENDAR_NOTICE_DAYS * 24 * 3_600_000).toISOString();
  if (now < since) return undefined;
  const next = Number(until.slice(0, 4)) + 1;
  return { by, since, ...contractMessages.message('calendar-ends', { until, next }) };
}

/** How many days before its end the calendar is reported. */
export const CALENDAR_NOTICE_DAYS = 90;

/** What a record says lasts until a time, and is to be renewed before that. */
export interface Expiry extends Message {
  readonly by: string;
  /** From when on it is reported. */
  readonly since: string;
}

function isPeriod(which: PeriodName | LimitName): which is PeriodName {
  return (periodNames as readonly string[]).includes(which);
}
