// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { STATED, type Asked } from '../kind/act.js';
import { creditCode, instant, refTo, text } from '../vocabulary/vocabulary.js';

/** 应急措施 — an emergency measure on a link: it lapses at `until` unless the agency confirms it by suspending the link. */
export const halt = z.strictObject({
  incident: refTo('finding'),
  reason: text,
  by: creditCode,
  at: instant,
  /** When the first was taken of those in a row that the agency has not answered; without, this is the first. */
  since: instant.optional(),
  until: instant,
});
export type Halt = z.infer<typeof halt>;

/** A halt waits for its agency: confirmed by suspending the link, or lifted, until it lapses. For `waits`. */
export function haltUnanswered(body: { readonly halt?: Halt | undefined }, { state, now }: Asked): boolean {
  const until = haltLapses(body, state);
  return until !== undefined && (now === undefined || now < until);
}

/** By when the agency answers a halt. */
export const haltAnswered = {
  period: STATED,
  since: ({ halt: halted }: { readonly halt?: Halt | undefined }) => halted?.at,
  until: ({ halt: halted }: { readonly halt?: Halt | undefined }) => halted?.until,
} as const;

/** When a halt lapses, for a kind's `lapse`. */
export function haltLapses({ halt: halted }: { readonly halt?: Halt | undefined }, state: string): string | undefined {
  return state === 'halted' ? halted?.until : undefined;
}

/** From when on a link has been halted without an answer of its agency, lapsed or not; `time` where it has not. */
export function haltedSince(
  { halt: halted }: { readonly halt?: Halt | undefined },
  state: string,
  time: string,
): string {
  return state === 'halted' && halted ? (halted.since ?? halted.at) : time;
}
