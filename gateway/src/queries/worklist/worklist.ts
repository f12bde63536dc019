// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Kind } from 'yuanliu-chaincode/kind/kind';
import { decodeCursor, encodeCursor } from '../../index/read/cursor.js';
import { ALL, turn } from '../../index/read/rows.js';
import { checkedLimit } from '../../index/read/reading.js';
import type { AsOf } from '../../index/ledger-index.js';
import type { IndexReader, Snapshot } from '../../index/read/index-reader.js';
import { Sight, type Viewer } from '../../index/read/visibility.js';
import type { Duty } from '../procedures/answer.js';
import { owedBy } from '../procedures/procedures.js';
import { slices } from '../../runtime/slices.js';
import type { RecordActs, Task, WorklistOptions, WorklistPage } from './answer.js';
import { OpenActs } from './open-acts.js';

/** 待办 — what waits for whom, and apart from it what is possible. */
export interface Worklist {
  /**
   * The records that wait for the viewer's organisation: their next step is an act of its role, on a record that names it or any
   * holder of the role, in its region and remit. And the records that it decided on with something to make good. First what
   * is due, the earliest first; then the rest by kind and id. What a rule may still refuse is for a dry run to say.
   *
   * A page without due dates looks at ten thousand records at most, and may come back short, with a cursor.
   *
   * @throws IndexError `BAD_REQUEST`
   */
  page(viewer: Viewer, options?: WorklistOptions): Promise<WorklistPage>;
  /**
   * Every act that authority and state leave open to the viewer's organisation on one record, `kind/id`, waiting or only
   * possible; undefined if there is no record that it may see.
   *
   * @throws IndexError `BAD_REQUEST`
   */
  actsOn(ref: string, viewer: Viewer, options?: { readonly asOf?: AsOf }): RecordActs | undefined;
}

/** @param clock tells the time that due dates are judged at, where no past block or time is asked for */
export function openWorklist(index: { readonly reader: IndexReader }, clock: () => Date = () => new Date()): Worklist {
  const store = index.reader;
  return {
    page: (viewer, options = {}) => pageOf(store, clock, viewer, options),
    actsOn: (ref, viewer, { asOf: asked } = {}) => {
      const asOf = store.resolve(asked);
      const now = store.timeAsOf(asked, asOf) ?? clock().toISOString();
      const found = store.recordAsOf(ref, asOf);
      if (!found || !new Sight(viewer, store.find).sees(found.row, found.view.record.state)) return undefined;
      const { record } = found.view;
      const acts = new OpenActs(store, { organization: viewer.organization ?? '', asOf, now }).on(record);
      return { ref: `${ref}@${record.version}`, state: record.state, acts, asOf, time: now };
    },
  };
}

async function pageOf(
  store: IndexReader,
  clock: () => Date,
  viewer: Viewer,
  { cursor, ...options }: WorklistOptions,
): Promise<WorklistPage> {
  const limit = checkedLimit(options.limit, { standard: 50, most: 200 });
  const request = { worklist: { ...options, limit: undefined }, by: viewer.organization };
  const from = cursor === undefined ? undefined : decodeCursor(request, cursor);
  return store.withSnapshot(async (snapshot, height) => {
    const asOf = from?.asOf ?? store.resolve(options.asOf, height);
    const begun = from && placeIn(from.after);
    const now = begun?.now ?? store.timeAsOf(options.asOf, asOf) ?? clock().toISOString();
    const open = new OpenActs(store, { organization: viewer.organization ?? '', asOf, now });
    const sight = new Sight(viewer, store.find);
    const duties = await dutiesFor({ store, viewer, asOf, now, options });
    const search: Search = { store, snapshot, open, viewer, sight, asOf, options, duties };

    const lacks = isNarrowed(options) || from ? [] : open.needed;
    const needed = lacks.length === 0 ? {} : { needed: lacks };
    const items: Task[] = [];
    let looked = 0;
    const othersDue = slices(viewer.organization);
    for await (const { task, at } of tasksOf(search, begun)) {
      await othersDue();
      if (task) items.push(task);
      looked += 1;
      if (items.length === limit || looked === MOST_LOOKED_AT) {
        return {
          items,
          cursor: encodeCursor(request, { asOf, after: JSON.stringify({ now, ...at }) }),
          asOf,
          time: now,
          ...needed,
        };
      }
    }
    return { items, asOf, time: now, ...needed };
  });
}

function isNarrowed({ kind, act, role, dueBefore, overdue }: WorklistOptions): boolean {
  return [kind, act, role, dueBefore, overdue].some((given) => given !== undefined);
}

const MOST_LOOKED_AT = 10_000;

interface Search {
  readonly store: IndexReader;
  readonly snapshot: Snapshot;
  readonly open: OpenActs;
  readonly viewer: Viewer;
  readonly sight: Sight;
  readonly asOf: number;
  readonly options: WorklistOptions;
  /** What the viewer's organisation has to make good, by record. */
  readonly duties: ReadonlyMap<string, readonly Duty[]>;
}

/** Of two decisions on a record that owe the same, the first one's date counts. */
async function dutiesFor({
  store,
  viewer: { organization },
  asOf,
  now,
  options: { act, role },
}: Pick<Search, 'store' | 'viewer' | 'asOf' | 'options'> & { readonly now: string }): Promise<Search['duties']> {
  const found = new Map<string, readonly Duty[]>();
  if (organization === undefined || act !== undefined || role !== undefined) return found;
  for await (const { ref, duties } of owedBy(store, organization, { asOf, now })) {
    const others = (found.get(ref) ?? []).filter(({ rule }) => !duties.some((one) => one.rule === rule));
    found.set(ref, [...duties, ...others]);
  }
  return found;
}

/** Where a page ended: at a due date and its record, or among what has none at a record of a kind. */
type End = { readonly due: string } | { readonly kind: string; readonly id: string };

/** A place in the order of tasks, and the task there if there is one for the viewer. */
interface Looked {
  readonly task: Task | undefined;
  readonly at: End;
}

/** A cursor holds what was written above: it is sealed. */
function placeIn(after: string): End & { readonly now: string } {
  return JSON.parse(after) as End & { readonly now: string };
}

async function* tasksOf(search: Search, begun: End | undefined): AsyncGenerator<Looked> {
  if (!begun || 'due' in begun) yield* dueTasks(search, begun?.due ?? '');
  const { dueBefore, overdue } = search.options;
  if (dueBefore !== undefined || overdue) return;
  const kindsLeft = kindsOf(search.options);
  const first = begun && 'kind' in begun ? kindsLeft.findIndex(({ name }) => name === begun.kind) : 0;
  for (const [i, kind] of kindsLeft.slice(first).entries()) {
    const after = i === 0 && begun && 'kind' in begun ? begun.id : undefined;
    for await (const { id } of candidates(search, kind, search.open.turns.map(turn), after)) {
      const task = taskOn(search, `${kind.name}/${id}`);
      yield { task: task?.due === undefined ? task : undefined, at: { kind: kind.name, id } };
    }
  }
}

/** What is due, by date and then by record. A record is there by the earliest of its dates that is the viewer's. */
async function* dueTasks(search: Search, after: string): AsyncGenerator<Looked> {
  const { dueBefore, overdue } = search.options;
  const until = [dueBefore, overdue ? search.open.now : undefined].filter((time) => time !== undefined).sort()[0];
  const dates = (await datesOf(search)).filter(({ due }) => until === undefined || due < until);
  let last = after;
  for (const { due, name } of dates.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1))) {
    const place = placeOf({ due, name });
    if (place <= last) continue;
    last = place;
    const task = taskOn(search, name);
    const isWanted = task?.due === due && (!overdue || isOverdue(task));
    yield { task: isWanted ? task : undefined, at: { due: place } };
  }
}

function isOverdue({ acts, duties = [] }: Task): boolean {
  return acts.some(({ due }) => due?.overdue) || duties.some(({ status }) => status === 'overdue');
}

interface Dated {
  readonly due: string;
  readonly name: string;
}

function placeOf({ due, name }: Dated): string {
  return `${due} ${name}`;
}

/** Every date that may be one of the viewer's: of the records on its lists, by these alone; of the others, as judged. */
async function datesOf(search: Search): Promise<Dated[]> {
  const { store, snapshot, open, options } = search;
  const dates: Dated[] = [];
  const othersDue = slices(search.viewer.organization);
  const judged = new Set([...search.duties.keys()].filter((name) => kindsOf(options).some((kind) => isOf(kind, name))));
  for (const kind of kindsOf(options)) {
    const acts = [...kind.acts.values()];
    if (acts.some((act) => act.expiry !== undefined)) {
      const lists = open.turns.map(turn);
      for await (const { id } of candidates(search, kind, lists)) judged.add(`${kind.name}/${id}`);
    }
    if (!acts.some(({ due }) => due)) continue;
    for await (const { id } of candidates(search, kind, [])) judged.add(`${kind.name}/${id}`); // changed since
    for (const who of open.turns) {
      for await (const { act: name, since, id } of store.running(kind.name, who, snapshot)) {
        const act = kind.acts.get(name);
        if (!act || (options.act ?? name) !== name || judged.has(`${kind.name}/${id}`)) continue;
        const others = othersDue();
        if (others) await others;
        const due = open.dueBy(act, since);
        if (due !== undefined) dates.push({ due, name: `${kind.name}/${id}` });
      }
    }
  }
  for (const name of judged) {
    await othersDue();
    const due = taskOn(search, name)?.due;
    if (due !== undefined) dates.push({ due, name });
  }
  return dates;
}

function isOf({ name }: Kind, record: string): boolean {
  return record.startsWith(`${name}/`);
}

function kindsOf({ kind }: WorklistOptions): readonly Kind[] {
  return kinds.filter(({ name }) => (kind ?? name) === name);
}

/** What is on the lists, and what has changed since the block that the answer is as of. */
function candidates(
  { store, snapshot, asOf }: Search,
  kind: Kind,
  lists: readonly string[],
  after?: string,
): AsyncGenerator<{ readonly id: string }> {
  return store.candidates({ snapshot, kind, lists, all: [ALL], sort: 'id', asOf }, after);
}

function taskOn({ store, snapshot, open, sight, asOf, options, duties }: Search, name: string): Task | undefined {
  const found = store.recordAsOf(name, asOf, { snapshot });
  if (!found || !sight.sees(found.row, found.view.record.state)) return undefined;
  const { record, transaction } = found.view;
  const acts = open.waitingOn(record, options);
  const owed = duties.get(name) ?? [];
  if (acts.length === 0 && owed.length === 0) return undefined;
  const [earliest] = [...acts.flatMap((act) => act.due?.by ?? []), ...owed.map((duty) => duty.due)].sort();
  return {
    ref: `${name}@${record.version}`,
    ...(found.row.title === undefined ? {} : { title: found.row.title }),
    state: record.state,
    since: record.timeline.at(-1)?.at ?? '',
    ...(earliest === undefined ? {} : { due: earliest }),
    acts,
    ...(owed.length === 0 ? {} : { duties: owed }),
    transaction,
  };
}
