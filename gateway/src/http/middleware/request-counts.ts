// SPDX-License-Identifier: Apache-2.0
import type { Store } from 'express-rate-limit';

/**
 * How many requests each client has made in the running window, which is one for all. By a clock that goes forward only:
 * set back an hour, the time of day would make a minute last an hour.
 *
 * @param now milliseconds, from any beginning
 */
export function requestCounts(windowMs: number, now: () => number = () => performance.now()): Store {
  let counts = new Map<string, number>();
  let end = now() + windowMs;
  const counted = (key: string, more: number): { totalHits: number; resetTime: Date } => {
    if (now() >= end) {
      counts = new Map();
      end = now() + windowMs;
    }
    const totalHits = Math.max(0, (counts.get(key) ?? 0) + more);
    counts.set(key, totalHits);
    return { totalHits, resetTime: new Date(Date.now() + end - now()) };
  };
  return {
    localKeys: true,
    increment: (key) => counted(key, 1),
    decrement: (key) => void counted(key, -1),
    resetKey: (key) => void counts.delete(key),
  };
}
