// SPDX-License-Identifier: Apache-2.0
import { document } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { kindNamed } from '../../index/read/rows.js';

import type { HistoryRow } from '../../index/read/rows.js';
import type { IndexReader } from '../../index/read/index-reader.js';
import type { PastAct } from '../../index/read/visibility.js';
import { titleOf } from '../../index/read/act-title.js';
import type { Approval } from './account.js';

/**
 * Who made links of authority what they are: the acts that put one in force, and those that recorded a document on one once
 * it was there — a plan's 批复, an agreement's signatures and 备案, the assessment that a grant came of.
 */
export class Approvals {
  readonly #store: IndexReader;
  readonly #byRef = new Map<string, readonly Approving[]>();

  constructor(store: IndexReader) {
    this.#store = store;
  }

  /** Of the link `kind/id`, by the end of a block. */
  of(ref: string, block: number): readonly Approving[] {
    let found = this.#byRef.get(ref);
    if (!found) this.#byRef.set(ref, (found = this.#read(ref)));
    return found.filter((one) => one.block <= block);
  }

  #read(ref: string): Approving[] {
    const approvals: Approving[] = [];
    let inForce = false;
    for (const { history, block } of this.#store.acts(ref)) {
      const made = this.#store.actAt(ref, history);
      if (!made) continue;
      const act = this.#causeOf(made);
      const documents = documentsIn(act.entry.input);
      const { kind, state } = made.entry.record;
      const stands = kindNamed(kind)?.inForce?.includes(state) ?? false;
      if ((stands && !inForce) || (history > 1 && documents.length > 0)) {
        approvals.push({ block, act, approval: approvalBy(act.entry, documents) });
      }
      inForce = stands;
    }
    return approvals;
  }

  /** The act itself; for a consequence, the act on another record that brought it about in the same transaction. */
  #causeOf(act: PastAct): PastAct {
    const { causedBy, txId } = act.entry;
    if (causedBy === undefined) return act;
    const count = this.#store.lastActBy(causedBy, act.entry.block)?.history ?? 0;
    for (let history = count; history >= 1; history--) {
      const cause = this.#store.actAt(causedBy, history);
      if (cause?.entry.txId === txId) return cause;
    }
    return act;
  }
}

/** An approval, and the act that gave it: who may see that act may see the approval. */
interface Approving {
  readonly block: number;
  readonly act: PastAct;
  readonly approval: Approval;
}

function approvalBy({ record }: HistoryRow, documents: Approval['documents']): Approval {
  const { name, organization, user, role, txId, time } = record.act;
  const ref = `${record.kind}/${record.id}@${record.version}`;
  return { ref, act: name, title: titleOf(record), organization, user, role, txId, time, documents };
}

/** The documents that an act's input records, wherever it has them. */
function documentsIn(input: unknown): Approval['documents'][number][] {
  if (typeof input !== 'object' || input === null) return [];
  const one = document.safeParse(input);
  return one.success ? [one.data] : Object.values(input).flatMap(documentsIn);
}
