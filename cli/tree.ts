// SPDX-License-Identifier: Apache-2.0
import { roleText, stateText } from 'yuanliu-chaincode/messages/labels';
import type { Hop, TraceAnswer, TraceNode } from 'yuanliu-gateway/queries/trace/answer';
import type { Named } from './organization-names.js';
import { actText, beijingTime, brokenRules } from './people-words.js';

/** A question that a walk answers. */
export type Question = 'origins' | 'destinations' | 'impact';

/**
 * Draws a walk as a tree, one line a node: what it is, who made it, its lawful basis and the transaction that made it. A
 * node that several paths reach is drawn once, and pointed at after that.
 *
 * @param named how an organisation is called; by its code unless given
 */
export function drawTree(answer: TraceAnswer, direction: Question, named: Named = (code) => code): string {
  const nodes = new Map<string, TraceNode>(answer.roots.map((node) => [node.ref, node]));
  for (const { node } of answer.hops) if (node) nodes.set(node.ref, node);
  const near = direction === 'origins' ? 'from' : 'to';
  const far = direction === 'origins' ? 'to' : 'from';
  const below = new Map<string, Hop[]>();
  for (const hop of answer.hops) {
    const known = below.get(hop[near]) ?? [];
    if (!known.some((one) => one[far] === hop[far])) below.set(hop[near], [...known, hop]); // rests on it and used it: once
  }

  const lines: string[] = [];
  const drawn = new Set<string>();
  const draw = (ref: string, indent: string, branch: string): void => {
    const node = nodes.get(ref);
    const again = drawn.has(ref);
    drawn.add(ref);
    lines.push(
      `${indent}${branch}${node ? describe(node, named) : `${ref} (not on the ledger)`}${again ? ' (see above)' : ''}`,
    );
    if (again) return;
    const inner = indent + (branch === '' ? '' : branch.startsWith('├') ? '│  ' : '   ');
    if (node)
      lines.push(
        `${inner}${(below.get(ref) ?? []).length > 0 ? '│' : ' '}    ${provenance(node, answer.asOf.time, named)}`,
      );
    const hops = below.get(ref) ?? [];
    for (const [i, hop] of hops.entries()) draw(hop[far], inner, i === hops.length - 1 ? '└─ ' : '├─ ');
  };
  for (const { ref } of answer.roots) draw(ref, '', '');
  if (answer.truncated) lines.push('… there is more: ask with a cursor');
  if (answer.hidden) lines.push('… some of it is not yours to see');
  return lines.join('\n');
}

function describe({ ref, kind, title, state, about }: TraceNode, named: Named): string {
  const whom = about['to'] ?? about['user'];
  const whither = [whom === undefined ? undefined : named(String(whom)), about['purpose']]
    .filter((word) => word !== undefined)
    .join(' ');
  return [ref, title, `[${stateText(kind, state)}]`, whom === undefined ? undefined : `→ ${whither}`]
    .filter((word) => word !== undefined)
    .join(' ');
}

function provenance({ kind, transaction, basis }: TraceNode, now: string, named: Named): string {
  const { act, organization, role, txId, time } = transaction;
  const links =
    basis?.links.map(({ ref, state }) => `${ref} ${stateText(ref.split('/')[0] ?? '', state)}`).join(' → ') ?? '';
  const verdict = basis
    ? `${basis.stood ? '当时有效' : '当时无效'}${basis.stands === basis.stood ? '' : basis.stands ? '，现有效' : '，现已无效'}`
    : '';
  const lawful = basis ? ` · 依据 ${links || '(hidden)'} (${verdict})` : '';
  const broken = brokenRules(transaction.violations, now).map((one) => ` · ${one}`);
  return `${actText(kind, act)} by ${named(organization)} (${roleText(role)}) ${beijingTime(time)} tx ${txId.slice(0, 12)}…${lawful}${broken.join('')}`;
}
