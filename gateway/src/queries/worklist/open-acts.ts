// SPDX-License-Identifier: Apache-2.0
import { waitsFor, type Act } from 'yuanliu-chaincode/kind/act';
import { mayBegin, rolesFor } from 'yuanliu-chaincode/engine/authority';
import { kinds } from 'yuanliu-chaincode/kinds';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import type { OrganizationBody } from 'yuanliu-chaincode/records/organization/organization';
import { RULEBOOK_ID, type RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';
import type { RoleName } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { deadlineOf, dueBy, kindNamed } from '../../index/read/rows.js';
import type { IndexReader } from '../../index/read/index-reader.js';
import type { Due, Needed, OpenAct, WorklistOptions } from './answer.js';

/** The acts that are open to an organisation, by its record and the rulebook as the ledger had them. */
export class OpenActs {
  readonly #organization: LedgerRecord<OrganizationBody> | undefined;
  readonly #rulebook: RulebookBody | undefined;
  readonly #now: string;
  readonly #read: (ref: string) => LedgerRecord | undefined;

  /** @param now the time that due dates are judged at */
  constructor(
    store: IndexReader,
    { organization, asOf, now }: { readonly organization: string; readonly asOf: number; readonly now: string },
  ) {
    const read = (ref: string): LedgerRecord | undefined => store.recordAsOf(ref, asOf)?.view.record;
    this.#read = read;
    this.#organization = read(`organization/${organization}`) as LedgerRecord<OrganizationBody> | undefined;
    this.#rulebook = read(`rulebook/${RULEBOOK_ID}`)?.body as RulebookBody | undefined;
    this.#now = now;
  }

  get now(): string {
    return this.#now;
  }

  /** By whom records that wait for it are listed: itself, and any holder of a role that it holds. */
  get turns(): readonly string[] {
    if (!this.#organization) return [];
    const roles = this.#organization.body.roles.map(({ role }) => role);
    return [...new Set([this.#organization.id, ...roles])];
  }

  /** The acts that authority and state leave open to the organisation on a record, first those that the record waits for. */
  on(record: LedgerRecord, wanted: Pick<WorklistOptions, 'act' | 'role'> = {}): OpenAct[] {
    const open = this.#open(record, wanted);
    return [...open.filter(({ waits }) => waits), ...open.filter(({ waits }) => !waits)];
  }

  /** Of these, the acts that the record waits for. */
  waitingOn(record: LedgerRecord, wanted: Pick<WorklistOptions, 'act' | 'role'> = {}): OpenAct[] {
    return this.#open(record, wanted).filter(({ waits }) => waits);
  }

  /** The acts that make a record which every channel needs. */
  get needed(): readonly Needed[] {
    return kinds.flatMap((kind) =>
      [...kind.acts.values()].flatMap((act) => {
        const { needed, name, title } = act;
        if (needed === undefined || this.#read(`${kind.name}/${needed}`)) return [];
        const roles = this.#organization?.body.roles.map(({ role }) => role).filter((role) => act.by[role]) ?? [];
        if (roles.length === 0 || !mayBegin(act, this.#organization?.state ?? '')) return [];
        return [{ ref: `${kind.name}/${needed}`, act: `${kind.name}:${name}`, title, roles: [...new Set(roles)] }];
      }),
    );
  }

  #open(record: LedgerRecord, wanted: Pick<WorklistOptions, 'act' | 'role'>): OpenAct[] {
    const acts = [...(kindNamed(record.kind)?.acts.values() ?? [])].filter(
      ({ name, from }) => from.includes(record.state) && (wanted.act ?? name) === name,
    );
    return acts.flatMap((act) => {
      const roles = this.#rolesFor(act, record);
      if (roles.length === 0 || (wanted.role !== undefined && !roles.includes(wanted.role))) return [];
      const due = this.#dueOf(act, record);
      const { kind, name, title, nature } = act;
      const { id, state } = record;
      const has = (ref: string): boolean => this.#read(ref) !== undefined;
      const asked = { id, state, by: this.#organization?.id, now: this.#now, has };
      const waits = due?.period === 'calendar' || waitsFor(act, record.body, asked);
      const first = act.notBefore?.(record.body);
      const notBefore = first !== undefined && first > this.#now ? { notBefore: first } : {};
      return [{ act: `${kind.name}:${name}`, title, nature, roles, waits, ...(due ? { due } : {}), ...notBefore }];
    });
  }

  /** Until when an act is to be done whose period began then, or is stated as that. */
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
      const { by, since, code, params } = expiry;
      return { by, since, period: 'calendar', overdue: by < this.#now, note: { code, params } };
    }
    const asked = { by: this.#organization?.id, now: this.#now };
    const deadline = this.#rulebook && deadlineOf(act, record, this.#rulebook, asked);
    return deadline && { ...deadline, overdue: deadline.unjudged === undefined && deadline.by < this.#now };
  }
}
