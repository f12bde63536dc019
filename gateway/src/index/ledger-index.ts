// SPDX-License-Identifier: Apache-2.0
import type { ActEntry, LedgerRecord } from 'yuanliu-chaincode/kind/record';
import type { RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';
import type { ValidationCode } from 'yuanliu-verifier';
import type { CheckOptions } from '../storage/checked-database.js';
import type { CountedReports, OnceMark } from './rows/rows.js';
import type { Viewer } from './read/visibility.js';

/** A block number, or an RFC 3339 time: the highest block before the first that holds a valid transaction later. */
export type AsOf = number | string;

/** Where on the ledger something is. */
export interface Place {
  readonly txId: string;
  readonly block: number;
  /** Place of the transaction in its block. */
  readonly index: number;
  /** Number of the act in its transaction, where that did several. */
  readonly seq?: number;
}

/** A record, and the transaction that left it so. */
export interface RecordView {
  readonly record: LedgerRecord;
  readonly transaction: Place;
  /** Of a finding, read by itself: the later reports that it counts, if there are any. */
  readonly counted?: CountedReports;
}

export interface HistoryEntry {
  readonly act: ActEntry;
  /** Version and state that the act left. */
  readonly version: number;
  readonly state: string;
  readonly transaction: Place;
  /** The act's input, without its idempotency key; absent for a consequence. */
  readonly input?: unknown;
  /** For a consequence: the record whose act caused it. */
  readonly causedBy?: string;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Gives the next page; absent on the last. A page may be short, even empty, and still have a next one. */
  readonly cursor?: string;
  /** The block that the page, and every page that its cursor leads to, is as of. */
  readonly asOf: number;
}

export interface PageOptions {
  /** 1 to 200; 50 unless given. */
  readonly limit?: number;
  readonly cursor?: string;
  readonly asOf?: AsOf;
}

export interface ListOptions extends PageOptions {
  readonly viewer: Viewer;
  /**
   * `state`; `party`, any organisation that the record names; any scalar field of the body, or list of scalars (that
   * contains the value); `title` and `name` by part. All must match.
   */
  readonly filters?: Readonly<Record<string, string>>;
  /** By id, or by last change, newest first. */
  readonly sort?: 'id' | 'changed';
}

/** One transaction as the ledger holds it. */
export interface TransactionView extends Place {
  readonly type: 'CONFIG' | 'ENDORSER_TRANSACTION' | 'UNKNOWN';
  readonly validationCode: ValidationCode;
  /** Its timestamp; absent where it is not readable. */
  readonly time?: string;
  /** The records that it changed and the viewer may see. */
  readonly changed: readonly { readonly ref: string; readonly history: number }[];
  /** Set if it changed others too. */
  readonly hidden?: true;
  /** What is odd about it, though the channel's peers found it valid. */
  readonly remark?: string;
  /** Set if the index holds nothing of what it wrote, for the reason in `remark`. */
  readonly setAside?: true;
}

export interface BlockView {
  readonly number: number;
  readonly headerHash: string;
  readonly transactions: readonly string[];
}

export interface LookupOptions {
  readonly viewer: Viewer;
  readonly asOf?: AsOf;
}

/** Where an event is among all: the ledger's own order. */
export interface EventId {
  readonly block: number;
  /** Place of the transaction in its block. */
  readonly transaction: number;
  /** Number of the event in its transaction, in the order of the acts: 0 is the first act itself, then what it brought about. */
  readonly event: number;
  /** Hash of the block's header, hexadecimal: the same place in another chain is another event. */
  readonly headerHash: string;
}

/** One act that was committed. */
export interface ActEvent {
  readonly id: EventId;
  /** `kind/id` */
  readonly ref: string;
  readonly kind: string;
  /** The act in the words of the regulation. */
  readonly title: string;
  readonly act: ActEntry;
  readonly version: number;
  readonly state: string;
  readonly transaction: Place;
  readonly causedBy?: string;
}

/** A version that carries a digest. */
export interface DigestMatch {
  readonly ref: string;
  readonly kind: string;
  readonly title?: string;
  readonly state: string;
}

/**
 * What the gateway knows of the ledger, kept by following its blocks. It says nothing the blocks do not say: deleted and
 * rebuilt it answers the same, and `digest` is the same.
 *
 * Reads give what the viewer may see; a record the viewer may not see is as one that does not exist. Every method throws
 * IndexError: `BAD_REQUEST` for a parameter that makes no sense, `CLOSED` after `close`.
 */
export interface LedgerIndex {
  /** The number of blocks indexed. */
  height(): number;
  /** Latest timestamp of any valid transaction of the contract; empty before the first. */
  latest(): string;
  /** Rolling digest of everything in the index, hexadecimal. */
  digest(): string;
  /** Why following has stopped: for now, and it is tried again; or for good, because the index is `DAMAGED`. */
  failure(): Error | undefined;
  /** Checks every row while the index is in use. Throws `DAMAGED`. */
  check(options: CheckOptions): Promise<void>;

  /** How many valid transactions are set aside: what they wrote cannot be read, and is not here. */
  setAside(): number;
  /** Resolves once `block` is indexed. Throws `NOT_INDEXED` after `timeout` milliseconds, or when `signal` aborts. */
  waitFor(block: number, timeout: number, signal?: AbortSignal): Promise<void>;

  /** Who an organisation is to this gateway: with the roles the ledger gives it now, suspended or not. */
  viewer(organization: string): Viewer;

  /** The record at `kind/id`, or as its exact version was last; undefined if there is none that the viewer may see. */
  record(ref: string, viewer: Viewer, options?: { readonly asOf?: AsOf }): RecordView | undefined;
  /**
   * The record as a transaction, or one act of it, left it: for whoever signed that transaction; undefined while its block is not indexed, and
   * for what it did not write.
   */
  left(txId: string, ref: string, seq?: number): LedgerRecord | undefined;
  /** What a finding counts beside the report that opened it; undefined if that is nothing. For who may read the finding. */
  counted(finding: string): CountedReports | undefined;
  /** The top of the authority chain that a link rests on: what conflicts over a quota is below the same. */
  topOf(link: string): string;
  /** Ids of the first reports of a user under an authority that are yet to be metered. */
  unmetered(of: { readonly user: string; readonly authority: string }, most: number): Promise<readonly string[]>;
  /** Whether the viewer oversees all of the channel. */
  seesEverything(viewer: Viewer): boolean;
  /** Whether the viewer may see the record or version, or what speaks for it: a published catalogue, a registration. */
  knows(ref: string, viewer: Viewer): boolean;
  /** Every act on `kind/id`, from the first. Throws `NOT_FOUND`. */
  history(ref: string, viewer: Viewer, options?: PageOptions): Page<HistoryEntry>;
  /** Every act that a block committed; none of a block that is not indexed. */
  events(block: number, viewer: Viewer): readonly ActEvent[];
  /** Records of one kind. */
  list(kind: string, options: ListOptions): Promise<Page<RecordView>>;
  /** Versions that carry this content, a hundred at most. */
  lookup(digest: string, options: LookupOptions): Promise<readonly DigestMatch[]>;
  transaction(txId: string, viewer: Viewer): TransactionView | undefined;
  block(number: number): BlockView | undefined;
  /** The first answer to an organisation's idempotency key. */
  once(organization: string, key: string): OnceMark | undefined;
  /** The rulebook in force; undefined before one is adopted. */
  rulebook(): LedgerRecord<RulebookBody> | undefined;

  /** The block that `asOf` names; the last one if absent. */
  resolve(asOf?: AsOf): number;
  /** Stops following and lets go of the files. Idempotent. */
  close(): Promise<void>;
}
