// SPDX-License-Identifier: Apache-2.0
import { parseRef } from 'yuanliu-chaincode/kind/record';

import { isMissing, stateAt, type VersionRow } from '../../index/read/rows.js';
import type { IndexReader } from '../../index/read/index-reader.js';
import { slices } from '../../runtime/slices.js';
import type { Part } from './account.js';
import type { Question } from './question.js';
import { steps, type Met } from './walk.js';

/** One act on the chain, not read yet. */
export interface Footprint {
  /** Its place in the ledger's order. */
  readonly place: string;
  /** `kind/id` */
  readonly ref: string;
  readonly history: number;
  readonly part: Part;
}

/**
 * Every act on the chain of a version, in the order of the ledger: on the version and what it came from, on the links of
 * authority above those, on what speaks for them, and on what brought them about. Of a version, the acts up to it; of a
 * link named without one, all.
 */
export async function trailOf(question: Question, met: Met): Promise<readonly Footprint[]> {
  const { store, asOf } = question;
  const records = await recordsOn(question, met);
  const trail: Footprint[] = [];
  const othersDue = slices(question.viewer.organization);
  for (const [ref, { part, version }] of records) {
    await othersDue();
    for (const act of store.acts(ref)) {
      if (act.block <= asOf && act.version <= version)
        trail.push({ place: act.place, ref, history: act.history, part });
    }
  }
  return trail.sort((a, b) => (a.place < b.place ? -1 : 1));
}

interface Stretch {
  readonly part: Part;
  /** Acts up to this version are on the chain. */
  readonly version: number;
}

/** The records on the chain that the viewer may see. */
async function recordsOn(question: Question, met: Met): Promise<ReadonlyMap<string, Stretch>> {
  const { store, sight, asOf, depth } = question;
  const { organization } = question.viewer;
  const find = store.find;
  const records = new Map<string, Stretch>();
  const added: { readonly row: VersionRow; readonly part: Part }[] = [];
  const add = (row: VersionRow | undefined, part: Part, wholly = false): void => {
    if (!row) return;
    const state = stateAt(row, asOf);
    if (state === undefined ? !sight.mayMiss(row.ref) : !sight.sees(row, state)) {
      met.hidden = true;
      return;
    }
    if (state === undefined) return; // named by a report, and not there
    const { kind, id, version = 1 } = parseRef(row.ref);
    const ref = `${kind}/${id}`;
    const known = records.get(ref);
    const reach = wholly ? Infinity : version;
    if (known && known.version >= reach) return;
    records.set(ref, { part: known?.part ?? part, version: reach });
    added.push({ row, part });
  };

  for (const { row } of question.roots) add(row, 'subject');
  const roots = question.roots.map(({ node }) => node);
  for await (const chunk of steps({ store, sight, direction: 'origins', roots, asOf, depth, organization }, met)) {
    for (const { far, first } of chunk) if (first && !isMissing(far)) add(far, 'origin');
  }
  const othersDue = slices(question.viewer.organization);
  for (const { row, part } of added) {
    for (const parent of parentsOf(store, row)) {
      const exact = parent.includes('@');
      const link = exact ? find(parent) : lastBy(store, parent, asOf);
      if (link) add(link, 'authority', !exact);
      else met.hidden ||= !sight.mayMiss(parent);
    }
    if (part === 'subject' || part === 'origin') for (const one of store.evidenceOf(row)) add(one, 'evidence');
    if (part === 'evidence') for (const one of store.evidenceOf(row)) if (sight.sees(one)) add(one, 'evidence');
    const cause = store.history(row.ref.replace(/@.*/, ''), 1)?.causedBy;
    if (cause !== undefined) add(lastBy(store, cause, asOf), 'cause', true);
    await othersDue();
  }
  return records;
}

/** What a record rested on, up to a version of it: an agreement is amended, and what was done before was under the old plan. */
function parentsOf(store: IndexReader, { ref }: VersionRow): ReadonlySet<string> {
  const { kind, id, version } = parseRef(ref);
  const nodes = store.versionsOf(`${kind}/${id}`).slice(0, version);
  const rows = nodes.map((node) => store.version(node));
  return new Set(rows.flatMap((row) => (row && !isMissing(row) ? row.parents : [])));
}

/** The last version of a record that was there by a block. */
function lastBy(store: IndexReader, ref: string, block: number): VersionRow | undefined {
  return store.recordAsOf(ref, block)?.row;
}
