// SPDX-License-Identifier: Apache-2.0
import { ContractError, saying } from '../../vocabulary/error.js';
import { kind } from '../../kind/kind.js';
import { contractMessages } from '../../messages/contract.js';
import { breach, knownRules, type Breach } from '../../kind/rule.js';
import {
  calendarExpiry,
  countsWorkingDays,
  RULEBOOK_ID,
  rulebookBody,
  type RulebookBody,
} from '../../rulebook/rulebook.js';
import { anyHolder } from '../../kind/act.js';

/** 规则库 — which article each rule has, and how it is applied. */
export const rulebook = kind('rulebook', {
  title: '规则库',
  plural: 'rulebooks',
  schema: 1,
  body: rulebookBody,
  states: ['in-force'],
  inForce: ['in-force'],
  public: ['in-force'],
  parties: () => [],
});

/** 采用 — the data-authority puts the rules of a jurisdiction in force on this channel, once. */
export const adopt = rulebook.creation('adopt', {
  title: '采用',
  needed: RULEBOOK_ID,
  by: { 'data-authority': anyHolder },
  to: 'in-force',
  input: rulebookBody,
  effect: ({ input, id }) => {
    requireComplete(id, input);
    return { body: input };
  },
});

/** 修订 — a new version; acts are judged by the version in force when they happened. */
export const amend = rulebook.act('amend', {
  title: '修订',
  waits: false,
  by: { 'data-authority': anyHolder },
  from: ['in-force'],
  expiry: calendarExpiry,
  input: rulebookBody,
  effect: ({ input, id }) => {
    requireComplete(id, input);
    return { body: input, revises: true };
  },
});

/** A rulebook that is silent on a rule would switch it off unseen: it must speak of each, and of no other. */
function requireComplete(id: string, rulebook: RulebookBody): void {
  const { rules, calendar } = rulebook;
  const missing = [...knownRules.keys()].filter((rule) => !rules[rule]);
  const unknown = Object.keys(rules).filter((rule) => !knownRules.has(rule));
  const due = Object.entries(rules).filter(
    ([rule, entry]) => entry.dueWithin && knownRules.get(rule)?.recordable === false,
  );
  const dropped = Object.entries(rules).filter(
    ([rule, entry]) => entry.notApplicable !== undefined && knownRules.get(rule)?.optional === false,
  );
  const problems: Breach[] = [
    ...(id === RULEBOOK_ID ? [] : [breach('rulebook-id', { id: RULEBOOK_ID })]),
    ...(countsWorkingDays(rulebook) && !calendar ? [breach('rulebook-no-calendar')] : []),
    ...missing.map((rule) => breach('rule-missing', { rule })),
    ...unknown.map((rule) => breach('rule-unknown', { rule })),
    ...dropped.map(([rule]) => breach('rule-always-applies', { rule })),
    ...due.map(([rule]) => breach('rule-not-recordable', { rule })),
  ];
  if (problems.length > 0) {
    throw new ContractError('INPUT_INVALID', {
      ...saying('rulebook-unfit'),
      issues: problems.map((one) => ({
        path: 'rules',
        ...{ code: one.code, params: one.params },
        message: contractMessages.textOf('en', one).message,
      })),
    });
  }
}
