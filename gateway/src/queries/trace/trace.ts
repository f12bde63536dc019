// SPDX-License-Identifier: Apache-2.0
import { isMissing } from '../../index/read/rows.js';
import type { IndexReader } from '../../index/read/index-reader.js';
import type { Viewer } from '../../index/read/visibility.js';
import { slices } from '../../runtime/slices.js';
import type { AccountabilityAnswer } from './account.js';
import { accountFor } from './accountability.js';
import type { Hop, TraceAnswer, TraceNode, TraceOptions } from './answer.js';
import { Chains } from './basis.js';
import { openQuestion, type Sources } from './question.js';
import { steps, type Direction, type Met, type Step, type Walk } from './walk.js';

/**
 * The questions, over exact versions. `ref` is `kind/id` or `kind/id@version`.
 *
 * Throws IndexError: `NOT_FOUND` if the viewer may not see the root, `BAD_REQUEST` for an option that makes no sense.
 */
export interface Trace extends Readonly<Record<Direction, Ask<TraceAnswer>>> {
  /** 来源 — everything it came from. Without a version: what the current one came from. */
  readonly origins: Ask<TraceAnswer>;
  /** 去向 — everywhere it went. Without a version: where any of its versions went. */
  readonly destinations: Ask<TraceAnswer>;
  /**
   * 影响 — everything that depends on it: whose standing rests on it, what was made of it or used it, and of an organisation
   * what it is a party of, with all that follows from that. What to look at before it is suspended, revoked or regraded.
   */
  readonly impact: Ask<TraceAnswer>;
  /** 责任 — every act on its chain, in the order of the ledger: 50 a page unless asked for, 200 at most. */
  readonly accountability: Ask<AccountabilityAnswer>;
}

type Ask<Answer> = (ref: string, viewer: Viewer, options?: TraceOptions) => Promise<Answer>;

/** @param clock tells the time that present standing is judged at, where no past block or time is asked for */
export function openTrace(index: { readonly reader: IndexReader }, clock: () => Date = () => new Date()): Trace {
  const store = index.reader;
  const sources: Sources = { store, chains: new Chains(store), clock };
  const ask = (direction: Direction): Ask<TraceAnswer> => {
    return (ref, viewer, options = {}) => answer(sources, direction, ref, viewer, options);
  };
  return {
    origins: ask('origins'),
    destinations: ask('destinations'),
    impact: ask('impact'),
    accountability: async (ref, viewer, options = {}) => {
      const page = { standard: 50, most: 200 };
      return accountFor(ref, openQuestion(sources, { name: 'accountability', ref, viewer, options, page }));
    },
  };
}

async function answer(
  sources: Sources,
  direction: Direction,
  ref: string,
  viewer: Viewer,
  options: TraceOptions,
): Promise<TraceAnswer> {
  const page = { standard: 1_000, most: 5_000 };
  const question = openQuestion(sources, { name: direction, ref, viewer, options, page });
  const { store, sight, draughtsman, asOf, now, depth, limit, skip } = question;
  const met: Met = { hidden: question.hidden, cut: false };
  const roots: TraceNode[] = [];
  for (const { row } of question.roots) roots.push(await draughtsman.draw(row));

  const hops: Hop[] = [];
  const { organization } = viewer;
  const othersDue = slices(organization);
  let passed = 0;
  let more = false;
  const walk: Walk = {
    store,
    sight,
    direction,
    roots: question.roots.map(({ node }) => node),
    asOf,
    depth,
    organization,
  };
  for await (const chunk of steps(walk, met)) {
    for (const step of chunk) {
      if (passed++ < skip) continue;
      more = hops.length === limit;
      if (more) break;
      const node = step.first && !isMissing(step.far) ? draughtsman.draw(step.far) : undefined;
      hops.push(hopOf(step, direction, node instanceof Promise ? await node : node));
      const others = othersDue();
      if (others) await others;
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
    ...(more ? { cursor: question.cursorAfter(skip + hops.length) } : {}),
  };
}

function hopOf({ relation, near, far, depth }: Step, direction: Direction, node: TraceNode | undefined): Hop {
  const [from, to] = direction === 'origins' ? [near.ref, far.ref] : [far.ref, near.ref];
  return { relation, from, to, depth, node, missing: isMissing(far) || undefined };
}
