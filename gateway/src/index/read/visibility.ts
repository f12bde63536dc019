// SPDX-License-Identifier: Apache-2.0
import { anyHolder } from 'yuanliu-chaincode/kind/act';
import { reaches } from 'yuanliu-chaincode/records/organization/reach';
import type { Kind } from 'yuanliu-chaincode/kind/kind';
import { parseRef } from 'yuanliu-chaincode/kind/record';
import { privyOn, shownOn } from '../rows/facets.js';
import { kindNamed } from '../rows/kinds.js';
import type { RoleHeld } from 'yuanliu-chaincode/records/organization/organization';
import { RULEBOOK_ID } from 'yuanliu-chaincode/rulebook/rulebook';
import type { RoleName } from 'yuanliu-chaincode/vocabulary/vocabulary';
import type { HistoryRow, VersionRow } from '../rows/rows.js';

/** Who reads: an organisation with the roles the ledger gives it, or anyone. */
export interface Viewer {
  readonly organization: string | undefined;
  readonly roles: readonly RoleHeld[];
}

/** Whoever comes without an organisation. */
export const anyone: Viewer = { organization: undefined, roles: [] };

const RULEBOOK = `rulebook/${RULEBOOK_ID}`;

/** Finds the row of an exact version, or of the current one; undefined if there is none. */
export type FindVersion = (ref: string) => VersionRow | undefined;

/** One act of the past: its entry in the history, and the version that it left. */
export interface PastAct {
  readonly row: VersionRow;
  readonly entry: HistoryRow;
}

/**
 * What one viewer may see: 'Who sees what' of the domain. Public kinds and states are for anyone. Any other record is
 * for the organisations that its body or its acts name, those upstream in its authority chain, whoever may decide on it
 * by role as it stands or reads its kind by office, the data-authority and supervisors in their region and remit. Sealed, it is for those who acted
 * on it, those whom it tells and those who oversee.
 *
 * Remembers what it found: make one for each request.
 */
export class Sight {
  readonly #find: FindVersion;
  readonly #viewer: Viewer;
  readonly #overseeing: readonly RoleHeld[];
  readonly #upstream = new Map<string, boolean>();

  constructor(viewer: Viewer, find: FindVersion) {
    this.#find = find;
    this.#viewer = viewer;
    this.#overseeing = viewer.roles.filter(({ role }) => role === 'data-authority' || role === 'supervisor');
  }

  /** Whether the viewer may see this version as it was in `state`. */
  sees(row: VersionRow, state = lastState(row)): boolean {
    const kind = kindNamed(row.kind);
    if (!kind) return false; // written by a newer contract: nothing is known of who may see it
    if (kind.public?.includes(state)) return true;
    if (this.#overseeing.some((role) => reaches(role, row.reach))) return true;
    const { organization } = this.#viewer;
    if (organization === undefined) return false;
    if (this.#isSealedNow(kind, row)) return row.privy.includes(organization);
    return row.named.includes(organization) || this.#isUpstream(row.parents) || this.#inOffice(kind, row);
  }

  /** Whether the viewer may see an act: as the history of its record shows it, by the state that the act left. */
  seesAct({ row, entry }: PastAct): boolean {
    return this.sees(row, entry.record.state);
  }

  /** The lists of a kind that together hold what is on one, less what is sealed from the viewer. */
  listsOf(kind: Pick<Kind, 'sealed'>, list: string): string[] {
    if (!kind.sealed || this.#overseeing.length > 0) return [list];
    const { organization } = this.#viewer;
    return [shownOn(list), ...(organization === undefined ? [] : [privyOn(list, organization)])];
  }

  /** Whether the viewer oversees all of the channel, whatever its records are about. */
  get seesEverything(): boolean {
    const channel = this.#find(RULEBOOK)?.reach;
    return channel !== undefined && this.#overseeing.some((role) => !role.remit && reaches(role, channel));
  }

  /**
   * Whether the viewer may learn that there is nothing under a reference: it sees the record at another version, or would
   * see any record. To everybody else it is as what is hidden.
   */
  mayMiss(ref: string): boolean {
    const record = this.#find(ref.replace(/@.*/, ''));
    return (record !== undefined && this.sees(record)) || this.seesEverything;
  }

  /** Whether a version is sealed, or was in `state`: then not even that something is hidden is said. */
  isSealed(row: VersionRow, state = lastState(row)): boolean {
    const kind = kindNamed(row.kind);
    return kind?.sealed !== undefined && (kind.sealed.includes(state) || this.#isSealedNow(kind, row));
  }

  /** A record closed without ever being served stays sealed: what it says was never put to the one concerned. */
  #isSealedNow(kind: Kind, row: VersionRow): boolean {
    if (!kind.sealed) return false;
    if (kind.sealed.includes(lastState(row))) return true;
    return kind.unsealed !== undefined && !this.#wasIn(kind.unsealed, row);
  }

  /** Whether the record was in one of these states, in this version or one before. */
  #wasIn(states: readonly string[], { ref, states: own }: VersionRow): boolean {
    if (own.some(({ state }) => states.includes(state))) return true;
    const { kind, id, version = 1 } = parseRef(ref);
    const earlier = version > 1 ? this.#find(`${kind}/${id}@${version - 1}`) : undefined;
    return earlier !== undefined && this.#wasIn(states, earlier);
  }

  #isUpstream(parents: readonly string[]): boolean {
    return parents.some((ref) => this.#isNamedAtOrAbove(ref));
  }

  /** An organisation's own record says who admitted or qualified it, which makes nobody a party to what it does. */
  #isNamedAtOrAbove(ref: string): boolean {
    const known = this.#upstream.get(ref);
    if (known !== undefined) return known;
    this.#upstream.set(ref, false); // ends a cycle, which no honest ledger holds
    const row = this.#find(ref);
    const found =
      row !== undefined &&
      !isPublicKind(kindNamed(row.kind)) &&
      (row.named.includes(this.#viewer.organization ?? '') || this.#isUpstream(row.parents));
    this.#upstream.set(ref, found);
    return found;
  }

  /** A registrar must see what it is to accept, an agency what it may enter in its catalogue, though neither is named yet. */
  #inOffice(kind: Kind, row: VersionRow): boolean {
    const awaited = rolesAwaited(kind, lastState(row));
    return this.#viewer.roles.some(
      (held) => (awaited.has(held.role) || kind.offices?.includes(held.role)) && reaches(held, row.reach),
    );
  }
}

function lastState(row: VersionRow): string {
  return row.states.at(-1)?.state ?? '';
}

function isPublicKind(kind: Kind | undefined): boolean {
  return kind?.public !== undefined && kind.states.every((state) => kind.public?.includes(state));
}

/** Roles any holder of which may act on a record of this kind in this state. */
function rolesAwaited(kind: Kind, state: string): ReadonlySet<RoleName> {
  const key = `${kind.name}/${state}`;
  let roles = awaited.get(key);
  if (!roles) {
    const open = [...kind.acts.values()].filter((act) => act.from.includes(state));
    roles = new Set(
      open.flatMap((act) => (Object.keys(act.by) as RoleName[]).filter((role) => act.by[role] === anyHolder)),
    );
    awaited.set(key, roles);
  }
  return roles;
}

const awaited = new Map<string, ReadonlySet<RoleName>>();
