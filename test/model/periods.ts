// SPDX-License-Identifier: Apache-2.0
import { demoRulebook } from 'yuanliu-demo/rulebook';

/** The ledger is live from then on. */
export const GO_LIVE = '2026-06-01T00:00:00.000Z';

/** A report of what was before (补录). */
export function isBackfilled(asOf: string | undefined): boolean {
  return asOf !== undefined && asOf < GO_LIVE;
}

/** The demonstration's rulebook with every limit set, and periods so short that histories see them end. */
export const rulebook = {
  ...demoRulebook,
  periods: { publicity: 'PT12H', filing: 'P3D', 'late-report': 'P1D' },
  limits: {
    'registration-acceptance': 'P1D',
    'registration-review': 'P2D',
    'registration-validity': 'P20D',
    'emergency-measure': 'P3D',
    backfill: 'P8D',
  },
};

/** When a period or limit of that rulebook ends, which counts in whole days or hours, that begins at a time. */
export function endOf(period: keyof typeof rulebook.periods | keyof typeof rulebook.limits, time: string): string {
  const text = { ...rulebook.periods, ...rulebook.limits }[period];
  const [, days, hours] = /^P(?:(\d+)D|T(\d+)H)$/.exec(text) ?? [];
  if (!days && !hours) throw new Error(`the model counts days or hours: ${period} is ${text}`);
  return new Date(Date.parse(time) + (Number(days ?? 0) * 24 + Number(hours ?? 0)) * 3_600_000).toISOString();
}
