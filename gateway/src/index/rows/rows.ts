// SPDX-License-Identifier: Apache-2.0
import type { ActEntry, LedgerRecord } from 'yuanliu-chaincode/kind/record';
import type { ValidationCode } from 'yuanliu-verifier';
import type { Deviation } from './deviations.js';
import type { Deadline } from './due.js';

/** The transaction that brought a version of a record into being, and who did it. */
export interface Made {
  readonly txId: string;
  /** Number of the act in its transaction, where that did several. */
  readonly seq?: number;
  readonly block: number;
  /** Ledger time. */
  readonly time: string;
  readonly occurredAt?: string;
  readonly act: string;
  readonly nature: ActEntry['nature'];
  readonly organization: string;
  readonly user: string;
  readonly role: string;
  readonly violations: ActEntry['violations'];
}

/** When one version of a record came into a state. */
export interface StateChange {
  readonly block: number;
  readonly at: string;
  readonly state: string;
}

/** A record that speaks for a version: from which of its own versions on, and from which one no more. */
export type Attestation = readonly [ref: string, from: number, until?: number];

/**
 * One exact version of a record, with all that a walk or a visibility check asks of it, so that each costs one read. The
 * row grows as acts complete the version; what has happened in it never changes.
 */
export interface VersionRow {
  /** `kind/id@version` */
  readonly ref: string;
  readonly kind: string;
  readonly title?: string;
  /** What the body says in a word each: who provides, holds or uses it, for what. */
  readonly about: Readonly<Record<string, string | number | boolean>>;
  readonly states: readonly StateChange[];
  readonly made: Made;
  /** What its standing rests on, as the body names it. */
  readonly parents: readonly string[];
  /** How many edges of lineage its body has. */
  readonly edges: number;
  /** Organisations that acted on the record so far; those that did so themselves or were told of it, though it was sealed. */
  readonly actors: readonly string[];
  readonly privy: readonly string[];
  /** Organisations that this version's body or the acts up to it name. */
  readonly named: readonly string[];
  /** What a role's region and remit are held against. */
  readonly reach: { readonly region?: unknown; readonly domain?: unknown; readonly domains?: unknown };
  /** What registers or lists this version. */
  readonly evidence: readonly Attestation[];
}

/** A version that a body names and the ledger does not hold: a report may name anything. */
export interface MissingRow {
  readonly ref: string;
  readonly missing: true;
  readonly evidence: readonly Attestation[];
}

export type NodeRow = VersionRow | MissingRow;

/** One record: how many versions and acts it has. Which they are is in rows of their own, so that this one does not grow. */
export interface RecordRow {
  readonly versions: number;
  readonly acts: number;
  /** Place of its last act in the ledger's order. */
  readonly last?: string;
  /** The lists it is on now, as `facet NUL value`. */
  readonly listed: readonly string[];
}

/** One act on one record. */
export interface HistoryRow {
  readonly txId: string;
  readonly block: number;
  /** Place of the transaction in its block. */
  readonly index: number;
  /** The input of the act, without its idempotency key; absent for a consequence. */
  readonly input?: unknown;
  /** For a consequence: the record whose act caused it. */
  readonly causedBy?: string;
  /** How the act departs from the ordinary course, where it does. */
  readonly deviations?: readonly Deviation[];
  /** The period that was over when it was done, where one was. */
  readonly wasDue?: Deadline;
  /** The record as the act left it. */
  readonly record: LedgerRecord;
}

/** One transaction, valid or not. */
export interface TransactionRow {
  readonly block: number;
  readonly index: number;
  readonly type: 'CONFIG' | 'ENDORSER_TRANSACTION' | 'UNKNOWN';
  readonly validationCode: ValidationCode;
  /** Its timestamp; absent where it is not readable. */
  readonly time?: string;
  /** Records it changed, with the number of the act in each one's history. */
  readonly changed: readonly (readonly [ref: string, history: number])[];
  /** What is odd about it, though it is valid. */
  readonly remark?: string;
  /** Set if what it wrote is not in the index, for the reason in `remark`. */
  readonly setAside?: true;
}

export interface BlockRow {
  /** Hash of its header, hexadecimal. */
  readonly hash: string;
  /** Latest timestamp of any valid transaction of the contract up to this block: never falls, as block timestamps may. */
  readonly latest: string;
  /** Ids of its transactions, in order. */
  readonly transactions: readonly string[];
}

/** The first answer to an idempotency key. */
export interface OnceMark {
  readonly fingerprint: string;
  readonly ref: string;
  readonly txId: string;
  /** Number of the act in its transaction, where that did several. */
  readonly seq?: number;
  readonly also: readonly string[];
}

/** The reports that a finding counts beside the one that opened it. */
export interface CountedReports {
  readonly count: number;
  /** The first of them, at their versions. */
  readonly refs: readonly string[];
}

/** What a mark of the contract was set to, and where, in the order of the ledger. */
export type MarkRow = readonly (readonly [place: string, value: unknown])[];

/** How far the index has come; written in the same batch as the rows of its last block. */
export interface Position {
  /** The number of blocks. */
  readonly height: number;
  /** Hash of the last block's header, hexadecimal. */
  readonly headerHash: string;
  /** Rolling digest over headers and rows: the same for the same blocks, on any gateway, however often restarted. */
  readonly digest: string;
  /** How many names have a number. */
  readonly names: number;
  readonly latest: string;
  /** How many valid transactions are set aside; absent for none. */
  readonly setAside?: number;
}

export function isMissing(row: NodeRow): row is MissingRow {
  return 'missing' in row;
}

/** An act as what made a version. */
export function madeBy({ txId, block, record: { act } }: Pick<HistoryRow, 'txId' | 'block' | 'record'>): Made {
  const { name, nature, organization, user, role, seq, time, occurredAt, violations } = act;
  const occurred = occurredAt === undefined ? {} : { occurredAt };
  return {
    txId,
    ...(seq === undefined ? {} : { seq }),
    block,
    time,
    ...occurred,
    act: name,
    nature,
    organization,
    user,
    role,
    violations,
  };
}

/** The state a version was in as of a block; undefined before it came to be. */
export function stateAt({ states }: VersionRow, block: number): string | undefined {
  for (let last = states.length - 1; last >= 0; last--) {
    const change = states[last];
    if (change && change.block <= block) return change.state;
  }
  return undefined;
}
