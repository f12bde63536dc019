// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { says } from '../vocabulary/issue.js';
import type { Reader } from '../kind/act.js';
import { creditCode, document, instant } from '../vocabulary/vocabulary.js';

/** 控制关系 — who controls an organisation, by what, from when until when. */
export const control = z.strictObject({
  /** The one that controls the organisation. */
  controller: creditCode,
  /** 股权 · 人员 · 协议 */
  basis: z.enum(['equity', 'personnel', 'contract']),
  /** Share held, as a decimal fraction such as `0.51`. */
  share: z
    .string()
    .regex(/^(?:0\.\d{1,6}|1(?:\.0{1,6})?)$/, says('not-a-share'))
    .optional(),
  /** State ownership as such (国有资产出资人): two that it owns are not affiliated by it. */
  state: z.literal(true).optional(),
  since: instant,
  until: instant.optional(),
  evidence: document.optional(),
});
export type Control = z.infer<typeof control>;

/** Mark on an organisation: who controls it and did, as either of the two declared. */
export const CONTROLLED = 'controlled';

/** A control relation as declared, and by whom; whether the other party contests it, and what an office determined. */
export interface Declared extends Control {
  readonly declaredBy: string;
  readonly contested?: { readonly reason: string; readonly at: string };
  readonly determined?: {
    readonly result: 'stands' | 'struck';
    readonly by: string;
    readonly document: z.infer<typeof document>;
    readonly at: string;
    /** When the control ended, as the office found. */
    readonly until?: string;
  };
}

/**
 * How two organisations are affiliated: the chain of control from the one above, itself first. `perhaps-affiliated`: more
 * control is declared than is followed, over the one that the path names.
 */
export interface Affiliation {
  readonly relation: 'controls' | 'controlled-by' | 'same-controller' | 'perhaps-affiliated';
  readonly path: readonly string[];
}

/**
 * By which control an affiliation goes: `confirmed`, which both parties declared or an office determined; or `claimed` as
 * well, on the word of one.
 */
export type Certainty = 'confirmed' | 'claimed';

/**
 * Whether `one` controls `other`, directly or through others, is controlled by it, or shares a controller with it at
 * `at`. State ownership does not transit. Follows what is declared, up to 64 organisations above each; whom it looks for it
 * finds among more, so that invented controllers hide none.
 */
export async function affiliation(
  { marked }: Pick<Reader, 'marked'>,
  one: string,
  other: string,
  at: string,
  certainty: Certainty = 'confirmed',
): Promise<Affiliation | undefined> {
  const above = { marked, at, certainty };
  const aboveOne = await controllers(above, one, [other]);
  const aboveOther = await controllers(above, other, [one, ...aboveOne.found.keys()]);
  const down = aboveOther.found.get(one);
  if (down) return { relation: 'controls', path: down };
  const up = aboveOne.found.get(other);
  if (up) return { relation: 'controlled-by', path: up };
  for (const [shared, path] of aboveOne.found) {
    if (aboveOther.found.has(shared)) return { relation: 'same-controller', path };
  }
  if (aboveOther.isCut) return { relation: 'perhaps-affiliated', path: [other] };
  return aboveOne.isCut ? { relation: 'perhaps-affiliated', path: [one] } : undefined;
}

const MOST = 64;

/** Everyone above an organisation, each with the path down to it, nearest first: those sought, and some of the others. */
async function controllers(
  { marked, at, certainty }: Pick<Reader, 'marked'> & { readonly at: string; readonly certainty: Certainty },
  below: string,
  sought: readonly string[],
): Promise<{ readonly found: ReadonlyMap<string, readonly string[]>; readonly isCut: boolean }> {
  let isCut = false;
  const found = new Map<string, readonly string[]>();
  const waiting: (readonly string[])[] = [[below]];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const controlled = path[0] ?? '';
    const then = declared(await marked(CONTROLLED, controlled)).filter(
      ({ since, until, state, determined }) =>
        since <= at &&
        !isOver(until, at) &&
        !isOver(determined?.until, at) &&
        !state &&
        determined?.result !== 'struck',
    );
    for (const { controller } of then) {
      if (controller === below || found.has(controller)) continue;
      if (certainty === 'confirmed' && !isConfirmed(then, controller, controlled)) continue;
      if (found.size >= MOST && !sought.includes(controller)) {
        isCut = true;
        continue;
      }
      found.set(controller, [controller, ...path]);
      waiting.push([controller, ...path]);
    }
  }
  return { found, isCut };
}

const isOver = (until: string | undefined, at: string): boolean => until !== undefined && until <= at;

/** Whether both parties declared a control, or an office determined that it stands. */
function isConfirmed(relations: readonly Declared[], controller: string, controlled: string): boolean {
  const of = relations.filter((one) => one.controller === controller);
  const by = of.map(({ declaredBy }) => declaredBy);
  return (by.includes(controller) && by.includes(controlled)) || of.some(({ determined }) => determined !== undefined);
}

/** Reads the mark on an organisation. */
export function declared(mark: unknown): readonly Declared[] {
  return (mark as readonly Declared[] | undefined) ?? [];
}
