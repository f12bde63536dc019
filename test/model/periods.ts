// SPDX-License-Identifier: Apache-2.0
import { demoRulebook } from 'yuanliu-scripts/demo/rulebook';

/** When a period of the demonstration's rulebook ends, which counts in whole days, that begins at a time. */
export function endOf(period: keyof typeof demoRulebook.periods, time: string): string {
  const days = /^P(\d+)D$/.exec(demoRulebook.periods[period])?.[1];
  if (days === undefined) throw new Error(`the model counts days: ${period} is ${demoRulebook.periods[period]}`);
  return new Date(Date.parse(time) + Number(days) * 86_400_000).toISOString();
}
