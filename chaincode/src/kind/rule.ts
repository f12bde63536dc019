// SPDX-License-Identifier: Apache-2.0
import type { ActContext } from './act.js';

/** What a rule finds wrong: the engine adds the rule's id and its article from the rulebook. */
export interface Breach {
  readonly message: string;
  readonly remedy?: string;
  /** Recorded on the act, and never refuses it: others decide what follows. */
  readonly recorded?: true;
}

export type RuleCheck<Body, Input> = (
  context: ActContext<Body, Input>,
) => readonly Breach[] | Promise<readonly Breach[]>;

export interface RuleOptions {
  /** The rulebook may let a decision through with a due date instead of refusing it. */
  readonly recordable?: boolean;
  /** It demands that something is done in time. */
  readonly timely?: boolean;
}

/**
 * One demand of the regulation. Rules return what they find and never throw: whether a breach refuses the act, is
 * recorded on it, or gets a due date follows from the act's nature and the rulebook.
 */
export interface Rule<Body = unknown, Input = unknown> {
  /** Stable id; its article, wording and mode are in the rulebook under it. */
  readonly id: string;
  readonly recordable: boolean;
  readonly timely: boolean;
  /** `context.body` is the body as the act would leave it. */
  check(context: ActContext<Body, Input>): readonly Breach[] | Promise<readonly Breach[]>;
}

const rules = new Map<string, Rule>();

/** Every rule that code knows, by id. Complete once `kinds.ts` is loaded; the rulebook must speak of each. */
export const knownRules: ReadonlyMap<string, Rule> = rules;

/** Defines a rule, for one kind or, on a structural body type, for several. An id can be defined once. */
export function defineRule<Body, Input = unknown>(
  id: string,
  check: RuleCheck<Body, Input>,
  { recordable = false, timely = false }: RuleOptions = {},
): Rule<Body, Input> {
  if (rules.has(id)) throw new Error(`rule ${id} is defined twice`);
  const rule: Rule<Body, Input> = { id, recordable, timely, check };
  rules.set(id, rule);
  return rule;
}

export function breach(message: string, remedy?: string): Breach {
  return remedy === undefined ? { message } : { message, remedy };
}

/** A breach that is recorded on the act and does not refuse it. */
export function recorded(message: string, remedy?: string): Breach {
  return { ...breach(message, remedy), recorded: true };
}

/** Some of what a breach is about, for its message: the number is said beside it. */
export function firstOf(refs: readonly string[]): string {
  return refs.slice(0, 5).join(', ') + (refs.length > 5 ? ', …' : '');
}

/** A breach if `broken`, else none: for rules that are one condition. */
export function breachIf(broken: boolean, message: string, remedy?: string): readonly Breach[] {
  return broken ? [breach(message, remedy)] : [];
}
