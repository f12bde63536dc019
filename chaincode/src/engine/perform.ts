// SPDX-License-Identifier: Apache-2.0
import type { Context } from 'fabric-contract-api';
import type { z } from 'zod';
import type { Act, ActContext, Consequence, Effect } from '../kind/act.js';
import { authorize, demandReach, speak } from './authority.js';
import type { Caller } from '../kind/caller.js';
import { ContractError, refusal, saying } from '../vocabulary/error.js';
import { parseCall, type ActCall } from '../kind/input.js';
import { issueOf } from '../vocabulary/issue.js';
import type { Kind } from '../kind/kind.js';
import { backfillOf } from '../kind/backfill.js';
import { judge } from './judge.js';
import { earlier, onceMark } from './once.js';
import { changeOf, payload, transactionOf, type Transaction } from './transaction.js';
import { completes, momentAt, versionRef, type ActEntry, type LedgerRecord } from '../kind/record.js';
import { findingOf } from '../records/finding/violated.js';
import { rulebook as rulebookKind } from '../records/rulebook/rulebook.js';
import { RULEBOOK_ID, type RulebookBody } from '../rulebook/rulebook.js';
import { readerOf } from '../kind/reader.js';
import { Store } from '../kind/store.js';
import { UNSEEN } from '../vocabulary/words.js';

/** What an act left: the record, and what it created besides. A dry run answers it whole. */
export interface ActResult {
  readonly record: LedgerRecord;
  /** Refs of records that the act created or ended: a grant, a finding, a registration's predecessor. */
  readonly also: readonly string[];
  /** Set if the same request was done before: its transaction; nothing was written now. */
  readonly repeated?: string;
}

/** What an act's transaction answers: which record it left. The record itself is in the write set, and not twice on the ledger. */
export interface Performed extends Pick<ActResult, 'also' | 'repeated'>, Pick<LedgerRecord, 'version' | 'state'> {
  /** `kind/id` */
  readonly ref: string;
}

/** The short answer for what an act left. */
export function performed({ record: { kind, id, version, state }, also, repeated }: ActResult): Performed {
  return { ref: `${kind}/${id}`, version, state, also, ...(repeated === undefined ? {} : { repeated }) };
}

/**
 * Performs one act as one transaction; a dry run writes nothing, even when it is submitted. Throws ContractError, with
 * nothing written, when it is refused.
 */
export async function perform(
  act: Act,
  ctx: Context,
  { id, json, dryRun = false }: { readonly id: string; readonly json: string; readonly dryRun?: boolean },
): Promise<ActResult> {
  const call = parseCall(act, id, json);
  const transaction = transactionOf(ctx);
  const result = await performIn(transaction, act, call);
  if (dryRun) return result;
  await transaction.store.flush();
  const [first] = transaction.changed;
  if (first) ctx.stub.setEvent(`${first.kind}.${first.act.name}`, payload(transaction.changed.map(changeOf)));
  return result;
}

/**
 * Performs one act of a transaction on what the acts before it left. Throws ContractError when it is refused: it leaves
 * nothing.
 *
 * @param seq the number of the act, where the transaction may have several
 */
export async function performIn(transaction: Transaction, act: Act, call: ActCall, seq?: number): Promise<ActResult> {
  const { identity, time, txId } = transaction;
  const store = new Store(transaction.store);
  const speech = await speak(identity, store, { act, call });

  const repeated = await earlier(store, speech.speaker, call);
  if (repeated) return repeated;

  authorize(act, call, speech, undefined); // whoever holds no role for it learns nothing of the record
  const before = await existing(store, act, call);
  const asOf = past(act, call, time);
  const occurredAt = asOf ?? time;
  const rulebook = await rulebookAsOf(store, act, asOf);
  const backfill = backfillOf(asOf, (await store.record(RULEBOOK_REF)) as LedgerRecord<RulebookBody> | undefined);
  const reader = readerOf(store, asOf, time);
  let caller = authorize(act, call, speech, before?.body);
  requireOpen(act, call, before); // told only to those who may act

  const context: Omit<ActContext<unknown, unknown>, 'caller' | 'body'> = {
    ...reader,
    id: call.id,
    ref: call.ref,
    record: before,
    input: call.input,
    time,
    occurredAt,
    asOf,
    backfill,
    late: call.late,
    txId,
    seq,
    rulebook: rulebook.body,
  };
  const effect: Effect<unknown> = (await act.effect?.({ ...context, caller, body: before?.body })) ?? {};
  const body = checkedBody(act.kind, effect.body ?? before?.body, before?.body);
  const drawnUp = !before || (act.creates && act.nature === 'decision'); // for the first time or again
  if (drawnUp)
    caller = authorize(act, call, speech, body); // who may create is told by what is created
  else if (act.nature === 'decision' && !act.anywhere)
    demandReach({ call, role: caller.role }, speech, before.body, body);

  const { violations, unjudged } = await judge(act, rulebook, { ...context, caller, body });
  const entry: ActEntry = {
    name: act.name,
    nature: act.nature,
    organization: caller.organization,
    user: caller.user,
    role: caller.role,
    txId,
    ...(seq === undefined ? {} : { seq }),
    time,
    ...(act.nature === 'report' ? { occurredAt } : {}),
    ...(call.late ? { late: call.late } : {}),
    rulebook: rulebook.version,
    violations,
    ...(backfill ? { backfilled: true as const } : {}),
    ...(unjudged.length > 0 ? { unjudged } : {}),
  };
  const record = next(act.kind, call.id, before, {
    body,
    state: effect.to ?? act.to ?? before?.state ?? '',
    revises: effect.revises ?? false,
    entry,
  });
  const violated = { about: versionRef(record), against: caller.organization, body, violations };
  const found = act.nature === 'report' ? await findingOf(violated, context) : undefined;
  const issued = [...(effect.also ?? []), ...(found?.also ?? [])];

  if (!act.beside) store.save(record, before);
  for (const mark of [...(effect.marks ?? []), ...(found?.marks ?? [])]) store.setMark(mark);
  const all = act.beside ? [] : [record];
  for (const { consequence, id: otherId, body: otherBody } of issued) {
    all.push(await issue(store, consequence, otherId, otherBody, rulebook, { ...context, caller }, entry));
  }
  const [left = record, ...others] = all;
  const result: ActResult = { record: left, also: others.map((other) => `${other.kind}/${other.id}`) };
  if (call.idempotencyKey !== undefined) {
    store.setMark(onceMark(call, call.idempotencyKey, entry, performed(result)));
  }
  store.keep();
  transaction.changed.push(...all);
  return result;
}

async function existing(store: Store, act: Act, call: ActCall): Promise<LedgerRecord | undefined> {
  const record = await store.record(call.ref);
  if (record && act.creates && !act.from.includes(record.state)) {
    throw refusal('EXISTS', 'exists', { ref: call.ref });
  }
  if (record || act.creates) return record;
  throw refusal('NOT_FOUND', 'no-record', { ref: call.ref });
}

function requireOpen(act: Act, call: ActCall, record: LedgerRecord | undefined): void {
  if (record && !act.from.includes(record.state)) {
    const { kind } = act;
    const open = [...kind.acts.values()].filter(({ from }) => from.includes(record.state));
    const params = {
      act: `${kind.name}:${act.name}`,
      from: act.from.map((state) => `${kind.name}:${state}`),
      ref: call.ref,
      state: `${kind.name}:${record.state}`,
    };
    throw open.length > 0
      ? refusal('WRONG_STATE', 'not-open', { ...params, open: open.map(({ name }) => `${kind.name}:${name}`) })
      : refusal('WRONG_STATE', 'nothing-open', params);
  }
  if (call.ifVersion !== undefined && call.ifVersion !== (record?.version ?? 0)) {
    throw refusal('VERSION_CONFLICT', 'version-conflict', {
      ref: call.ref,
      version: record?.version ?? 0,
      asked: call.ifVersion,
    });
  }
}

/** When a report says that it happened, if it does; a decision is always of now. */
function past(act: Act, call: ActCall, time: string): string | undefined {
  if (act.nature === 'decision' || call.occurredAt === undefined) return undefined;
  if (call.occurredAt <= time) return call.occurredAt;
  throw refusal('INPUT_INVALID', 'occurred-ahead', { at: call.occurredAt, now: time });
}

const RULEBOOK_REF = `${rulebookKind.name}/${RULEBOOK_ID}`;

async function rulebookAsOf(
  store: Store,
  act: Act,
  asOf: string | undefined,
): Promise<{ body: RulebookBody; version: number }> {
  const now = await store.record(RULEBOOK_REF);
  const moment = now && (momentAt(now, asOf) ?? now.timeline[0]); // before go-live, the first rulebook judges
  const record = moment && (await store.record(`${RULEBOOK_REF}@${moment.version}`));
  if (record) return { body: record.body as RulebookBody, version: record.version };
  if (act.rules.length === 0 || act.kind.name === rulebookKind.name) return { body: NO_RULEBOOK, version: 0 };
  throw refusal('WRONG_STATE', 'no-rulebook');
}

/** Before a rulebook is adopted only acts without rules are open: admitting organisations and adopting one. */
const NO_RULEBOOK: RulebookBody = {
  title: 'none',
  region: '000000',
  rules: {},
  periods: { publicity: 'P0D', filing: 'P0D', 'late-report': 'P0D' },
  parts: { plan: [], agreement: [], scenario: [] },
};

function checkedBody(kind: Kind, body: unknown, before: unknown): unknown {
  const parsed = kind.body.safeParse(body);
  if (parsed.success) return parsed.data;
  if (parsed.error.issues.every((issue) => isStored(issue, body, before))) return body;
  throw new ContractError('INPUT_INVALID', {
    ...saying('body-unfit', { kind: kind.name }),
    issues: parsed.error.issues.map((issue) => issueOf(issue)),
  });
}

/** Whether an issue is about a name as it was stored before names were held to what is seen. */
function isStored(issue: z.core.$ZodIssue, after: unknown, before: unknown): boolean {
  if (issue.code !== 'custom' || issue.params?.[UNSEEN] !== true) return false;
  const [is, was] = [after, before].map((body) =>
    issue.path.reduce((inner: unknown, field) => (inner as Record<PropertyKey, unknown> | undefined)?.[field], body),
  );
  return is !== undefined && is === was;
}

function next(
  kind: Kind,
  id: string,
  before: LedgerRecord | undefined,
  { body, state, revises = false, entry }: { body: unknown; state: string; revises?: boolean; entry: ActEntry },
): LedgerRecord {
  const version = before ? before.version + (completes(body, before.body) && !revises ? 0 : 1) : 1;
  const moved = before?.state !== state || before.version !== version;
  const timeline = before?.timeline ?? [];
  return {
    kind: kind.name,
    id,
    version,
    state,
    body,
    schema: kind.schema,
    history: (before?.history ?? 0) + 1,
    timeline: moved ? [...timeline, { at: entry.time, state, version }] : timeline,
    act: entry,
  };
}

async function issue(
  store: Store,
  consequence: Consequence,
  id: string,
  body: unknown,
  rulebook: { body: RulebookBody; version: number },
  context: Omit<ActContext<unknown, unknown>, 'body' | 'caller'> & { caller: Caller },
  entry: ActEntry,
): Promise<LedgerRecord> {
  const ref = `${consequence.kind.name}/${id}`;
  const before = await store.record(ref);
  if (before && !consequence.from.includes(before.state)) {
    throw consequence.from.length === 0
      ? refusal('EXISTS', 'exists', { ref })
      : refusal('WRONG_STATE', 'also-not-open', { ref, state: `${consequence.kind.name}:${before.state}` });
  }
  const checked = checkedBody(consequence.kind, body, before?.body);
  const { violations } = await judge({ ...consequence, nature: 'decision' }, rulebook, {
    ...context,
    id,
    ref,
    record: before,
    body: checked,
  });
  const record = next(consequence.kind, id, before, {
    body: checked,
    state: consequence.to,
    entry: { ...entry, name: consequence.name, nature: 'consequence', violations },
  });
  store.save(record, before);
  return record;
}
