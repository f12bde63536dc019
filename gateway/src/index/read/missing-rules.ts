// SPDX-License-Identifier: Apache-2.0
import 'yuanliu-chaincode/kinds';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { knownRules } from 'yuanliu-chaincode/kind/rule';
import type { RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';

/**
 * The rules that the contract knows and the rulebook in force does not have: they are not applied until the data-authority
 * amends it. None before there is a rulebook: then nothing is open that a rule would judge.
 */
export function missingRules(rulebook: LedgerRecord<RulebookBody> | undefined): readonly string[] {
  if (!rulebook) return [];
  return [...knownRules.keys()].filter((rule) => !Object.hasOwn(rulebook.body.rules, rule)).sort();
}

/** The rules that the rulebook in force has and the contract does not know: nothing is judged by them. */
export function unknownRules(rulebook: LedgerRecord<RulebookBody> | undefined): readonly string[] {
  return Object.keys(rulebook?.body.rules ?? {})
    .filter((rule) => !knownRules.has(rule))
    .sort();
}
