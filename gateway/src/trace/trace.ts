// SPDX-License-Identifier: Apache-2.0
import { decodeCursor, encodeCursor } from '../index/cursor.js';
import { badRequest, notFound } from '../index/error.js';
import { checkedLimit, checkedRef, resolveIn, versionsIn } from '../index/reading.js';
import { isMissing, stateAt, type VersionRow } from '../index/rows.js';
import type { IndexStore } from '../index/store.js';
import { Sight, type Viewer } from '../index/visibility.js';
import type { Hop, TraceAnswer, TraceNode, TraceOptions } from './answer.js';
import { Chains } from './basis.js';
import { Draughtsman } from './node.js';
import { steps, type Direction, type Met, type Step, type Walk } from './walk.js';

/**
 * The questions, over exact versions. `ref` is `kind/id` or `kind/id@version`.
 *
 * Throws IndexError: `NOT_FOUND` if the viewer may not see the root, `BAD_REQUEST` for an option that makes no sense.
 */
export interface Trace {
  /** 来源 — everything it came from. Without a version: what the current one came from. */
  origins(ref: string, viewer: Viewer, options?: TraceOptions): Promise<TraceAnswer>;
  /** 去向 — everywhere it went. Without a version: where any of its versions went. */
  destinations(ref: string, viewer: Viewer, options?: TraceOptions): Promise<TraceAnswer>;
  /**
   * 影响 — everything that depends on it: whose standing rests on it, what was made of it or used it, and of an organisation
   * what it is a party of, with all that follows from that. What to look at before it is suspended, revoked or regraded.
   */
  impact(ref: string, viewer: Viewer, options?: TraceOptions): Promise<TraceAnswer>;
}

/** @param clock tells the time that present standing is judged at, where no past block or time is asked for */
export function openTrace(index: { readonly store: IndexStore }, clock: () => Date = () => new Date()): Trace {
  const { store } = index;
  const chains = new Chains(store);
  const ask = (direction: Direction): Trace['origins'] => {
    return (ref, viewer, options = {}) => answer({ store, chains, clock, direction }, ref, viewer, options);
  };
  return { origins: ask('origins'), destinations: ask('destinations'), impact: ask('impact') };
}

interface Question {
  readonly store: IndexStore;
  readonly chains: Chains;
  readonly clock: () => Date;
  readonly direction: Direction;
}

async function answer(
  { store, chains, clock, direction }: Question,
  ref: string,
  viewer: Viewer,
  options: TraceOptions,
): Promise<TraceAnswer> {
  const limit = checkedLimit(options.limit, { standard: 1_000, most: 5_000 });
  const depth = checkedDepth(options.depth);
  const request = { direction, ref, depth, asOf: options.asOf, by: viewer.organization };
  const cursor = options.cursor === undefined ? undefined : decodeCursor(request, options.cursor);
  const asOf = cursor?.asOf ?? resolveIn(store, options.asOf);
  const [skip, now] = placeIn(cursor?.after) ?? [0, timeOf(options.asOf, store, asOf) ?? clock().toISOString()];

  const sight = new Sight(viewer, versionsIn(store));
  const draughtsman = new Draughtsman({ store, sight, chains, asOf, now });
  const met: Met = { hidden: false, cut: false };
  const rows = rootRows({ store, direction, ref, asOf }).filter(({ row }) => {
    const seen = sight.sees(row, stateAt(row, asOf));
    if (!seen) met.hidden = true;
    return seen;
  });
  if (rows.length === 0) throw notFound(ref);
  const roots: TraceNode[] = [];
  for (const { row } of rows) roots.push(await draughtsman.draw(row));

  const hops: Hop[] = [];
  let passed = 0;
  let more = false;
  const walk: Walk = { store, sight, direction, roots: rows.map(({ node }) => node), asOf, depth };
  for await (const chunk of steps(walk, met)) {
    for (const step of chunk) {
      if (passed++ < skip) continue;
      more = hops.length === limit;
      if (more) break;
      const node = step.first && !isMissing(step.far) ? draughtsman.draw(step.far) : undefined;
      hops.push(hopOf(step, direction, node instanceof Promise ? await node : node));
    }
    if (more) break;
  }
  return {
    root: ref,
    asOf: { block: asOf, time: now },
    roots,
    hops,
    truncated: more || met.cut,
    hidden: met.hidden || draughtsman.hidden,
    ...(more ? { cursor: encodeCursor(request, { asOf, after: `${skip + hops.length} ${now}` }) } : {}),
  };
}

function hopOf({ relation, near, far, depth }: Step, direction: Direction, node: TraceNode | undefined): Hop {
  const [from, to] = direction === 'origins' ? [near.ref, far.ref] : [far.ref, near.ref];
  return { relation, from, to, depth, node, missing: isMissing(far) || undefined };
}

/** The versions that a walk starts from, as far as they were there. */
function rootRows({
  store,
  direction,
  ref,
  asOf,
}: Pick<Walk, 'store' | 'direction' | 'asOf'> & { readonly ref: string }) {
  const { record, version } = checkedRef(ref);
  const nodes = store.record(record)?.versions ?? [];
  const there: { readonly node: number; readonly row: VersionRow }[] = [];
  for (const node of version === undefined ? nodes : nodes.slice(version - 1, version)) {
    const row = store.version(node);
    if (row && !isMissing(row) && stateAt(row, asOf) !== undefined) there.push({ node, row });
  }
  return direction === 'origins' ? there.slice(-1) : there;
}

function checkedDepth(depth = Infinity): number {
  if (depth === Infinity || (Number.isSafeInteger(depth) && depth >= 1)) return depth;
  throw badRequest('depth', 'depth is a number from 1 on');
}

/** The time that a past block or time stands for; undefined where neither is asked for. */
function timeOf(asOf: TraceOptions['asOf'], store: IndexStore, block: number): string | undefined {
  if (asOf === undefined) return undefined;
  return typeof asOf === 'number' || /^\d+$/.test(asOf)
    ? (store.block(block)?.latest ?? '')
    : new Date(Date.parse(asOf)).toISOString();
}

/** How many hops the pages before showed, and the time they judged present standing at. */
function placeIn(after: string | undefined): readonly [number, string] | undefined {
  if (after === undefined) return undefined;
  const match = /^(\d+) (\S+)$/.exec(after);
  if (!match?.[2]) throw badRequest('cursor', 'this is no cursor of a trace');
  return [Number(match[1]), match[2]];
}
