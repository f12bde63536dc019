// SPDX-License-Identifier: Apache-2.0
import type { ChaincodeStub } from 'fabric-shim-api';
import { canonicalize } from 'json-canonicalize';
import type { Mark } from './act.js';
import { ContractError, saying } from '../vocabulary/error.js';
import { parseRef, type LedgerRecord } from './record.js';
import { upgraded } from './schema.js';

/**
 * The world state as one transaction sees it: point reads of committed values, each made once, under what its acts have
 * written so far. What they write is kept here until {@link flush}, so that each key is written once, whoever wrote it last.
 */
export class TransactionStore {
  private readonly read = new Map<string, Promise<unknown>>();
  private readonly written = new Map<string, Written>();
  private readonly replaced: LedgerRecord[] = [];
  /** What {@link flush} would write, and what {@link superseded} holds. */
  private bytes = 0;

  constructor(private readonly stub: ChaincodeStub) {}

  /**
   * What acts of this transaction left and later ones replaced, where the write set does not hold it as a past version:
   * with the write set, every act that was done.
   */
  get superseded(): readonly LedgerRecord[] {
    return this.replaced;
  }

  value(key: string): Promise<unknown> {
    const known = this.written.get(key)?.value() ?? this.read.get(key);
    if (known) return known;
    const value = this.stub.getState(key).then((bytes) => (bytes.length === 0 ? undefined : parsed(key, bytes)));
    this.read.set(key, value);
    return value;
  }

  /**
   * Takes over what one act writes.
   *
   * @throws ContractError `BATCH_FULL` where what the acts before it wrote leaves no room for it: a first act always has room.
   */
  take(writes: ReadonlyMap<string, Written>): void {
    let more = 0;
    for (const { text } of writes.values()) more += Buffer.byteLength(text);
    if (this.bytes > 0 && this.bytes + more > MOST_WRITTEN) {
      throw new ContractError('BATCH_FULL', saying('batch-full', { bytes: MOST_WRITTEN }));
    }
    for (const [key, { record, text, value }] of writes) {
      const earlier = this.written.get(key);
      const kept = earlier?.record && writes.has(`${key}@${earlier.record.version}`);
      if (earlier?.record && !kept) this.replaced.push(earlier.record);
      if (earlier && (!earlier.record || kept)) this.bytes -= Buffer.byteLength(earlier.text);
      this.bytes += Buffer.byteLength(text);
      this.written.set(key, { ...(record ? { record } : {}), text, value });
    }
  }

  async flush(): Promise<void> {
    for (const [key, { text }] of this.written) await this.stub.putState(key, Buffer.from(text));
  }
}

/** Bytes that the acts of one transaction may write together. */
const MOST_WRITTEN = 4_194_304;

/** What a key is to hold. */
interface Written {
  /** Set for a record under its own key, not for a past version or a mark. */
  readonly record?: LedgerRecord;
  readonly text: string;
  /** As who reads it gets it: parsed once, frozen. */
  readonly value: () => Promise<unknown>;
}

/**
 * One act's view of a transaction: it sees what the acts before it wrote, and not what it writes itself. A record is at
 * `kind/id`, its past versions at `kind/id@n`, marks at `~name/key`; ids and names have passed their grammar before they
 * come here. Nothing is written before {@link keep}.
 */
export class Store {
  /** By the reference that was asked for: the rules of one act ask for the same few again and again. */
  private readonly records = new Map<string, Promise<LedgerRecord | undefined>>();
  private readonly writes = new Map<string, Written>();

  constructor(private readonly transaction: TransactionStore) {}

  /** The record at `kind/id`, or at its exact version; undefined if there is none. */
  record(ref: string): Promise<LedgerRecord | undefined> {
    const known = this.records.get(ref) ?? this.find(ref);
    this.records.set(ref, known);
    return known;
  }

  /** Writes the record; keeps `before` under its version if that has ended. */
  save(record: LedgerRecord, before: LedgerRecord | undefined): void {
    const key = `${record.kind}/${record.id}`;
    if (before && before.version < record.version) this.put(`${key}@${before.version}`, before);
    this.put(key, record, record);
  }

  mark(name: string, key: string): Promise<unknown> {
    return this.transaction.value(markKey(name, key));
  }

  setMark({ name, key, value }: Mark): void {
    this.put(markKey(name, key), value);
  }

  /** Hands what the act wrote to its transaction: the act is done. An act that is refused never does. */
  keep(): void {
    this.transaction.take(this.writes);
  }

  private async find(ref: string): Promise<LedgerRecord | undefined> {
    const { kind, id, version } = parseRef(ref);
    const current = await this.stored(`${kind}/${id}`);
    if (!current || version === undefined || version === current.version) return current;
    return version < current.version ? this.stored(`${kind}/${id}@${version}`) : undefined;
  }

  private async stored(key: string): Promise<LedgerRecord | undefined> {
    const value = await this.transaction.value(key);
    return value === undefined ? undefined : upgraded(value as LedgerRecord);
  }

  private put(key: string, value: unknown, record?: LedgerRecord): void {
    const text = canonicalize(value);
    let read: Promise<unknown> | undefined;
    const again = (): Promise<unknown> => (read ??= Promise.resolve(frozen(JSON.parse(text))));
    this.writes.set(key, { ...(record ? { record } : {}), text, value: again });
  }
}

function markKey(name: string, key: string): string {
  return `~${name}/${key}`;
}

/**
 * Parsed values by key, kept across transactions: the rulebook, organisations and grants are read by every act. An
 * entry is used only if the stored bytes are the same, so it changes no result; values are frozen, since they are shared.
 */
const memo = new Map<string, { readonly bytes: Uint8Array; readonly value: unknown }>();
const MEMO_LIMIT = 4096;

function parsed(key: string, bytes: Uint8Array): unknown {
  const known = memo.get(key);
  if (known && Buffer.compare(known.bytes, bytes) === 0) return known.value;
  const value = frozen(JSON.parse(Buffer.from(bytes).toString('utf8')));
  if (memo.size >= MEMO_LIMIT) memo.clear();
  memo.set(key, { bytes, value });
  return value;
}

function frozen(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}
