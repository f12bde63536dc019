// SPDX-License-Identifier: Apache-2.0
import { beijingTime } from 'yuanliu-chaincode/messages/beijing-time';
import type { Worded } from 'yuanliu-chaincode/messages';
import type { HistoryEntry } from 'yuanliu-gateway/index/ledger-index';
import type { Named } from './organization-names.js';
import { actText, brokenRule, roleText, stateText } from './people-words.js';
import { said } from './words/index.js';

/** A body as indented lines, one field a line, lists item by item; a credit code as its organisation is called. */
export function outline(value: unknown, indent = '', named: Named = (code) => code): string[] {
  if (typeof value !== 'object' || value === null) return [`${indent}${named(String(value))}`];
  return Object.entries(value).flatMap(([field, inner]) => {
    const label = Array.isArray(value) ? '-' : `${field}:`;
    if (typeof inner !== 'object' || inner === null) return [`${indent}${label} ${named(String(inner))}`];
    const lines = outline(inner, `${indent}  `, named);
    return lines.length === 0 ? [`${indent}${label} ${said('field-empty')}`] : [`${indent}${label}`, ...lines];
  });
}

/**
 * One act of a history: when, what, by whom, and what it left.
 *
 * @param now as of when a rule counts as one that may still be met
 */
export function acted(
  kind: string,
  { act, version, state, transaction, causedBy }: Worded<HistoryEntry>,
  named: Named,
  now: string,
): string {
  const { name, time, organization, user, role, txId, violations } = act;
  return [
    `${beijingTime(time)} ${actText(kind, name)} → @${version} [${stateText(kind, state)}]${said('by-person', { who: named(organization), user, role: roleText(role) })}`,
    said('line-transaction', { txId, block: transaction.block }),
    ...(causedBy === undefined ? [] : [said('line-caused', { ref: causedBy })]),
    ...violations.map((one) => `  ${brokenRule(one, now)} (${one.article}): ${one.message}`),
  ].join('\n');
}
