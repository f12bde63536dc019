// SPDX-License-Identifier: Apache-2.0
import type { ChaincodeStub } from 'fabric-shim-api';
import { canonicalize } from 'json-canonicalize';
import type { Mark } from './act.js';
import { parseRef, type LedgerRecord } from './record.js';
import { upgraded } from './schema.js';

/**
 * One transaction's view of the world state: point reads of committed values, blind writes. A record is at `kind/id`,
 * its past versions at `kind/id@n`, marks at `~name/key`; ids and names have passed their grammar before they come here.
 */
export class Store {
  private readonly read = new Map<string, Promise<unknown>>();
  /** By the reference that was asked for: the rules of one act ask for the same few again and again. */
  private readonly records = new Map<string, Promise<LedgerRecord | undefined>>();

  /** @param options.dryRun what is written is dropped */
  constructor(
    private readonly stub: ChaincodeStub,
    private readonly options: { readonly dryRun: boolean } = { dryRun: false },
  ) {}

  /** The record at `kind/id`, or at its exact version; undefined if there is none. */
  record(ref: string): Promise<LedgerRecord | undefined> {
    const known = this.records.get(ref) ?? this.find(ref);
    this.records.set(ref, known);
    return known;
  }

  /** Writes the record; keeps `before` under its version if that has ended. */
  async save(record: LedgerRecord, before: LedgerRecord | undefined): Promise<void> {
    const key = `${record.kind}/${record.id}`;
    if (before && before.version < record.version) await this.put(`${key}@${before.version}`, before);
    await this.put(key, record);
  }

  async mark(name: string, key: string): Promise<unknown> {
    return this.value(markKey(name, key));
  }

  async setMark({ name, key, value }: Mark): Promise<void> {
    await this.put(markKey(name, key), value);
  }

  private async find(ref: string): Promise<LedgerRecord | undefined> {
    const { kind, id, version } = parseRef(ref);
    const current = await this.stored(`${kind}/${id}`);
    if (!current || version === undefined || version === current.version) return current;
    return version < current.version ? this.stored(`${kind}/${id}@${version}`) : undefined;
  }

  private async stored(key: string): Promise<LedgerRecord | undefined> {
    const value = await this.value(key);
    return value === undefined ? undefined : upgraded(value as LedgerRecord);
  }

  private value(key: string): Promise<unknown> {
    const known = this.read.get(key);
    if (known) return known;
    const value = this.stub.getState(key).then((bytes) => (bytes.length === 0 ? undefined : parsed(key, bytes)));
    this.read.set(key, value);
    return value;
  }

  private async put(key: string, value: unknown): Promise<void> {
    if (!this.options.dryRun) await this.stub.putState(key, Buffer.from(canonicalize(value)));
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
