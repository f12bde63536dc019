// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { kindNamed } from './kind.js';
import { parseRef } from './record.js';
import { breach, defineRule, type Breach } from './rule.js';
import type { Terms } from './terms.js';
import { instant, refTo, text } from '../vocabulary/vocabulary.js';

/** 过渡安排 — what goes on for a while after a link is cut: the grants and products it names, until a date. */
export const windDown = z.strictObject({
  keeps: z.array(refTo('grant', 'product')).min(1).max(1000),
  /** First instant at which nothing goes on any more. */
  until: instant,
});
export type WindDown = z.infer<typeof windDown>;

/** A cut of a link: why, and what goes on for a while all the same. Everything else stops with the act. */
export const cutInput = z.strictObject({ reason: text, windDown: windDown.optional() });
export const cut = cutInput.extend({ at: instant });

/** Whether what rests on a cut link goes on at a time: the wind-down names something on its way up to the link. */
export function keptBy(stated: WindDown | undefined, way: readonly string[], at: string): boolean {
  return stated !== undefined && at < stated.until && stated.keeps.some((ref) => way.includes(ref));
}

/** A wind-down keeps only what rests on the link that is cut, and no longer than the link's own term. */
export const windDownInside = defineRule<{ readonly terms: Terms }>('wind-down-inside', async (context) => {
  const { windDown: stated } = context.input as { readonly windDown?: WindDown };
  const found: Breach[] = [];
  if (!stated) return found;
  const { to } = context.body.terms;
  if (stated.until <= context.time || stated.until > to) {
    found.push(breach('wind-down-ends', { until: stated.until, to }));
  }
  for (const ref of stated.keeps) {
    const kind = kindNamed(parseRef(ref).kind);
    const kept = kind && (await context.find(kind, ref));
    const rests =
      kept && ref !== context.ref && (await context.standing(ref)).chain.some((above) => above.ref === context.ref);
    if (!rests) found.push(breach('wind-down-names', { ref, link: context.ref }));
  }
  return found;
});
