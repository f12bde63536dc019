// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';

/** An ISO 8601 duration of calendar units, such as `P30D`, `P1Y6M`, `PT12H`, or `P0D` for none. */
export const period = z.string().refine(isPeriod, 'is not an ISO 8601 duration such as P30D');

const PERIOD =
  /^P(?=\d|T\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;

function isPeriod(value: string): boolean {
  return PERIOD.test(value);
}

/**
 * `time` plus an ISO 8601 duration, in UTC. A month's end stays a month's end: 31 January plus P1M is the last day of
 * February.
 */
export function addPeriod(time: string, duration: string): string {
  const match = PERIOD.exec(duration);
  if (!match) throw new RangeError(`not an ISO 8601 duration: ${duration}`);
  const [years, months, weeks, days, hours, minutes, seconds] = match.slice(1).map(amount);
  const date = new Date(Date.parse(time));
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + (years ?? 0) * 12 + (months ?? 0));
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, lastDay) + (weeks ?? 0) * 7 + (days ?? 0));
  const clock = (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000;
  return new Date(date.getTime() + clock).toISOString();
}

/** A group that did not take part in the match is undefined, whatever its declared type. */
function amount(group: string | undefined): number {
  return Number(group ?? 0);
}
