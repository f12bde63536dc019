// SPDX-License-Identifier: Apache-2.0
import { kindNamed } from '../rows/kinds.js';
import { versionRef, type LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { RULEBOOK_ID, type RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';
import { sortedSet } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { relations } from '../store/adjacency.js';
import type { Batch } from '../store/batch.js';
import { describe } from '../rows/describe.js';
import { deviationListsOf, deviationsOf } from '../rows/deviations.js';
import { deadlineOf, type Deadline } from '../rows/due.js';
import { evidenceFor, speaks } from './evidence.js';
import { facetsOf, isByChange } from '../rows/facets.js';
import { keys, placeOf } from '../rows/keys.js';
import type { Names } from './names.js';
import { type ActPlace, rowOf } from '../rows/act-rows.js';
import { type Attestation, isMissing, madeBy, type NodeRow, type RecordRow, type VersionRow } from '../rows/rows.js';

/** Edges that a block adds: from, to, relation and block of each, flat. */
export interface Growth {
  readonly lineage: number[];
  readonly parents: number[];
}

/** A record as one transaction wrote it. */
export interface Written {
  readonly txId: string;
  readonly block: number;
  readonly index: number;
  /** Place among the acts of the transaction, or of an act alone among its writes. */
  readonly write: number;
  readonly record: LedgerRecord;
  /** The record's own text on the ledger, where it needed no upgrade. */
  readonly json: string;
  readonly input?: unknown;
  readonly causedBy?: string | undefined;
}

interface Target {
  readonly batch: Batch;
  readonly names: Names;
  readonly growth: Growth;
}

/** Adds one act on one record: its history, the version it left, its edges, digests and lists. */
export function foldRecord(written: Written, target: Target): void {
  const { record, block, index, write } = written;
  const { batch } = target;
  const ref = `${record.kind}/${record.id}`;
  const place = placeOf(block, index, write);
  const before = bridged(
    ref,
    batch.get(keys.record(ref)) ?? { versions: 0, acts: 0, listed: [] },
    record,
    place,
    batch,
  );

  putHistory(ref, place, written, batch);
  const row = putVersion(written, before, target);
  const listed = putLists(row, record, { before, place }, batch);

  putActs(ref, record.history, [[place, record.version]], batch);
  const versions = Math.max(before.versions, record.version);
  batch.put(keys.record(ref), { versions, acts: record.history, last: place, listed });
}

/**
 * A record's row up to the act before. Acts that were set aside have left their numbers open: they are kept open, so that
 * each act and version stays under its own.
 *
 * @throws Error when the act or version has a number that was given before: nothing may be written over.
 */
function bridged(
  ref: string,
  row: RecordRow,
  { history, version, act }: LedgerRecord,
  place: string,
  batch: Batch,
): RecordRow {
  const { acts, versions } = row;
  if (!(history > acts && version >= Math.max(1, versions))) {
    throw new Error(`act ${history} (${act.name}) of version ${version} follows act ${acts} of version ${versions}`);
  }
  if (history === acts + 1 && version <= versions + 1) return row;
  const gap = Array.from({ length: history - 1 - acts }, (): ActPlace => [place, version]);
  putActs(ref, acts + 1, gap, batch);
  return {
    ...row,
    acts: history - 1,
    versions: Math.max(versions, version - 1),
    ...(gap.length > 0 ? { last: place } : {}),
  };
}

/** Adds acts to the rows that hold where they are, the first of them with the number `history`. */
function putActs(ref: string, history: number, acts: readonly ActPlace[], batch: Batch): void {
  for (const [i, act] of acts.entries()) {
    const { row, at } = rowOf(history + i);
    const key = keys.acts(ref, row);
    if (at === 0) batch.putNew(key, [act]);
    else batch.put(key, [...(batch.get(key) ?? []), act]);
  }
}

/** The record's own text goes in as it is: reading it back gives what is on the ledger, and nothing is encoded twice. */
function putHistory(ref: string, place: string, written: Written, batch: Batch): void {
  const { txId, block, index, record, json, input, causedBy } = written;
  const wasDue = missedBy(ref, record, batch);
  const shown = deviationsOf(record.act, wasDue !== undefined);
  const deviations = shown.length === 0 ? undefined : shown;
  const head = JSON.stringify({ txId, block, index, input, causedBy, deviations, wasDue });
  batch.putNewText(keys.history(ref, record.history), `${head.slice(0, -1)},"record":${json}}`);
  for (const list of deviationListsOf(record.act, shown)) batch.put(keys.deviating(list, place), [ref, record.history]);
}

/** The period that was over when the act was done, by the rulebook then in force; undefined where its end is not known. */
function missedBy(ref: string, { kind, history, act }: LedgerRecord, batch: Batch): Deadline | undefined {
  const defined = kindNamed(kind)?.acts.get(act.name);
  if (!defined?.due) return undefined;
  const before = batch.get(keys.history(ref, history - 1))?.record;
  const rulebook = batch.get(keys.history(RULEBOOK, batch.get(keys.record(RULEBOOK))?.acts ?? 0))?.record;
  const now = act.occurredAt ?? act.time;
  const asked = { by: act.organization, now };
  const deadline = before && rulebook && deadlineOf(defined, before, rulebook.body as RulebookBody, asked);
  return deadline && deadline.unjudged === undefined && deadline.by < now ? deadline : undefined;
}

const RULEBOOK = `rulebook/${RULEBOOK_ID}`;

function putVersion(written: Written, { versions }: RecordRow, target: Target): VersionRow {
  const { record, block } = written;
  const { batch, growth, names } = target;
  const kind = kindNamed(record.kind);
  const { number: node, isNew } = names.numberOf(versionRef(record));
  const found = isNew ? undefined : batch.get(keys.version(node));
  const own = present(found);
  const last = own ? undefined : names.find(`${record.kind}/${record.id}@${versions}`);
  const earlier = own ?? (last === undefined ? undefined : present(batch.get(keys.version(last))));
  const { act, state, body } = record;

  const actors = sortedSet([...(earlier?.actors ?? []), act.organization]);
  const itself = act.nature === 'consequence' ? [] : [act.organization];
  const parents = kind?.parents?.(body) ?? [];
  const edges = kind?.edges?.(body) ?? [];
  const moved = own?.states.at(-1)?.state !== state;
  const row: VersionRow = {
    ref: versionRef(record),
    kind: record.kind,
    ...describe(body),
    states: [...(own?.states ?? []), ...(moved ? [{ block, at: act.time, state }] : [])],
    made: own?.made ?? madeBy(written),
    parents,
    edges: edges.length,
    actors,
    privy: sortedSet([...(earlier?.privy ?? []), ...itself, ...(kind?.told?.(body) ?? [])]),
    named: sortedSet([...actors, ...(kind?.parties(body) ?? [])]),
    evidence: found?.evidence ?? [],
  };
  if (isNew) batch.putNew(keys.version(node), row);
  else batch.put(keys.version(node), row);

  for (const { relation, to } of edges.slice(own?.edges ?? 0)) {
    growth.lineage.push(node, mention(to, target), relations.indexOf(relation), block);
  }
  for (const parent of parents.filter((one) => !own?.parents.includes(one))) {
    growth.parents.push(node, mention(parent, target), 0, block);
  }
  speakFor(record, target);
  for (const digest of kind?.digests?.(body) ?? []) batch.put(keys.digest(digest, row.ref), 0);
  return row;
}

function present(row: NodeRow | undefined): VersionRow | undefined {
  return row && !isMissing(row) ? row : undefined;
}

/** The number of what a body names; of a version, with a row to hold the name if the ledger holds nothing under it. */
function mention(ref: string, { batch, names }: Target): number {
  const { number, isNew } = names.numberOf(ref);
  if (isNew && ref.includes('@')) batch.putNew(keys.version(number), { ref, missing: true, evidence: [] });
  return number;
}

/** Tells what a record begins, or ceases, to speak for. What it goes on to speak for is not written again. */
function speakFor(record: LedgerRecord, target: Target): void {
  const { batch } = target;
  const ref = `${record.kind}/${record.id}`;
  if (!speaks(record.kind)) return;
  const [was, is] = [new Set(earlierEvidence(ref, record.history, batch)), new Set(evidenceFor(record))];
  const put = (subject: string, changed: (spans: readonly Attestation[]) => readonly Attestation[]): void => {
    const key = keys.version(mention(subject, target));
    const row = batch.get(key);
    if (row) batch.put(key, { ...row, evidence: changed(row.evidence) });
  };
  for (const subject of is) {
    if (!was.has(subject)) put(subject, (spans) => [...spans, [ref, record.version]]);
  }
  for (const subject of was) {
    if (!is.has(subject)) put(subject, (spans) => spans.map((span) => ended(span, ref, record.version)));
  }
}

/** What the record spoke for before this act; acts that were set aside are passed over. */
function earlierEvidence(ref: string, history: number, batch: Batch): readonly string[] {
  for (let number = history - 1; number >= 1; number--) {
    const earlier = batch.get(keys.history(ref, number));
    if (earlier) return evidenceFor(earlier.record);
  }
  return [];
}

function ended(span: Attestation, by: string, version: number): Attestation {
  const [ref, from, until] = span;
  return ref === by && until === undefined ? [ref, from, version] : span;
}

function putLists(
  row: VersionRow,
  record: LedgerRecord,
  { before, place }: { readonly before: RecordRow; readonly place: string },
  batch: Batch,
): string[] {
  const { kind, id } = record;
  const listed = facetsOf(kindNamed(kind), record, row);
  const was = before.last;
  for (const facet of before.listed) {
    if (!listed.includes(facet)) batch.delete(keys.listed(kind, facet, id), 0);
    if (was !== undefined && isByChange(facet)) batch.delete(keys.changed(kind, facet, was), id);
  }
  for (const facet of listed) {
    if (!before.listed.includes(facet)) batch.putNew(keys.listed(kind, facet, id), 0);
    if (isByChange(facet)) batch.putNew(keys.changed(kind, facet, place), id);
  }
  return listed;
}
