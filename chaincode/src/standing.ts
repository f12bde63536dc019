// SPDX-License-Identifier: Apache-2.0
import { kindNamed } from './kind.js';
import { momentAt, parseRef, type LedgerRecord } from './record.js';
import type { Terms } from './terms.js';

/** One record of an authority chain, as it was at the time asked about. */
export interface Link {
  readonly ref: string;
  readonly state: string;
  readonly version: number;
  /** What it allows, for plans, agreements and grants. */
  readonly terms?: Terms;
}

export interface Standing {
  /** Whether the record and everything it rests on is in force. */
  readonly stands: boolean;
  /** The first link found broken, and why. */
  readonly broken?: { readonly ref: string; readonly why: string };
  /** Every link walked, from the record upward, each once. */
  readonly chain: readonly Link[];
}

/** Loads a record at the version that was current then, or is now, or at the exact version the ref names. */
export type LoadAsOf = (ref: string) => Promise<LedgerRecord | undefined>;

/**
 * Walks from `ref` up its parents and tells whether all of it stands: as of a time, or as it is, its terms at `time`. Suspending a record writes nothing below
 * it, yet cuts everything below, because whoever rests on it comes through here.
 */
export async function standingOf(
  ref: string,
  { asOf, time, load }: { readonly asOf: string | undefined; readonly time: string; readonly load: LoadAsOf },
): Promise<Standing> {
  const at = asOf ?? time;
  const chain: Link[] = [];
  const seen = new Set<string>();
  const waiting = [ref];
  let broken: Standing['broken'];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const { kind: kindName, version } = parseRef(next);
    const kind = kindNamed(kindName);
    const record = await load(next);
    const moment = record && momentAt(record, asOf);
    if (!kind || !record || !moment) {
      broken ??= { ref: next, why: `${next} did not exist at ${at}` };
      continue;
    }
    const linkTerms = kind.terms?.(record.body);
    chain.push({
      ref: next,
      state: moment.state,
      version: version ?? moment.version,
      ...(linkTerms === undefined ? {} : { terms: linkTerms }),
    });
    if (kind.inForce && !kind.inForce.includes(moment.state)) {
      broken ??= { ref: next, why: `${next} is ${moment.state}` };
    } else if (linkTerms && (at < linkTerms.from || at >= linkTerms.to)) {
      broken ??= { ref: next, why: `${next} is in force from ${linkTerms.from} to ${linkTerms.to} only` };
    }
    waiting.push(...(kind.parents?.(record.body) ?? []));
  }
  return broken ? { stands: false, broken, chain } : { stands: true, chain };
}
