// SPDX-License-Identifier: Apache-2.0
import type { ClientIdentity } from 'fabric-shim-api';
import type { Act } from '../kind/act.js';
import { speakerOf, type Caller, type Speaker } from '../kind/caller.js';
import { ContractError, saying, type ErrorDetails } from '../vocabulary/error.js';
import { founder } from './founder.js';
import type { ActCall } from '../kind/input.js';
import type { LedgerRecord } from '../kind/record.js';
import { FOUNDED, organization, type OrganizationBody } from '../records/organization/organization.js';
import { reaches, type Reachable } from '../records/organization/reach.js';
import { defineRule } from '../kind/rule.js';
import type { Store } from '../kind/store.js';
import type { RoleName } from '../vocabulary/vocabulary.js';

/** A caller acts only for its own organisation, in a role it holds, in that role's region or remit. Checked here. */
const actsForItself = defineRule('acts-for-itself', () => []);
/** A suspended organisation begins no new exploitation. Checked here. */
const whileStanding = defineRule('organization-stands', () => []);

/** A speaker and the organisation record it speaks for; none at the founding. */
export interface Speech {
  readonly speaker: Speaker;
  readonly organization: LedgerRecord<OrganizationBody> | undefined;
}

/** Who speaks, and for which admitted organisation. Throws FORBIDDEN. */
export async function speak(
  identity: ClientIdentity,
  store: Store,
  { act, call }: { readonly act: Act; readonly call: ActCall },
): Promise<Speech> {
  const speaker = speakerOf(identity);
  const record = await store.record(`${organization.name}/${speaker.organization}`);
  if (record) {
    const admitted = record as LedgerRecord<OrganizationBody>;
    if (admitted.body.msp !== speaker.msp) {
      throw forbidden(
        saying('other-msp', { organization: speaker.organization, admitted: admitted.body.msp, msp: speaker.msp }),
      );
    }
    if (!mayBegin(act, record.state)) {
      throw forbidden(saying('organization-suspended', { organization: speaker.organization }), whileStanding);
    }
    return { speaker, organization: admitted };
  }
  const founding = act.kind.name === organization.name && act.creates && call.id === speaker.organization;
  if (founding && speaker.msp === founder && (await store.mark(FOUNDED.name, FOUNDED.key)) === undefined) {
    return { speaker, organization: undefined };
  }
  throw forbidden(saying('not-admitted', { organization: speaker.organization }));
}

/**
 * The role the caller acts in: one its organisation holds, whose region and remit cover the record, for a party that the
 * body names. With no `body` yet, only that it holds one of the act's roles. Throws FORBIDDEN.
 */
export function authorize(act: Act, call: ActCall, { speaker, organization: own }: Speech, body: unknown): Caller {
  if (!own) return { ...speaker, role: 'data-authority' }; // the founding: organization:admit checks what it admits
  const allowed = (Object.keys(act.by) as RoleName[]).filter((role) => call.as === undefined || role === call.as);
  const held = own.body.roles.filter(({ role }) => allowed.includes(role));
  if (held.length === 0) {
    const { organization: by } = speaker;
    const holds = own.body.roles.map(({ role }) => role);
    const roles = allowed.length > 0 ? allowed : Object.keys(act.by);
    throw forbidden(
      saying('no-role', { act: `${act.kind.name}:${act.name}`, allowed: roles, organization: by, holds }),
    );
  }
  if (body === undefined) return { ...speaker, role: held[0]?.role ?? 'platform' };
  const inReach = held.filter((role) => act.anywhere || reaches(role, body as object));
  if (inReach.length === 0)
    throw forbidden(saying('out-of-reach', { ref: call.ref, organization: speaker.organization }));
  const role = inReach.find((candidate) => isParty(act, candidate.role, speaker.organization, { body, id: call.id }));
  if (!role) {
    throw forbidden(
      saying('not-party', {
        act: `${act.kind.name}:${act.name}`,
        ref: call.ref,
        organization: speaker.organization,
      }),
    );
  }
  return { ...speaker, role: role.role };
}

/**
 * A decision that moves its record, to another division or domain, moves it to where the role that it is done in reaches:
 * else one would get there what one may not create there, and could not act on it again. Throws FORBIDDEN.
 */
export function demandReach(
  { call, role }: { readonly call: ActCall; readonly role: RoleName },
  { speaker, organization: own }: Speech,
  before: unknown,
  after: unknown,
): void {
  const [was, is] = [before as Reachable, after as Reachable];
  if (!own || (was.region === is.region && was.domain === is.domain)) return;
  const reached = own.body.roles.some((held) => held.role === role && reaches(held, is));
  if (!reached) throw forbidden(saying('out-of-reach', { ref: call.ref, organization: speaker.organization }));
}

/** Whether an organisation in this state may do it: a suspended one begins no new exploitation. */
export function mayBegin({ nature, whileSuspended }: Act, state: string): boolean {
  return state === 'admitted' || nature === 'report' || whileSuspended;
}

/** What a party is read from. */
type Named = Pick<LedgerRecord, 'body' | 'id'>;

/** The roles, of those held, in which an organisation may do an act on a record, as {@link authorize} decides. */
export function rolesFor(act: Act, organization: LedgerRecord<OrganizationBody>, record: Named): RoleName[] {
  const fitting = organization.body.roles.filter(
    (held) =>
      (act.anywhere || reaches(held, record.body as object)) && isParty(act, held.role, organization.id, record),
  );
  return [...new Set(fitting.map(({ role }) => role))];
}

function isParty(act: Act, role: RoleName, organization: string, { body, id }: Named): boolean {
  const partyOf = act.by[role];
  const party = partyOf?.(body, id);
  if (!partyOf || party === undefined) return partyOf !== undefined;
  return typeof party === 'string' ? party === organization : party.includes(organization);
}

function forbidden(details: ErrorDetails, rule = actsForItself): ContractError {
  return new ContractError('FORBIDDEN', details, rule.id);
}
