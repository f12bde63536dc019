// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Act } from 'yuanliu-chaincode/kind/act';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { evidenceFor } from 'yuanliu-gateway/index/apply/evidence';
import type { Step } from 'yuanliu-demo/story';
import { openDoor, type Client, type Door, type Knocker } from '../gateway/http/door';
import { own, type Actor } from './cast';
import { isParty } from './expectation';

export const everyAct = kinds.flatMap((kind) => [...kind.acts.values()]);

export function nameOf({ kind, name }: Pick<Act, 'kind' | 'name'>): string {
  return `${kind.name}:${name}`;
}

/** The story and the steps after it, played through a gateway. */
export interface Played {
  readonly door: Door;
  /** By `kind/state`, in order of id. */
  readonly records: ReadonlyMap<string, readonly LedgerRecord[]>;
  clientOf(who: Knocker): Promise<Client>;
  sees(actor: Knocker, ref: string): Promise<boolean>;
  /** Whether the actor sees it, or what is public speaks for it: a catalogue, a registration. */
  knows(actor: Knocker, ref: string): Promise<boolean>;
  /** The record to try an act on: one that names the actor where there is one. */
  recordFor(act: Act, state: string, actor: Actor): LedgerRecord | undefined;
}

export async function play(steps: readonly Step[]): Promise<Played> {
  const door = await openDoor('produced');
  const clients = new Map<string, Client>();
  const clientOf = async (who: Knocker): Promise<Client> => {
    const known = clients.get(who.code) ?? (await door.as(who));
    clients.set(who.code, known);
    return known;
  };
  for (const { by, act, id, input } of steps) {
    const reply = await (await clientOf(by)).act(act, id, input);
    if (reply.status !== 201) throw new Error(`${by.name} ${act} ${id}: ${reply.bytes.toString()}`);
  }
  const authority = await clientOf(own['data-authority']);
  const all = await everyRecord(authority);
  const records = new Map<string, LedgerRecord[]>();
  for (const record of all) {
    const key = `${record.kind}/${record.state}`;
    records.set(key, [...(records.get(key) ?? []), record]);
  }
  const spoken = spokenFor([...all, ...(await pastOf(all, authority))]);
  const sights = new Map<string, boolean>();
  const sees = async (actor: Knocker, ref: string): Promise<boolean> => {
    const key = `${actor.code} ${ref}`;
    const [name, id = ''] = ref.replace(/@.*/, '').split('/');
    const seen = sights.get(key) ?? (await (await clientOf(actor)).get(pathOf(name, id))).status === 200;
    sights.set(key, seen);
    return seen;
  };
  return {
    door,
    records,
    clientOf,
    sees,
    knows: async (actor, ref) => spoken.has(ref) || sees(actor, ref),
    recordFor: (act, state, actor) => {
      const inState = records.get(`${act.kind.name}/${state}`) ?? [];
      return inState.find((record) => isParty(act, actor, record)) ?? inState[0];
    },
  };
}

async function everyRecord(reader: Client): Promise<LedgerRecord[]> {
  const found: LedgerRecord[] = [];
  for (const { plural } of kinds) {
    for (let more = ''; ;) {
      const { body } = await reader.get(`/api/v1/${plural}?limit=200${more}`);
      found.push(...body.items.map(({ record }) => record));
      if (!('cursor' in body)) break;
      more = `&cursor=${body.cursor}`;
    }
  }
  return found;
}

/** What the records were before they were changed. */
async function pastOf(records: readonly LedgerRecord[], reader: Client): Promise<LedgerRecord[]> {
  const found: LedgerRecord[] = [];
  for (const { kind, id, version } of records) {
    for (let past = 1; past < version; past++) {
      found.push((await reader.get(`${pathOf(kind, id)}?version=${past}`)).body.record);
    }
  }
  return found;
}

/** The versions, and records, that what is public speaks for. */
function spokenFor(versions: readonly LedgerRecord[]): ReadonlySet<string> {
  const isPublic = ({ kind, state }: LedgerRecord): boolean =>
    kinds.find(({ name }) => name === kind)?.public?.includes(state) ?? false;
  const spoken = versions.filter(isPublic).flatMap(evidenceFor);
  return new Set(spoken.flatMap((version) => [version, version.replace(/@.*/, '')]));
}

function pathOf(kind: string | undefined, id: string): string {
  return `/api/v1/${kinds.find(({ name }) => name === kind)?.plural ?? ''}/${id}`;
}
