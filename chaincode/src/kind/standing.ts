// SPDX-License-Identifier: Apache-2.0
import { contractMessages } from '../messages/contract.js';
import type { Message } from '../messages/template.js';
import { kindNamed } from './kind.js';
import { momentAt, parseRef, type LedgerRecord } from './record.js';
import type { Terms } from './terms.js';
import { keptBy } from './wind-down.js';

/** One record of an authority chain, as it was at the time asked about. */
export interface Link {
  readonly ref: string;
  readonly state: string;
  readonly version: number;
  /** What it allows, for plans, agreements and grants. */
  readonly terms?: Terms;
}

/** A link of the chain, with why it does not stand as a message. */
interface Broken extends Message {
  readonly ref: string;
}

export interface Standing {
  /** Whether the record and everything it rests on is in force. */
  readonly stands: boolean;
  /** The first link found broken, and why. */
  readonly broken?: Broken;
  /** The first link found that is missing or in a state not in force, whether or not its term is over. */
  readonly cut?: Broken;
  /** The first link found that is cut or whose term has ended: not one whose term is yet to begin. */
  readonly over?: Broken;
  /** Every link walked, from the record upward, each once. */
  readonly chain: readonly Link[];
}

/** Loads a record at the version that was current then, or is now, or at the exact version the ref names. */
export type LoadAsOf = (ref: string) => Promise<LedgerRecord | undefined>;

/** A past version with whatever has ended the record since: what is withdrawn is withdrawn at every version. */
export function endedWith(past: LedgerRecord, current: LedgerRecord): LedgerRecord {
  const ended = kindNamed(current.kind)?.ended ?? [];
  const ends = current.timeline.filter(({ version, state }) => version > past.version && ended.includes(state));
  return ends.length === 0 ? past : { ...past, timeline: [...past.timeline, ...ends] };
}

/**
 * Walks from `ref` up its parents and tells whether all of it stands: as of a time, or as it is, its terms at `time`. Suspending a record writes nothing below
 * it, yet cuts everything below, because whoever rests on it comes through here. A stated wind-down keeps what it names:
 * something walked on the way up, or one of `resting`.
 */
export async function standingOf(
  ref: string,
  {
    asOf,
    time,
    load,
    resting = [],
  }: {
    readonly asOf: string | undefined;
    readonly time: string;
    readonly load: LoadAsOf;
    /** What rests on `ref`, as `kind/id`: a use and the product used, where they are what is asked about. */
    readonly resting?: readonly string[];
  },
): Promise<Standing> {
  const at = asOf ?? time;
  const chain: Link[] = [];
  const seen = new Set<string>();
  const waiting = [{ ref, below: resting }];
  let broken: Broken | undefined;
  let cut: Broken | undefined;
  let over: Broken | undefined;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { ref: here, below } = next;
    if (seen.has(here)) continue;
    seen.add(here);
    const { kind: kindName, id, version } = parseRef(here);
    const kind = kindNamed(kindName);
    const record = await load(here);
    const moment = record && momentAt(record, asOf);
    if (!kind || !record || !moment) {
      cut ??= { ref: here, ...contractMessages.message('link-missing', { ref: here, at }) };
      over ??= cut;
      broken ??= cut;
      continue;
    }
    const linkTerms = kind.terms?.(record.body);
    chain.push({
      ref: here,
      state: moment.state,
      version: version ?? moment.version,
      ...(linkTerms === undefined ? {} : { terms: linkTerms }),
    });
    const lapse = kind.lapse?.(record.body, moment.state);
    const inForce =
      !kind.inForce ||
      kind.inForce.includes(moment.state) ||
      (lapse !== undefined && at >= lapse) ||
      keptBy(kind.windDown?.(record.body, moment.state), below, at);
    if (!inForce) {
      const state = `${kindName}:${moment.state}`;
      cut ??= { ref: here, ...contractMessages.message('link-not-in-force', { ref: here, state }) };
      over ??= cut;
      broken ??= cut;
    } else if (linkTerms && (at < linkTerms.from || at >= linkTerms.to)) {
      const { from, to } = linkTerms;
      const outside = { ref: here, ...contractMessages.message('link-out-of-term', { ref: here, from, to }) };
      broken ??= outside;
      if (at >= linkTerms.to) over ??= outside;
    }
    const way = [...below, `${kindName}/${id}`];
    waiting.push(...(kind.parents?.(record.body) ?? []).map((parent) => ({ ref: parent, below: way })));
  }
  if (!broken) return { stands: true, chain };
  return { stands: false, broken, ...(cut ? { cut } : {}), ...(over ? { over } : {}), chain };
}
