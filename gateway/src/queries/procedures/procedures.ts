// SPDX-License-Identifier: Apache-2.0
import { titleOf } from '../../index/read/act-title.js';
import { decodeCursor, encodeCursor } from '../../index/read/cursor.js';
import { DEVIATING, type DeviationList, OWING } from '../../index/read/rows.js';
import { checkedLimit } from '../../index/read/reading.js';
import type { IndexReader } from '../../index/read/index-reader.js';
import { Sight, type Viewer } from '../../index/read/visibility.js';
import { slices } from '../../runtime/slices.js';
import type { Procedure, ProceduresOptions, ProceduresPage } from './answer.js';
import { dutiesOf, type Occasion } from './duties.js';

/** 程序执行情况 — what did not go by the ordinary course: late, skipped, backfilled, not judged. */
export interface Procedures {
  /**
   * The acts that depart from the ordinary course and that the viewer may see, the newest first, with what is owed for
   * them and whether it was made good.
   *
   * A page looks at ten thousand acts at most, and may come back short, with a cursor.
   *
   * @throws IndexError `BAD_REQUEST`
   */
  page(viewer: Viewer, options?: ProceduresOptions): Promise<ProceduresPage>;
}

/** @param clock tells the time that duties are judged at, where no past block or time is asked for */
export function openProcedures(
  index: { readonly reader: IndexReader },
  clock: () => Date = () => new Date(),
): Procedures {
  return { page: (viewer, options = {}) => pageOf(index.reader, clock, viewer, options) };
}

async function pageOf(
  store: IndexReader,
  clock: () => Date,
  viewer: Viewer,
  { cursor, ...options }: ProceduresOptions,
): Promise<ProceduresPage> {
  const limit = checkedLimit(options.limit, { standard: 50, most: 200 });
  const request = { procedures: { ...options, limit: undefined }, by: viewer.organization };
  const from = cursor === undefined ? undefined : decodeCursor(request, cursor);
  const begun = from && placeIn(from.after);
  const asOf = from?.asOf ?? store.resolve(options.asOf);
  const now = begun?.now ?? store.timeAsOf(options.asOf, asOf) ?? clock().toISOString();
  const sight = new Sight(viewer, store.find);

  const items: Procedure[] = [];
  const othersDue = slices(viewer.organization);
  let looked = 0;
  const after = begun?.place ?? store.placeAfter(asOf);
  for await (const { place, ref, history } of store.deviating(listFor(options), options.organization, after)) {
    const item = await procedureAt(store, { ref, history, sight, options, occasion: { asOf, now } });
    if (item) items.push(item);
    looked += 1;
    await othersDue();
    if (items.length === limit || looked === MOST_LOOKED_AT) {
      return { items, cursor: encodeCursor(request, { asOf, after: JSON.stringify({ now, place }) }), asOf, time: now };
    }
  }
  return { items, asOf, time: now };
}

const MOST_LOOKED_AT = 10_000;

/** A cursor holds what was written above: it is sealed. */
function placeIn(after: string): { readonly now: string; readonly place: string } {
  return JSON.parse(after) as { readonly now: string; readonly place: string };
}

function listFor({ deviation, duty }: ProceduresOptions): DeviationList {
  return deviation ?? (duty === undefined ? DEVIATING : OWING);
}

interface Asked {
  readonly ref: string;
  readonly history: number;
  readonly sight: Sight;
  readonly options: ProceduresOptions;
  readonly occasion: Occasion;
}

async function procedureAt(
  store: IndexReader,
  { ref, history, sight, options, occasion }: Asked,
): Promise<Procedure | undefined> {
  const found = store.actAt(ref, history);
  if (!found) throw new Error(`the index lacks rows of ${ref}: reindex`);
  const { record, txId, block, index, causedBy, deviations = [], wasDue } = found.entry;
  const { kind, version, state, act } = record;
  if (options.kind !== undefined && options.kind !== kind) return undefined;
  const about = [...act.violations, ...(act.unjudged ?? []), ...(wasDue ? [wasDue] : [])].map(({ rule }) => rule);
  if (options.rule !== undefined && !about.includes(options.rule)) return undefined;
  if (!sight.seesAct(found)) return undefined;
  const duties = await dutiesOf(store, record, occasion);
  if (options.duty !== undefined && !duties.some(({ status }) => status === options.duty)) return undefined;
  return {
    ref,
    kind,
    title: titleOf(record),
    act,
    version,
    state,
    transaction: { txId, block, index },
    ...(causedBy === undefined ? {} : { causedBy }),
    deviations,
    ...(wasDue === undefined ? {} : { wasDue }),
    duties,
  };
}

/** A decision of one organisation that was let through, and what is still owed for it. */
export interface Owing {
  /** `kind/id` */
  readonly ref: string;
  readonly duties: Procedure['duties'];
}

/** What one organisation has to make good, by the decisions that it owes it for; the newest first. */
export async function* owedBy(store: IndexReader, organization: string, occasion: Occasion): AsyncGenerator<Owing> {
  const othersDue = slices(organization);
  for await (const { ref, history } of store.deviating(OWING, organization, store.placeAfter(occasion.asOf))) {
    await othersDue();
    const record = store.history(ref, history)?.record;
    if (!record) throw new Error(`the index lacks rows of ${ref}: reindex`);
    const duties = await dutiesOf(store, record, occasion);
    const owed = duties.filter(({ status }) => status === 'open' || status === 'overdue');
    if (owed.length > 0) yield { ref, duties: owed };
  }
}
