// SPDX-License-Identifier: Apache-2.0
import type { Act } from 'yuanliu-chaincode/kind/act';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import type { Actor } from './cast';

/** What an act by an actor comes to, as far as role, party, division and state decide it. */
export type Verdict = 'open' | 'FORBIDDEN' | 'WRONG_STATE' | 'EXISTS' | 'NOT_FOUND' | 'names nothing';

/** One attempt: an act by an actor on a record, or on an id that nobody has used. */
export interface Attempt {
  readonly act: Act;
  readonly actor: Actor;
  readonly record: LedgerRecord | undefined;
  /** A record of its kind: what is created is where that is. */
  readonly alike: LedgerRecord;
  /** Whether the actor may read the record: one that it may not read is as one that is not there. */
  readonly visible: boolean;
  /** Whether the input names a record that the actor may not read, and nothing that it may read speaks for. */
  readonly namesHidden: boolean;
}

/** Follows from the act's definition: who (`by`, its party, its division), then in which state (`from`). */
export function expected({ act, actor, record, alike, visible, namesHidden }: Attempt): Verdict {
  const mayBegin = !actor.suspended || act.nature === 'report' || act.whileSuspended;
  const holdsRole = actor.role in act.by;
  const forbidden = (): Verdict => {
    if (visible) return 'FORBIDDEN';
    if (!act.creates) return 'NOT_FOUND';
    if (!holdsRole) return 'FORBIDDEN';
    return record ? 'EXISTS' : 'FORBIDDEN';
  };
  if (namesHidden) return 'names nothing'; // a dry run tells nothing of what is hidden
  if (!mayBegin || !holdsRole) return forbidden();
  if (!record) return act.creates ? (isWithin(act, actor, alike.body) ? 'open' : forbidden()) : 'NOT_FOUND';
  if (act.creates && !act.from.includes(record.state)) return 'EXISTS';
  if (!isParty(act, actor, record)) return forbidden();
  return act.from.includes(record.state) ? 'open' : 'WRONG_STATE';
}

/** Whether the definition names the actor, in its role and division, for this record. */
export function isParty(act: Act, actor: Actor, { id, body }: Pick<LedgerRecord, 'id' | 'body'>): boolean {
  const partyOf = act.by[actor.role];
  if (!partyOf || !isWithin(act, actor, body)) return false;
  const party = partyOf(body, id);
  return party === undefined || [party].flat().includes(actor.code);
}

function isWithin({ anywhere }: Act, { region }: Actor, body: unknown): boolean {
  return anywhere || divisionsOf(body).every((one) => covers(region, one));
}

/** Where a record is; an organisation is wherever it has a role. */
function divisionsOf(body: unknown): string[] {
  const { region, roles = [] } = body as { region?: string; roles?: readonly { region: string }[] };
  return region === undefined ? roles.map((held) => held.region) : [region];
}

/** 310000 is the city, 310115 a district of it. */
function covers(outer: string, inner: string): boolean {
  return outer === inner || (outer.endsWith('0000') && inner.startsWith(outer.slice(0, 2)));
}
