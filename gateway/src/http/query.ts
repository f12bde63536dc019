// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { instantOf } from '../index/as-of.js';

/** A whole number in a query, in decimal digits. */
export function whole(least: number, most = 999_999_999) {
  const range = most === 999_999_999 ? `from ${least}` : `from ${least} to ${most}`;
  return z
    .string()
    .refine((digits) => /^(?:0|[1-9][0-9]{0,8})$/.test(digits) && Number(digits) >= least && Number(digits) <= most, {
      error: `is not a whole number ${range}`,
    })
    .transform(Number)
    .meta({ type: 'integer', minimum: least, maximum: most });
}

/** A parameter that may be given several times. */
export function several(description: string) {
  return z
    .union([z.string(), z.array(z.string())])
    .transform((given) => [given].flat())
    .optional()
    .meta({ type: 'array', items: { type: 'string' }, description });
}

export const flag = z
  .enum(['true', 'false'])
  .transform((word) => word === 'true')
  .meta({ type: 'boolean', enum: [true, false] });

/** A block number, or an RFC 3339 time. */
export const asOf = z
  .string()
  .transform((text, context): number | string => {
    if (/^(?:0|[1-9][0-9]{0,8})$/.test(text)) return Number(text);
    if (instantOf(text) !== undefined) return text;
    context.addIssue({ code: 'custom', message: 'is neither a block number nor an RFC 3339 time' });
    return z.NEVER;
  })
  .meta({ description: 'As of the end of a block (its number), or of an RFC 3339 time. Absent: now.' });

/** An instant, as the ledger writes instants. */
export const time = z
  .string()
  .transform((text, context): string => {
    const instant = instantOf(text);
    if (instant !== undefined) return instant;
    context.addIssue({ code: 'custom', message: 'is not an RFC 3339 time such as 2026-01-31T08:00:00Z' });
    return z.NEVER;
  })
  .meta({ type: 'string', format: 'date-time' });

export const limit = whole(1, 200).optional().meta({ description: 'How many at most; 50 unless given.' });

export const cursor = z
  .string()
  .min(1)
  .max(2000)
  .optional()
  .meta({ description: 'The `cursor` of the page before, to go on; with the same parameters otherwise.' });

export const minBlock = whole(0)
  .optional()
  .meta({ description: 'First wait, for a bounded time, until the index holds this block; 503 if it does not come.' });

export const dryRun = flag
  .optional()
  .meta({ description: 'Only tell what would happen: the same checks, nothing written.' });
