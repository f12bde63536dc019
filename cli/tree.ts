// SPDX-License-Identifier: Apache-2.0
import { beijingTime } from 'yuanliu-chaincode/messages/beijing-time';
import type { Hop, TraceAnswer, TraceNode } from 'yuanliu-gateway/queries/trace/answer';
import type { Named } from './organization-names.js';
import { actText, brokenRules, roleText, stateText } from './people-words.js';
import { said } from './words/index.js';

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
      `${indent}${branch}${node ? describe(node, named) : said('not-on-the-ledger', { ref })}${again ? said('see-above') : ''}`,
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
  if (answer.truncated) lines.push(said('more-by-cursor'));
  if (answer.hidden) lines.push(said('some-hidden'));
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
    ? `${said(basis.stood ? 'stood' : 'stood-not')}${basis.stands === basis.stood ? '' : said(basis.stands ? 'stands-now' : 'stands-no-more')}`
    : '';
  const lawful = basis ? said('basis', { links: links || said('links-hidden'), verdict }) : '';
  const broken = brokenRules(transaction.violations, now).map((one) => ` · ${one}`);
  const made = {
    act: actText(kind, act),
    who: named(organization),
    role: roleText(role),
    time: beijingTime(time),
    txId: txId.slice(0, 12),
  };
  return `${said('made-by', made)}${lawful}${broken.join('')}`;
}
