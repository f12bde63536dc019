// SPDX-License-Identifier: Apache-2.0
import { decodeCursor, encodeCursor } from '../../index/read/cursor.js';
import { badRequest, notFound } from '../../index/error.js';
import { checkedLimit, checkedRef } from '../../index/read/reading.js';
import { isMissing, stateAt, type VersionRow } from '../../index/read/rows.js';
import type { IndexReader } from '../../index/read/index-reader.js';
import { Sight, type Viewer } from '../../index/read/visibility.js';
import type { TraceOptions } from './answer.js';
import type { Chains } from './basis.js';
import { Draughtsman } from './node.js';
import type { Direction } from './walk.js';

/** What questions are answered from. */
export interface Sources {
  readonly store: IndexReader;
  readonly chains: Chains;
  readonly clock: () => Date;
}

export interface QuestionOptions {
  readonly name: Direction | 'accountability';
  readonly ref: string;
  readonly viewer: Viewer;
  readonly options: TraceOptions;
  /** How many items a page has unless asked for, and at most. */
  readonly page: { readonly standard: number; readonly most: number };
}

/** A question as it was asked, checked: as of which block, where its page begins, what its viewer sees. */
export interface Question {
  readonly store: IndexReader;
  readonly viewer: Viewer;
  readonly sight: Sight;
  readonly draughtsman: Draughtsman;
  readonly asOf: number;
  /** The time that present standing is judged at. */
  readonly now: string;
  readonly depth: number;
  readonly limit: number;
  /** How many items the pages before went through. */
  readonly skip: number;
  /** The versions asked about that the viewer may see: of origins one, else every version unless one is named. */
  readonly roots: readonly Root[];
  /** Some of them the viewer may not see. */
  readonly hidden: boolean;
  /** The cursor of the page that begins after so many items. */
  cursorAfter(passed: number): string;
}

export interface Root {
  readonly node: number;
  readonly row: VersionRow;
}

/** @throws IndexError `NOT_FOUND` if the viewer may not see the root, `BAD_REQUEST` for an option that makes no sense */
export function openQuestion({ store, chains, clock }: Sources, asked: QuestionOptions): Question {
  const { name, ref, viewer, options } = asked;
  const limit = checkedLimit(options.limit, asked.page);
  const depth = checkedDepth(options.depth);
  const request = { question: name, ref, depth, asOf: options.asOf, by: viewer.organization };
  const cursor = options.cursor === undefined ? undefined : decodeCursor(request, options.cursor);
  const asOf = cursor?.asOf ?? store.resolve(options.asOf);
  const [skip, now] = placeIn(cursor?.after) ?? [0, store.timeAsOf(options.asOf, asOf) ?? clock().toISOString()];
  const sight = new Sight(viewer, store.find);
  const there = rootsOf({ store, name, ref, asOf });
  const roots = there.filter(({ row }) => sight.sees(row, stateAt(row, asOf)));
  if (roots.length === 0) throw notFound(ref);
  return {
    store,
    viewer,
    sight,
    draughtsman: new Draughtsman({ store, sight, chains, asOf, now }),
    asOf,
    now,
    depth,
    limit,
    skip,
    roots,
    hidden: roots.length < there.length,
    cursorAfter: (passed) => encodeCursor(request, { asOf, after: `${passed} ${now}` }),
  };
}

/** The versions that a question is about, as far as they were there. */
function rootsOf({
  store,
  name,
  ref,
  asOf,
}: Pick<QuestionOptions, 'name' | 'ref'> & Pick<Question, 'store' | 'asOf'>): Root[] {
  const { record, version } = checkedRef(ref);
  const nodes = store.versionsOf(record);
  const there: Root[] = [];
  for (const node of version === undefined ? nodes : nodes.slice(version - 1, version)) {
    const row = store.version(node);
    if (row && !isMissing(row) && stateAt(row, asOf) !== undefined) there.push({ node, row });
  }
  return name === 'origins' || name === 'accountability' ? there.slice(-1) : there;
}

function checkedDepth(depth = Infinity): number {
  if (depth === Infinity || (Number.isSafeInteger(depth) && depth >= 1)) return depth;
  throw badRequest('depth', 'depth-out-of-range');
}

/** How many items the pages before went through, and the time they judged present standing at. */
function placeIn(after: string | undefined): readonly [number, string] | undefined {
  if (after === undefined) return undefined;
  const match = /^(\d+) (\S+)$/.exec(after);
  if (!match?.[2]) throw badRequest('cursor', 'not-a-trace-cursor');
  return [Number(match[1]), match[2]];
}
