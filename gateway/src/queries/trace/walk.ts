// SPDX-License-Identifier: Apache-2.0
import type { Edge } from 'yuanliu-chaincode/kind/kind';
import { parseRef } from 'yuanliu-chaincode/kind/record';
import { organization as organizationKind } from 'yuanliu-chaincode/records/organization/organization';
import { type Graph, NONE } from '../../index/read/index-reader.js';
import { isMissing, stateAt, type MissingRow, type VersionRow } from '../../index/read/rows.js';
import type { IndexReader } from '../../index/read/index-reader.js';
import type { Sight } from '../../index/read/visibility.js';
import { slices } from '../../runtime/slices.js';

/**
 * Where a walk goes: along lineage, back or forth; or to whatever depends on something: what rests on it, whose edges name
 * a record at a version or at none, what was made of it, and of an organisation, what it is a party of.
 */
export type Direction = 'origins' | 'destinations' | 'impact';
export type Relation = Edge['relation'] | 'restsOn' | 'names';

/** A walk from some versions along their edges, one way, as of a block. */
export interface Walk {
  readonly store: IndexReader;
  readonly sight: Sight;
  readonly direction: Direction;
  readonly roots: readonly number[];
  readonly asOf: number;
  readonly depth: number;
  /** For which it is walked; undefined for a viewer without a token. */
  readonly organization: string | undefined;
}

/** One edge walked: from the node reached before to the one it leads to. */
export interface Step {
  readonly relation: Relation;
  readonly near: VersionRow;
  /** Missing too if it came to be only after the block that the walk is as of. */
  readonly far: VersionRow | MissingRow;
  readonly depth: number;
  /** No step before this one led there. */
  readonly first: boolean;
}

/** What a walk has met so far. */
export interface Met {
  /** Something that the viewer may not see. */
  hidden: boolean;
  /** An end that depth or the bound on steps made. */
  cut: boolean;
}

/** Steps of one walk at most, to hidden things too. */
export const MOST_STEPS = 100_000;
const STEPS_A_CHUNK = 250;

/**
 * Walks breadth first, nearest first, each node once and each edge once, and never through what the viewer may not see:
 * what lies beyond is reached by another way or not at all. Fills `met` as it goes.
 */
export async function* steps(walk: Walk, met: Met): AsyncGenerator<readonly Step[]> {
  const { store, sight, direction, asOf } = walk;
  const way = direction === 'origins' ? 'out' : 'in';
  const reached = new Set(walk.roots);
  const othersDue = slices(walk.organization);
  let found: Step[] = [];
  let taken = 0;
  let next: number[] = [];
  for await (const { node, near, far } of direction === 'impact' ? partyTo(walk) : []) {
    taken += 1;
    await othersDue();
    if (sight.sees(far, stateAt(far, asOf))) {
      reached.add(node);
      next.push(node);
      found.push({ relation: 'names', near, far, depth: 1, first: true });
    } else if (!sight.isSealed(far, stateAt(far, asOf))) met.hidden = true;
    met.cut = taken === MOST_STEPS;
    if (met.cut) break;
  }
  for (let depth = 1, nodes: readonly number[] = walk.roots; nodes.length > 0; depth++) {
    for (const { graph, name, near } of placesOf(walk, nodes)) {
      const others = othersDue();
      if (others) await others;
      for (let edge = graph.first(way, name); edge !== NONE; edge = graph.next(way, edge)) {
        if (graph.since(edge) > asOf) break;
        met.cut = depth > walk.depth || taken === MOST_STEPS;
        if (met.cut) {
          yield found;
          return;
        }
        taken += 1;
        const other = graph.target(way, edge);
        const far = versionAsOf(store, other, asOf);
        if (isMissing(far) ? sight.mayMiss(far.ref) : sight.sees(far, stateAt(far, asOf))) {
          const first = !reached.has(other);
          if (first) next.push(other);
          reached.add(other);
          const relation = graph === store.parents ? 'restsOn' : graph.relation(edge);
          found.push({ relation, near, far, depth, first });
        } else met.hidden = true;
        if (found.length === STEPS_A_CHUNK) {
          yield found;
          found = [];
        }
        const due = othersDue();
        if (due) await due;
      }
    }
    [nodes, next] = [next, []];
  }
  yield found;
}

/** A list of edges to walk: of which graph, under which number, and from which node. */
interface Place {
  readonly graph: Graph;
  readonly name: number;
  readonly near: VersionRow;
}

/** Where the edges of some versions lie. What rests on a record may name its version or none. */
function* placesOf({ store, direction, asOf }: Walk, nodes: readonly number[]): Generator<Place> {
  const records = new Map<number, VersionRow>();
  for (const node of nodes) {
    const row = versionAsOf(store, node, asOf);
    if (isMissing(row)) continue;
    yield { graph: store.lineage, name: node, near: row };
    if (direction !== 'impact') continue;
    yield { graph: store.parents, name: node, near: row };
    const record = store.numberOf(row.ref.replace(/@.*/, ''));
    if (record !== undefined) records.set(record, row);
  }
  for (const [name, near] of records) yield { graph: store.parents, name, near };
}

/** What the organisations that a walk starts from are a party of, each record at the version it was in. */
async function* partyTo({
  store,
  roots,
  asOf,
  organization,
}: Walk): AsyncGenerator<{ node: number; near: VersionRow; far: VersionRow }> {
  const organizations = new Map<string, VersionRow>();
  for (const root of roots) {
    const row = store.version(root);
    const { kind, id } = parseRef(row?.ref ?? '');
    if (row && !isMissing(row) && kind === organizationKind.name) organizations.set(id, row);
  }
  for (const [id, near] of organizations) {
    for (const far of await store.recordsNaming(id, { asOf, most: MOST_STEPS, by: organization })) {
      const node = store.numberOf(far.ref);
      if (node !== undefined && !roots.includes(node)) yield { node, near, far };
    }
  }
}

/** A name that the ledger holds nothing under, or held nothing under then. */
function versionAsOf(store: IndexReader, node: number, asOf: number): VersionRow | MissingRow {
  const row = store.version(node);
  if (!row) throw new Error(`the index lacks the row of version ${node}: reindex`);
  if (isMissing(row) || stateAt(row, asOf) !== undefined) return row;
  return { ref: row.ref, missing: true, evidence: [] };
}
