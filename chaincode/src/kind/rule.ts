// SPDX-License-Identifier: Apache-2.0
import type { ActContext } from './act.js';
import { contractMessages, type ContractCode, type ContractEntries } from '../messages/contract.js';
import type { Given, Message } from '../messages/template.js';

/** What a rule finds wrong: the engine adds the rule's id and its article from the rulebook. */
export interface Breach extends Message {
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
  /** A jurisdiction may do without it: its rulebook says so, and why. */
  readonly optional?: boolean;
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
  readonly optional: boolean;
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
  { recordable = false, timely = false, optional = false }: RuleOptions = {},
): Rule<Body, Input> {
  if (rules.has(id)) throw new Error(`rule ${id} is defined twice`);
  const rule: Rule<Body, Input> = { id, recordable, timely, optional, check };
  rules.set(id, rule);
  return rule;
}

/** A breach by the code of its text, see `messages/`. */
export function breach<Code extends ContractCode>(code: Code, ...given: Given<ContractEntries[Code]>): Breach {
  return contractMessages.message(code, ...given);
}

/** A breach that is recorded on the act and does not refuse it. */
export function recorded<Code extends ContractCode>(code: Code, ...given: Given<ContractEntries[Code]>): Breach {
  return { ...contractMessages.message(code, ...given), recorded: true };
}

/** A breach if `broken`, else none: for rules that are one condition. */
export function breachIf<Code extends ContractCode>(
  broken: boolean,
  code: Code,
  ...given: Given<ContractEntries[Code]>
): readonly Breach[] {
  return broken ? [breach(code, ...given)] : [];
}
