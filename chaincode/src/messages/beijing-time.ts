// SPDX-License-Identifier: Apache-2.0

/** China has one time, eight hours before UTC, all year. */
export const AHEAD_MS = 8 * 3_600_000;

/** A time as people read it: Beijing time, to the second. What is no time stays as it is. */
export function beijingTime(time: string): string {
  const ms = Date.parse(time);
  if (Number.isNaN(ms)) return time;
  return new Date(ms + AHEAD_MS).toISOString().slice(0, 19).replace('T', ' ');
}
