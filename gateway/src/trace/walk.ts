// SPDX-License-Identifier: Apache-2.0
import { setImmediate as turn } from 'node:timers/promises';
import type { Relation } from '../index/adjacency.js';
import { isMissing, stateAt, type MissingRow, type VersionRow } from '../index/rows.js';
import type { IndexStore } from '../index/store.js';
import type { Sight } from '../index/visibility.js';

/** A walk from some versions along their edges, one way, as of a block. */
export interface Walk {
  readonly store: IndexStore;
  readonly sight: Sight;
  readonly direction: 'origins' | 'destinations';
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

/** Steps of one walk at most. */
export const MOST_STEPS = 100_000;
/** Steps between two turns of the event loop: about two milliseconds where rows are kept parsed, ten where they are not. */
const STEPS_A_TURN = 2_000;

/**
 * Walks breadth first, nearest first, each node once and each edge once, and never through what the viewer may not see:
 * not even to something seen beyond, which another way may lead to. Fills `met` as it goes.
 */
export async function* steps(walk: Walk, met: Met): AsyncGenerator<readonly Step[]> {
  const { store, sight, direction, asOf } = walk;
  const graph = store.lineage;
  const reached = new Set(walk.roots);
  let frontier = [...walk.roots];
  let taken = 0;
  let found: Step[] = [];
  for (let depth = 1; frontier.length > 0; depth++) {
    const next: number[] = [];
    for (const node of frontier) {
      const near = store.version(node);
      if (!near || isMissing(near)) continue;
      graph.each(direction === 'origins' ? 'out' : 'in', node, asOf, (other, relation) => {
        if (met.cut) return;
        if (depth > walk.depth || taken === MOST_STEPS) {
          met.cut = true;
          return;
        }
        taken += 1;
        const far = versionAsOf(store, other, asOf);
        if (!isMissing(far) && !sight.sees(far, stateAt(far, asOf))) {
          met.hidden = true;
          return;
        }
        const first = !reached.has(other);
        if (first) {
          reached.add(other);
          next.push(other);
        }
        found.push({ relation, near, far, depth, first });
      });
      if (met.cut) break;
      if (found.length >= STEPS_A_TURN) {
        yield found;
        found = [];
        await turn();
      }
    }
    if (met.cut) break;
    frontier = next;
  }
  yield found;
}

/** A name that the ledger holds nothing under is no secret beyond the record that names it. */
function versionAsOf(store: IndexStore, node: number, asOf: number): VersionRow | MissingRow {
  const row = store.version(node);
  if (!row) throw new Error(`the index lacks the row of version ${node}: reindex`);
  if (isMissing(row) || stateAt(row, asOf) !== undefined) return row;
  return { ref: row.ref, missing: true, evidence: [] };
}
