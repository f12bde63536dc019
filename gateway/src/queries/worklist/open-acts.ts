// SPDX-License-Identifier: Apache-2.0
import type { Act } from 'yuanliu-chaincode/kind/act';
import { mayBegin, rolesFor } from 'yuanliu-chaincode/engine/authority';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import type { OrganizationBody } from 'yuanliu-chaincode/records/organization/organization';
import { RULEBOOK_ID, type RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';
import type { RoleName } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { deadlineOf, dueBy } from '../../index/due.js';
import { kindNamed } from '../../index/kinds.js';
import { recordAsOf } from '../../index/reading.js';
import type { IndexStore } from '../../index/store.js';
import type { Due, OpenAct, WorklistOptions } from './answer.js';

/** An organisation as the ledger had it, and the rulebook then: by them it is told what is open to whom. */
export class Desk {
  readonly #organization: LedgerRecord<OrganizationBody> | undefined;
  readonly #rulebook: RulebookBody | undefined;
  readonly #now: string;

  /** @param now the time that due dates are judged at */
  constructor(
    store: IndexStore,
    { organization, asOf, now }: { readonly organization: string; readonly asOf: number; readonly now: string },
  ) {
    const read = (ref: string): LedgerRecord | undefined => recordAsOf(store, ref, asOf)?.view.record;
    this.#organization = read(`organization/${organization}`) as LedgerRecord<OrganizationBody> | undefined;
    this.#rulebook = read(`rulebook/${RULEBOOK_ID}`)?.body as RulebookBody | undefined;
    this.#now = now;
  }

  get now(): string {
    return this.#now;
  }

  /** In whose turn acts are open to it: its own, and that of any holder of a role that it holds. */
  get turns(): readonly string[] {
    if (!this.#organization) return [];
    const roles = this.#organization.body.roles.map(({ role }) => role);
    return [...new Set([this.#organization.id, ...roles])];
  }

  /** The acts that authority and state leave open to the organisation on a record. */
  openActs(record: LedgerRecord, wanted: Pick<WorklistOptions, 'act' | 'role'> = {}): OpenAct[] {
    const acts = [...(kindNamed(record.kind)?.acts.values() ?? [])].filter(
      ({ name, from }) => from.includes(record.state) && (wanted.act ?? name) === name,
    );
    return acts.flatMap((act) => {
      const roles = this.#rolesFor(act, record);
      if (roles.length === 0 || (wanted.role !== undefined && !roles.includes(wanted.role))) return [];
      const due = this.#dueOf(act, record);
      const { kind, name, title, nature } = act;
      return [{ act: `${kind.name}:${name}`, title, nature, roles, ...(due ? { due } : {}) }];
    });
  }

  /** Until when an act is to be done whose period began then. */
  dueBy({ due }: Act, since: string): string | undefined {
    return due && this.#rulebook && dueBy(due, since, this.#rulebook)?.by;
  }

  #rolesFor(act: Act, record: LedgerRecord): readonly RoleName[] {
    if (!this.#organization || !mayBegin(act, this.#organization.state)) return [];
    return rolesFor(act, this.#organization, record);
  }

  #dueOf(act: Act, record: LedgerRecord): Due | undefined {
    const expiry = act.expiry?.(record.body, this.#now);
    if (expiry) {
      const { by, since, message, remedy } = expiry;
      return { by, since, period: 'calendar', overdue: by < this.#now, note: `${message}: ${remedy}` };
    }
    const deadline = this.#rulebook && deadlineOf(act, record, this.#rulebook);
    return deadline && { ...deadline, overdue: deadline.unjudged === undefined && deadline.by < this.#now };
  }
}
