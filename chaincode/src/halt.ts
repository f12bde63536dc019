// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { creditCode, instant, refTo, text } from './vocabulary.js';

/** 应急措施 — an emergency measure on a link: it lapses at `until` unless the agency confirms it by suspending the link. */
export const halt = z.strictObject({
  incident: refTo('finding'),
  reason: text,
  by: creditCode,
  at: instant,
  until: instant,
});
export type Halt = z.infer<typeof halt>;

/** When a halt lapses, for a kind's `lapse`. */
export function haltLapses({ halt: halted }: { readonly halt?: Halt | undefined }, state: string): string | undefined {
  return state === 'halted' ? halted?.until : undefined;
}
