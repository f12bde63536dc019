// SPDX-License-Identifier: Apache-2.0
import type { Message } from '../messages/template.js';
import type { Violation } from '../vocabulary/error.js';

/** A record as it stands on the ledger. */
export interface LedgerRecord<Body = unknown> {
  readonly kind: string;
  readonly id: string;
  /** Counts bodies, from 1: what a version says never changes, later acts may only complete it. */
  readonly version: number;
  readonly state: string;
  readonly body: Body;
  /** Schema number that `body` was stored under. */
  readonly schema: number;
  /** Counts acts, from 1. */
  readonly history: number;
  /** When it came into each state and version, in order. */
  readonly timeline: readonly Moment[];
  /** The act that left it so; earlier ones are in earlier blocks. */
  readonly act: ActEntry;
}

export interface Moment {
  readonly at: string;
  readonly state: string;
  readonly version: number;
}

/** Who did what, when, judged by which rules. */
export interface ActEntry {
  readonly name: string;
  readonly nature: 'decision' | 'report' | 'consequence';
  readonly organization: string;
  readonly user: string;
  readonly role: string;
  readonly txId: string;
  /** Number of the act among those of its transaction, from 0; absent for an act that is a transaction of its own. */
  readonly seq?: number;
  /** Ledger time. */
  readonly time: string;
  /** When it happened, for a report. */
  readonly occurredAt?: string;
  /** Why a report comes late, and its documents (补录). */
  readonly late?: { readonly reason: string; readonly documents: readonly string[] };
  /** Version of the rulebook that judged it; 0 before there was one. */
  readonly rulebook: number;
  readonly violations: readonly Violation[];
  /** It happened before the ledger went live (补录): what was in force then, documents say. */
  readonly backfilled?: true;
  /** Rules that could not be judged, which is not to say that they hold. */
  readonly unjudged?: readonly Unjudged[];
}

/** A rule that could not be judged: the message says why. */
export interface Unjudged extends Message {
  readonly rule: string;
  readonly article: string;
}

/** A reference to a record, or to one exact version of it. */
export interface Ref {
  readonly kind: string;
  readonly id: string;
  readonly version: number | undefined;
}

/** Splits `kind/id` or `kind/id@version`. Throws on anything else: check the grammar first where it comes from outside. */
export function parseRef(ref: string): Ref {
  const match = REF.exec(ref);
  if (!match?.[1] || !match[2]) throw new TypeError(`not a reference: ${ref}`);
  return { kind: match[1], id: match[2], version: match[3] === undefined ? undefined : Number(match[3]) };
}

export function versionRef(record: LedgerRecord): string {
  return `${record.kind}/${record.id}@${record.version}`;
}

/** The state and version a record was in at `time`, or is in without one; undefined before it existed. */
export function momentAt(record: LedgerRecord, time?: string): Moment | undefined {
  return record.timeline.findLast((moment) => time === undefined || moment.at <= time);
}

/**
 * Whether `after` says everything `before` said, and perhaps more: fields may be added, lists may grow at the end.
 * Completing a body this way keeps its version.
 */
export function completes(after: unknown, before: unknown): boolean {
  if (before === undefined) return true;
  if (Array.isArray(before)) {
    return Array.isArray(after) && after.length >= before.length && before.every((item, i) => same(item, after[i]));
  }
  if (typeof before === 'object' && before !== null) {
    if (typeof after !== 'object' || after === null || Array.isArray(after)) return false;
    const later = after as { readonly [field: string]: unknown };
    return Object.entries(before).every(([field, value]) => completes(later[field], value));
  }
  return after === before;
}

function same(a: unknown, b: unknown): boolean {
  return completes(a, b) && completes(b, a);
}

const REF = /^([a-z][a-z-]*)\/([^/@\s]+)(?:@([1-9][0-9]*))?$/;
