// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { atMost, giveBack, meteredCounts, meteredMark } from '../../chain/quota.js';
import { breachIf } from '../../kind/rule.js';
import { document, text } from '../../vocabulary/vocabulary.js';
import { usage, type UsageBody } from './usage.js';

/** What a report says of how many uses it is. */
interface Corrected extends Pick<UsageBody, 'quantity' | 'unmetered'> {
  readonly corrections?: readonly { readonly quantity: number }[] | undefined;
}

/** How many uses a report counts as, by its last correction. */
function countsAs({ quantity, corrections }: Corrected): number {
  return corrections?.at(-1)?.quantity ?? quantity;
}

/** How many of them are for `usage:meter` to count, beside those that a permit has counted. */
export function leftToMeter(body: Corrected): number {
  const later = body.unmetered?.quantity ?? 0;
  return Math.min(later, Math.max(0, countsAs(body) - (body.quantity - later)));
}

/** A correction takes back from what a report counts, and never adds; the agency corrects no report of its own. */
export const correctionTakesBack = usage.rule('correction-takes-back', ({ record, body, input, caller }) => {
  const { quantity } = input as { readonly quantity: number };
  const before = record ? countsAs(record.body) : 0;
  return [
    ...breachIf(quantity >= before, 'corrects-upward', { before, asked: quantity }),
    ...breachIf(body.user === caller.organization, 'corrects-own', { organization: caller.organization }),
  ];
});

/** 更正计量 — the agency takes back what a false report counted against quotas; the report and its violations stay on record. */
export const correct = usage.act('correct', {
  title: '更正计量',
  waits: false,
  by: { 'implementing-agency': (body) => body.agency ?? [] },
  from: ['recorded'],
  input: z.strictObject({ quantity: z.int().nonnegative(), reason: text, document }),
  rules: [correctionTakesBack],
  effect: async ({ id, body, input, caller, time, marked }) => {
    const before = body.corrections?.at(-1)?.counted ?? body.counted ?? [];
    const counted = atMost(before, input.quantity);
    const later = body.unmetered ? await meteredCounts(id, { marked }) : undefined;
    const laterNow = atMost(later ?? [], leftToMeter({ ...body, corrections: [{ quantity: input.quantity }] }));
    const marks = await giveBack([...before, ...(later ?? [])], [...counted, ...laterNow], { marked });
    const correction = { ...input, counted, by: caller.organization, at: time };
    return {
      body: { ...body, corrections: [...(body.corrections ?? []), correction] },
      marks: later ? [...marks, meteredMark(id, laterNow)] : marks,
    };
  },
});
