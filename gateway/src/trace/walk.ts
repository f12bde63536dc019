// SPDX-License-Identifier: Apache-2.0
import { setImmediate as turn } from 'node:timers/promises';
import type { Edge } from 'yuanliu-chaincode/kind';
import { NONE } from '../index/adjacency.js';
import { isMissing, stateAt, type MissingRow, type VersionRow } from '../index/rows.js';
import type { IndexStore } from '../index/store.js';
import type { Sight } from '../index/visibility.js';

/**
 * Where a walk goes: along lineage, back or forth; or down from links of authority to what rests on them, whose edges name
 * a record at a version or at none.
 */
export type Direction = 'origins' | 'destinations' | 'impact';
export type Relation = Edge['relation'] | 'restsOn';

/** A walk from some versions along their edges, one way, as of a block. */
export interface Walk {
  readonly store: IndexStore;
  readonly sight: Sight;
  readonly direction: Direction;
  readonly roots: readonly number[];
  readonly asOf: number;
  readonly depth: number;
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
/** Steps between two turns of the event loop: about one millisecond where rows are kept parsed, ten where they are not. */
const STEPS_A_TURN = 1_000;
const STEPS_A_CHUNK = 250;

/**
 * Walks breadth first, nearest first, each node once and each edge once, and never through what the viewer may not see:
 * what lies beyond is reached by another way or not at all. Fills `met` as it goes.
 */
export async function* steps(walk: Walk, met: Met): AsyncGenerator<readonly Step[]> {
  const { store, sight, direction, asOf } = walk;
  const graph = direction === 'impact' ? store.parents : store.lineage;
  const way = direction === 'origins' ? 'out' : 'in';
  const reached = new Set(walk.roots);
  let found: Step[] = [];
  let taken = 0;
  for (let depth = 1, frontier = namesOf(walk, walk.roots), next: number[] = []; frontier.length > 0; depth++) {
    for (const [name, near] of frontier) {
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
        if (isMissing(far) || sight.sees(far, stateAt(far, asOf))) {
          const first = !reached.has(other);
          if (first) next.push(other);
          reached.add(other);
          const relation = direction === 'impact' ? 'restsOn' : graph.relation(edge);
          found.push({ relation, near, far, depth, first });
        } else met.hidden = true;
        if (found.length === STEPS_A_CHUNK) {
          yield found;
          found = [];
        }
        if (taken % STEPS_A_TURN === 0) await turn();
      }
    }
    [frontier, next] = [namesOf(walk, next), []];
  }
  yield found;
}

/** Under which numbers edges name each of some versions: its own and, where links are concerned, its record's. */
function namesOf({ store, direction, asOf }: Walk, nodes: readonly number[]): [number, VersionRow][] {
  const names = new Map<number, VersionRow>();
  for (const node of nodes) {
    const row = versionAsOf(store, node, asOf);
    if (isMissing(row)) continue;
    names.set(node, row);
    const record = direction === 'impact' ? store.numberOf(row.ref.replace(/@.*/, '')) : undefined;
    if (record !== undefined) names.set(record, row);
  }
  return [...names];
}

/** A name that the ledger holds nothing under is no secret beyond the record that names it. */
function versionAsOf(store: IndexStore, node: number, asOf: number): VersionRow | MissingRow {
  const row = store.version(node);
  if (!row) throw new Error(`the index lacks the row of version ${node}: reindex`);
  if (isMissing(row) || stateAt(row, asOf) !== undefined) return row;
  return { ref: row.ref, missing: true, evidence: [] };
}
