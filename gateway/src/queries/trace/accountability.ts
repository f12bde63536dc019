// SPDX-License-Identifier: Apache-2.0
import type { OrganizationBody } from 'yuanliu-chaincode/records/organization/organization';
import type { ActEntry, LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { kindNamed } from '../../index/read/rows.js';

import type { IndexReader } from '../../index/read/index-reader.js';
import type { PastAct } from '../../index/read/visibility.js';
import { slices } from '../../runtime/slices.js';
import type { AccountabilityAnswer, AccountableAct, Approval, Office } from './account.js';
import { titleOf } from '../../index/read/act-title.js';
import type { Basis } from './answer.js';
import { Approvals } from './approvals.js';
import { Awareness } from './awareness.js';
import type { Question } from './question.js';
import { trailOf, type Footprint } from './trail.js';
import type { Met } from './walk.js';

/** One page of the acts on a chain, with what is needed to judge whoever did each. */
export async function accountFor(ref: string, question: Question): Promise<AccountabilityAnswer> {
  const { store, sight, draughtsman, viewer, asOf, now, limit, skip } = question;
  const met: Met = { hidden: question.hidden, cut: false };
  const trail = await trailOf(question, met);
  const writer = new Writer(question);
  const items: AccountableAct[] = [];
  const othersDue = slices(viewer.organization);
  let next = skip;
  for (; next < trail.length && items.length < limit; next++) {
    const footprint = trail[next];
    const found = footprint && read(store, footprint);
    if (!found) continue;
    if (sight.seesAct(found)) items.push(await writer.write(found));
    else met.hidden = true;
    await othersDue();
  }
  const more = next < trail.length;
  return {
    root: ref,
    asOf: { block: asOf, time: now },
    items,
    truncated: more || met.cut,
    hidden: met.hidden || draughtsman.hidden,
    ...(more ? { cursor: question.cursorAfter(next) } : {}),
  };
}

interface Found extends PastAct {
  readonly footprint: Footprint;
}

function read(store: IndexReader, footprint: Footprint): Found | undefined {
  const act = store.actAt(footprint.ref, footprint.history);
  return act && { footprint, ...act };
}

/** Writes out acts; what several of them share is read once. */
class Writer {
  readonly #question: Question;
  readonly #approvals: Approvals;
  readonly #awareness: Awareness;

  constructor(question: Question) {
    this.#question = question;
    this.#approvals = new Approvals(question.store);
    this.#awareness = new Awareness(question.store, question.sight);
  }

  async write({ footprint, entry, row }: Found): Promise<AccountableAct> {
    const { record, txId, block, index, causedBy } = entry;
    const { act, body, state } = record;
    const kind = kindNamed(record.kind);
    const before = block - 1;
    const basis = await this.#question.draughtsman.basisOf(
      { ref: footprint.ref, parents: kind?.parents?.(body) ?? [], named: row.named },
      { ...act, block },
    );
    const inputs = (kind?.edges?.(body) ?? []).map(({ to }) => to);
    const links = basis?.links.map(({ ref }) => ref) ?? [];
    const office = this.#officeOf(act, before);
    return {
      ref: `${footprint.ref}@${record.version}`,
      part: footprint.part,
      ...(row.title === undefined ? {} : { recordTitle: row.title }),
      title: titleOf(record),
      state,
      act,
      transaction: { txId, block, index },
      ...(causedBy === undefined ? {} : { causedBy }),
      ...(office ? { office } : {}),
      ...(basis ? { basis } : {}),
      approvals: this.#approvalsOf(basis, before),
      known: await this.#awareness.of([footprint.ref, ...inputs, ...links], {
        organization: act.organization,
        block: before,
      }),
    };
  }

  /** The approvals that the viewer may see: each is an act on a link, or on the record that brought the link about. */
  #approvalsOf(basis: Basis | undefined, block: number): readonly Approval[] {
    const { sight } = this.#question;
    return (basis?.links ?? [])
      .flatMap(({ ref }) => this.#approvals.of(ref, block))
      .filter(({ act }) => sight.seesAct(act))
      .map(({ approval }) => approval);
  }

  #officeOf({ organization, role }: ActEntry, block: number): Office | undefined {
    const record = this.#question.store.recordAsOf(`organization/${organization}`, block)?.view.record as
      LedgerRecord<OrganizationBody> | undefined;
    const held = record?.body.roles.find((one) => one.role === role);
    if (!record || !held) return undefined;
    const { role: _role, ...where } = held;
    return { organization: `organization/${organization}@${record.version}`, state: record.state, ...where };
  }
}
