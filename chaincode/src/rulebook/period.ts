// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { says } from '../vocabulary/issue.js';
import { ContractError, saying } from '../vocabulary/error.js';

/**
 * A duration: ISO 8601 in calendar units (`P30D`, `P1Y6M`, `PT12H`, `P0D` for none), `30d` for P30D, or `20wd` for 20
 * working days (工作日).
 */
export const period = z
  .string()
  .refine(isDuration, says('not-a-duration'))
  .meta({ description: '期限 — ISO 8601 duration, or days (30d) or working days (20wd)', examples: ['20wd'] });

/** Whether a text is a duration as {@link period} has them. */
export function isDuration(value: string): boolean {
  return PERIOD.test(value) || DAYS.test(value);
}

const PERIOD =
  /^P(?=\d|T\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;
const DAYS = /^([1-9]\d{0,3})(d|wd)$/;

/** What the State Council's notice arranges for one year (节假日与调休), by dates in China. */
const year = z.strictObject({
  /** 放假: days off, weekend days among them or not. */
  holidays: z.array(z.iso.date()).max(100),
  /** 调休上班: weekend days that are worked. */
  workdays: z.array(z.iso.date()).max(50),
});

/** Years for which working days are known. */
export const calendar = z
  .record(z.string().regex(/^\d{4}$/), year)
  .refine(
    (years) =>
      Object.entries(years).every(([of, { holidays, workdays }]) =>
        [...holidays, ...workdays].every((day) => day.startsWith(`${of}-`)),
      ),
    says('day-of-another-year'),
  )
  .refine(
    (years) => Object.values(years).every(({ workdays }) => workdays.every(isWeekend)),
    says('workday-not-weekend'),
  )
  .refine(
    (years) => Object.values(years).every(({ holidays, workdays }) => !workdays.some((day) => holidays.includes(day))),
    says('day-off-and-worked'),
  );
export type Calendar = z.infer<typeof calendar>;

/** A period in working days runs into a year whose holidays the rulebook does not have: nobody can tell its end yet. */
export class BeyondCalendar extends ContractError {
  constructor(of: string) {
    super('WRONG_STATE', saying('no-calendar', { year: of }));
  }
}

/**
 * `time` plus a duration, in China time (UTC+8). A month's end stays a month's end: 31 January plus P1M is the last day
 * of February. Working days are counted from the day after, and the last one counts whole: the sum is its midnight.
 * Throws BeyondCalendar.
 */
export function addPeriod(time: string, duration: string, years: Calendar = {}): string {
  const [, count, unit] = DAYS.exec(duration) ?? [];
  if (unit === 'wd') return afterWorkingDays(time, amount(count), (day) => isWorked(day, years));
  const match = PERIOD.exec(unit === 'd' ? `P${amount(count)}D` : duration);
  if (!match) throw new RangeError(`not a duration: ${duration}`);
  const [yearsMore, months, weeks, days, hours, minutes, seconds] = match.slice(1).map(amount);
  const date = inChina(time);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + (yearsMore ?? 0) * 12 + (months ?? 0));
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay) + (weeks ?? 0) * 7 + (days ?? 0));
  const clock = (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000;
  return new Date(date.getTime() + clock - CHINA).toISOString();
}

/**
 * The earliest that a period may end which begins at `time`: its end, with every day taken for worked of years whose
 * holidays are not known. Never throws BeyondCalendar.
 */
export function earliestEnd(time: string, duration: string, years: Calendar = {}): string {
  const [, count, unit] = DAYS.exec(duration) ?? [];
  return unit === 'wd'
    ? afterWorkingDays(time, amount(count), (day) => !years[day.slice(0, 4)] || isWorked(day, years))
    : addPeriod(time, duration);
}

/** The last day of the years from `now` on whose working days are known without a gap; the end of last year if this one is not. */
export function lastKnownDay(now: string, years: Calendar = {}): string {
  let unknown = inChina(now).getUTCFullYear();
  while (Object.hasOwn(years, String(unknown))) unknown++;
  return `${unknown - 1}-12-31`;
}

/** The day in China at `time`, `2026-11-29`. */
export function dayInChina(time: string): string {
  return inChina(time).toISOString().slice(0, 10);
}

/** The end of a day in China, the midnight after it. */
export function endOfDay(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 24 * 3_600_000 - CHINA).toISOString();
}

function afterWorkingDays(time: string, count: number, worked: (day: string) => boolean): string {
  const date = inChina(time);
  date.setUTCHours(0, 0, 0, 0);
  for (let left = count; left > 0;) {
    date.setUTCDate(date.getUTCDate() + 1);
    if (worked(date.toISOString().slice(0, 10))) left--;
  }
  date.setUTCDate(date.getUTCDate() + 1);
  return new Date(date.getTime() - CHINA).toISOString();
}

function isWorked(day: string, years: Calendar): boolean {
  const known = years[day.slice(0, 4)];
  if (!known) throw new BeyondCalendar(day.slice(0, 4));
  return known.workdays.includes(day) || (!isWeekend(day) && !known.holidays.includes(day));
}

function isWeekend(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** China keeps UTC+8 all year. */
const CHINA = 8 * 3_600_000;

/** A date whose UTC fields read as the clock in China does at `time`. */
function inChina(time: string): Date {
  return new Date(Date.parse(time) + CHINA);
}

/** A group that did not take part in the match is undefined, whatever its declared type. */
function amount(group: string | undefined): number {
  return Number(group ?? 0);
}
