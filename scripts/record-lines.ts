// SPDX-License-Identifier: Apache-2.0
import type { HistoryEntry } from 'yuanliu-gateway/index/ledger-index';
import { beijingTime } from './people-words.js';

/** A body as indented lines, one field a line, lists item by item. */
export function outline(value: unknown, indent = ''): string[] {
  if (typeof value !== 'object' || value === null) return [`${indent}${String(value)}`];
  return Object.entries(value).flatMap(([field, inner]) => {
    const label = Array.isArray(value) ? '-' : `${field}:`;
    if (typeof inner !== 'object' || inner === null) return [`${indent}${label} ${String(inner)}`];
    const lines = outline(inner, `${indent}  `);
    return lines.length === 0 ? [`${indent}${label} (empty)`] : [`${indent}${label}`, ...lines];
  });
}

/** One act of a history: when, what, by whom, and what it left. */
export function acted({ act, version, state, transaction, causedBy }: HistoryEntry): string {
  const { name, time, organization, user, role, txId, violations } = act;
  return [
    `${beijingTime(time)} ${name} → @${version} [${state}] by ${organization} ${user} (${role})`,
    `  transaction ${txId} in block ${transaction.block}`,
    ...(causedBy === undefined ? [] : [`  caused by ${causedBy}`]),
    ...violations.map(({ rule, article, message }) => `  ${rule} (${article}): ${message}`),
  ].join('\n');
}
