// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { instantOf } from '../../index/read/as-of.js';
import { parsePosition } from '../middleware/chain-position.js';
import { says } from '../../messages/issues.js';

/** A whole number in a query, in decimal digits. */
export function whole(least: number, most = 999_999_999) {
  return z
    .string()
    .refine((digits) => /^(?:0|[1-9][0-9]{0,8})$/.test(digits) && Number(digits) >= least && Number(digits) <= most, {
      error: most === 999_999_999 ? says('not-whole', { least }) : says('not-whole-between', { least, most }),
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

/** A block number, with or without its hash, or an RFC 3339 time. The hash is compared where the request is served. */
export const asOf = z
  .string()
  .transform((text, context): number | string => {
    const position = parsePosition(text);
    if (position) return position.block;
    if (instantOf(text) !== undefined) return text;
    const message = lostPlus(text) ?? says('not-block-or-time');
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  })
  .meta({
    description:
      'As of the end of a block (its number, or `number:hash` as in the header `Index-Block`), or of an RFC 3339 time. Absent: now.',
  });

/** An instant, as the ledger writes instants. */
export const time = z
  .string()
  .transform((text, context): string => {
    const instant = instantOf(text);
    if (instant !== undefined) return instant;
    const message = lostPlus(text) ?? says('not-rfc3339');
    context.addIssue({ code: 'custom', message });
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

export const minBlock = z
  .string()
  .transform((text, context): number => {
    const position = parsePosition(text);
    if (position) return position.block;
    context.addIssue({ code: 'custom', message: says('not-whole', { least: 0 }) });
    return z.NEVER;
  })
  .optional()
  .meta({
    description:
      'First wait, for a bounded time, until the index holds this block; 503 if it does not come. With its hash (`number:hash`): 410 if it is another one.',
  });

/** What is wrong with a time whose `+` stood for a space, as it does in a query that was not encoded. */
function lostPlus(text: string): string | undefined {
  const whole = text.replace(/ (?=\d\d:\d\d$)/, '+');
  if (whole === text || instantOf(whole) === undefined) return undefined;
  return says('lost-plus', { sent: encodeURIComponent(whole) });
}

export const dryRun = flag
  .optional()
  .meta({ description: 'Only tell what would happen: the same checks, nothing written.' });
