// SPDX-License-Identifier: Apache-2.0
import { canonicalize } from 'json-canonicalize';
import { BATCH_PERFORM, type BatchAnswer, type BatchEvent } from 'yuanliu-chaincode/engine/batch';
import type { Performed } from 'yuanliu-chaincode/engine/perform';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import type { Member } from 'yuanliu-demo/cast';
import type { Call } from './act';
import type { Fork } from './fork';

/** Acts of one caller at one ledger time. */
export interface Batch {
  readonly by: Member;
  readonly time: string;
  readonly acts: readonly Asked[];
}

export interface Asked extends Pick<Call, 'act' | 'id'> {
  readonly input: Call['input'] & { readonly idempotencyKey?: string };
}

/** What a batch answers and leaves, or its acts one by one: part → key → value, each transaction named by the number of its act. */
type Left = Readonly<Record<'answers' | 'changed' | 'records' | 'state', Readonly<Record<string, unknown>>>>;

/** How a batch went beside its acts one by one. */
export interface Compared {
  /** How many of the acts are accepted one by one. */
  readonly accepted: number;
  /** Where the two differ; undefined if they do not. */
  readonly differs: string | undefined;
}

/** Performs a batch on a city, and on copies of it its acts one by one and the batch as an atomic one. */
export async function compared(city: Fork, batch: Batch): Promise<Compared> {
  const [beside, atomic] = [city.fork(), city.fork()];
  const single = await oneByOne(beside, batch);
  const accepted = Object.values(single.answers).filter((answer) => codeOf(answer) === undefined).length;
  const differs = firstDifference(await together(city, batch), single);
  return { accepted, differs: differs ?? (await ofAtomic(atomic, batch, single)) };
}

async function ofAtomic(city: Fork, batch: Batch, single: Left): Promise<string | undefined> {
  const refused = Object.entries(single.answers).find(([, answer]) => codeOf(answer) !== undefined);
  if (!refused) return firstDifference(await together(city, batch, true), single);
  const before = canonicalize(stateOf(city));
  const came = await city.transact(batch.by, BATCH_PERFORM, [textOf(batch, true)], batch.time);
  const says = 'error' in came ? `${came.error.code} of ${String(came.error.details.seq)}` : 'that it is done';
  const [seq, answer] = refused;
  const meant = `${String(codeOf(answer))} of ${seq}`;
  if (says !== meant) return `an atomic batch says ${says}\none by one: ${meant}`;
  return canonicalize(stateOf(city)) === before ? undefined : 'an atomic batch that is refused leaves something';
}

async function oneByOne(city: Fork, { by, time, acts }: Batch): Promise<Left> {
  const answers: unknown[] = [];
  const changed: unknown[] = [];
  const records: Record<string, unknown> = {};
  const transactions: string[] = [];
  for (const { act, id, input } of acts) {
    const came = await city.transact(by, act, [id, JSON.stringify(input)], time);
    transactions.push(came.txId);
    if ('error' in came) {
      const { code, rule, details } = came.error;
      answers.push({ code, ...(rule === undefined ? {} : { rule }), details });
      continue;
    }
    const { also, repeated, ...left } = JSON.parse(came.answer) as Performed;
    const broken = repeated === undefined ? (city.get(left.ref)?.act.violations ?? []) : [];
    answers.push({
      ...left,
      ...(also.length > 0 ? { also } : {}),
      ...(repeated === undefined ? {} : { repeated }),
      ...(broken.length > 0 ? { violations: broken } : {}),
    });
    for (const key of came.written) if (isRecord(key)) add(records, city.get(key));
    if (came.event !== undefined) changed.push(...(JSON.parse(came.event) as unknown[]));
  }
  const named = (value: unknown, nameOf: (seq: number) => string): Record<string, unknown> => {
    let text = canonicalize(value);
    for (const [seq, txId] of transactions.entries()) {
      text = text.replaceAll(txId, nameOf(seq)).replaceAll(`F-${txId.slice(0, 24)}`, `F-of-${seq}`);
    }
    return JSON.parse(text) as Record<string, unknown>;
  };
  return {
    answers: named(byNumber(answers), () => ALL),
    changed: named(byNumber(changed), () => ALL),
    records: named(records, nameOfAct),
    state: named(stateOf(city), nameOfAct),
  };
}

async function together(city: Fork, batch: Batch, atomic = false): Promise<Left> {
  const came = await city.transact(batch.by, BATCH_PERFORM, [textOf(batch, atomic)], batch.time);
  if ('error' in came) throw new Error(`the batch is refused: ${came.error.message}`);
  const { txId, answer, event, written } = came;
  const { changed = [], superseded = [] } = event === undefined ? {} : (JSON.parse(event) as Partial<BatchEvent>);
  const records: Record<string, unknown> = {};
  const left = written.flatMap((key) => (key.startsWith('~') ? [] : (city.get(key) ?? [])));
  // a past version may be of an earlier transaction
  for (const record of [...superseded, ...left]) if (record.act.txId === txId) add(records, record);

  const finding = new RegExp(`F-${txId.slice(0, 24)}-(?=\\d)`, 'g');
  const plain = (value: unknown): Record<string, unknown> =>
    JSON.parse(canonicalize(value).replaceAll(finding, 'F-of-').replaceAll(txId, ALL)) as Record<string, unknown>;
  const numbered = (value: unknown): Record<string, unknown> => {
    const text = JSON.stringify(value, (_, inner: unknown) => withNumber(inner, txId));
    return plain(JSON.parse(text.replaceAll(new RegExp(`${txId}-(?=\\d)`, 'g'), nameOfAct(''))));
  };
  return {
    answers: plain(byNumber(JSON.parse(answer) as BatchAnswer[])),
    changed: plain(byNumber(changed)),
    records: numbered(records),
    state: numbered(stateOf(city)),
  };
}

/** Names the act of a transaction as the marks do: its transaction, then its number. */
function withNumber(value: unknown, txId: string): unknown {
  if (typeof value !== 'object' || value === null || !('seq' in value) || !('txId' in value)) return value;
  const { seq, ...rest } = value;
  return value.txId === txId ? { ...rest, txId: `${txId}-${String(seq)}` } : value;
}

function textOf({ acts }: Batch, atomic: boolean): string {
  return JSON.stringify({ acts, ...(atomic ? { atomic } : {}) });
}

function firstDifference(whole: Left, single: Left): string | undefined {
  for (const part of ['answers', 'changed', 'records', 'state'] as const) {
    const [is, meant] = [whole[part], single[part]];
    for (const key of new Set([...Object.keys(is), ...Object.keys(meant)])) {
      const [one, other] = [is[key], meant[key]].map((value) =>
        value === undefined ? 'nothing' : canonicalize(value),
      );
      if (one !== other) return `${part} ${key}: ${String(one)}\none by one: ${String(other)}`;
    }
  }
  return undefined;
}

function byNumber(list: readonly unknown[]): Record<string, unknown> {
  return Object.fromEntries(list.entries());
}

function stateOf(city: Fork): Record<string, unknown> {
  return Object.fromEntries(city.all());
}

function add(records: Record<string, unknown>, record: LedgerRecord | undefined): void {
  if (!record) return;
  const key = `${record.kind}/${record.id} ${record.history}`;
  if (key in records) throw new Error(`two records are ${key}`);
  records[key] = record;
}

/** Whether a record is stored under a key: not a past version, not a mark. */
const isRecord = (key: string): boolean => !/^~|@/.test(key);
const codeOf = (answer: unknown): unknown => (answer as { readonly code?: string }).code;
const nameOfAct = (seq: number | string): string => `the-act-${seq}`;
const ALL = 'the-transaction';
