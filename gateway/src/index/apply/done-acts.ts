// SPDX-License-Identifier: Apache-2.0
import type { BatchEvent } from 'yuanliu-chaincode/engine/batch';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { upgraded } from 'yuanliu-chaincode/kind/schema';
import type { TransactionFacts } from '../../ledger/block-facts.js';

/** One act that a transaction did: the record that it left, and what was asked for. */
export interface DoneAct {
  /** Place among the acts of its transaction, or of an act alone its place among the writes. */
  readonly place: number;
  readonly record: LedgerRecord;
  /** The record as JSON: its own text on the ledger, where it needed no upgrade. */
  readonly json: string;
  /** The input of the act, without its idempotency key; undefined for a consequence. */
  readonly input?: unknown;
  /** For a consequence: the record whose act caused it. */
  readonly causedBy?: string | undefined;
}

/**
 * Every act that a transaction did, in order. A key holds one value after a transaction, so of several acts on one record the
 * earlier ones are past versions that it wrote too, or stand in its event.
 *
 * @throws Error for what is no record, or the record of another key.
 */
export function doneActs(transaction: TransactionFacts): readonly DoneAct[] {
  const found = [...written(transaction), ...superseded(transaction)];
  const asked = askedOf(transaction);
  const acts = found.map(({ write, record, json }) => {
    const ref = `${record.kind}/${record.id}`;
    const { main, input } = asked(record.act.seq);
    return { place: write, record, json, ...(ref === main ? { input: withoutKey(input) } : { causedBy: main }) };
  });
  if (!acts.some(({ record }) => record.act.seq !== undefined)) return acts;
  return acts.sort(inOrder).map((act, place) => ({ ...act, place }));
}

interface Found {
  /** Place among the writes. */
  readonly write: number;
  readonly record: LedgerRecord;
  readonly json: string;
}

/** The records under their own keys, and past versions that this transaction made. */
function written({ txId, writes }: TransactionFacts): Found[] {
  return writes.flatMap(({ key, value }, write) => {
    if (key.startsWith('~')) return [];
    const past = key.includes('@');
    if (past && !value.includes(`"txId":"${txId}"`)) return []; // an earlier transaction brought it
    const stored = JSON.parse(value) as LedgerRecord;
    if (past && stored.act.txId !== txId) return [];
    const own = `${stored.kind}/${stored.id}${past ? `@${stored.version}` : ''}`;
    if (key !== own) throw new Error(`${key} holds the record of another key`);
    return [{ write, ...current(stored, value) }];
  });
}

function superseded({ batchEvent, writes }: TransactionFacts): Found[] {
  if (batchEvent === undefined) return [];
  const { superseded: records = [] } = JSON.parse(batchEvent) as BatchEvent;
  return records.map((record) => ({ write: writes.length, ...current(record, JSON.stringify(record)) }));
}

function current(stored: LedgerRecord, json: string): Pick<Found, 'record' | 'json'> {
  const record = upgraded(stored);
  return { record, json: record === stored ? json : JSON.stringify(record) };
}

/** An act before what it brought about, which follows by name. */
function inOrder(a: DoneAct, b: DoneAct): number {
  const [first, second] = [a, b].map(({ record }) => record.act.seq ?? 0) as [number, number];
  if (first !== second) return first - second;
  const [mine, other] = [a, b].map(({ causedBy, record: { kind, id } }) => `${causedBy ? 1 : 0}${kind}/${id}`) as [
    string,
    string,
  ];
  return mine < other ? -1 : 1;
}

interface Asked {
  /** `kind/id` that the act is on. */
  readonly main?: string;
  readonly input?: unknown;
}

/** What a transaction asks for, by the number of the act; of an act alone whatever the number. */
function askedOf({ call, batch }: TransactionFacts): (seq: number | undefined) => Asked {
  if (batch) {
    return (seq = 0) => {
      const asked = batch[seq];
      return asked ? { main: `${kindOf(asked.act)}/${asked.id}`, input: asked.input ?? {} } : {};
    };
  }
  if (!call) return () => ({});
  const alone = { main: `${kindOf(call.transaction)}/${call.id}`, input: parsed(call.input) };
  return () => alone;
}

function kindOf(act: string): string {
  return act.split(':')[0] ?? '';
}

/** The contract took it as JSON. Undefined for anything else. */
function parsed(json = ''): unknown {
  try {
    return JSON.parse(json === '' ? '{}' : json);
  } catch {
    return undefined;
  }
}

/** What only concerns the sending of an act is left out. */
function withoutKey(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return undefined;
  const { idempotencyKey: _, ...rest } = input as Record<string, unknown>;
  return rest;
}
