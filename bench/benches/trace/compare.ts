// SPDX-License-Identifier: Apache-2.0
import type { TraceAnswer, TraceNode } from 'yuanliu-gateway/queries/trace/answer';
import type { HopRow } from './query.js';

/** Throws unless both say the same of every hop. */
export function requireSame({ hops: all, roots, truncated }: TraceAnswer, rows: readonly HopRow[]): void {
  if (truncated) throw new Error('the answer is not whole');
  const nodes = new Map([...roots, ...all.flatMap(({ node }) => node ?? [])].map((node) => [node.ref, node]));
  const ours = all.map(({ relation, from, to }) => ({ relation, from, to, ...ofNode(nodes.get(to)) }));
  const theirs = rows.map((row) => ({ relation: row.relation, from: row.from_ref, to: row.to_ref, ...ofRow(row) }));
  const [left, right] = [ours, theirs].map((hops) => sorted(hops).map((hop) => JSON.stringify(hop)));
  const place = left?.findIndex((hop, index) => hop !== right?.[index]) ?? 0;
  if (place >= 0 || left?.length !== right?.length) {
    throw new Error(`the answers differ, first here:\n${left?.[place] ?? 'nothing'}\n${right?.[place] ?? 'nothing'}`);
  }
}

function ofNode(node: TraceNode | undefined): object {
  if (!node) throw new Error('a hop leads to a node that no hop shows');
  const { kind, title, state, about, transaction, basis, evidence } = node;
  return plain({
    ...{ kind, title, state, about, transaction },
    ...{ stood: basis?.stood, stands: basis?.stands, links: byRef(basis?.links), evidence: byRef(evidence) },
  });
}

function ofRow(row: HopRow): object {
  const { kind, title, state, about, stood, stands, links, evidence } = row;
  const {
    tx_id: txId,
    block,
    time,
    occurred_at: occurredAt,
    act,
    nature,
    organization,
    usr: user,
    role,
    violations,
  } = row;
  const transaction = { txId, block, time, occurredAt, act, nature, organization, user, role, violations };
  return plain({
    kind,
    title,
    state,
    about,
    transaction,
    stood,
    stands,
    links: byRef(links),
    evidence: byRef(evidence),
  });
}

function byRef(items: readonly object[] | null | undefined): readonly object[] | undefined {
  return items ? sorted(items) : undefined;
}

function sorted(items: readonly object[]): readonly object[] {
  return items
    .map((item) => JSON.stringify(plain(item)))
    .sort()
    .map((text) => JSON.parse(text) as object);
}

/** Fields in one order, and none that says nothing. */
function plain(value: unknown): object {
  return JSON.parse(
    JSON.stringify(value, (_key, inner: unknown) => {
      if (inner === null) return undefined;
      if (typeof inner !== 'object' || Array.isArray(inner)) return inner;
      return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
    }),
  ) as object;
}
