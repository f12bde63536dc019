// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode';
import type { Act } from 'yuanliu-chaincode/act';
import type { Kind } from 'yuanliu-chaincode/kind';
import type { LedgerRecord } from 'yuanliu-chaincode/record';
import { roleNames } from 'yuanliu-chaincode/vocabulary';
import { demoCode, storyTo } from '../builders';
import { openDoor, type Client, type Door, type Reply } from '../gateway/http/door';
import { actorOf, own, relations, type Actor, type Relation } from './cast';
import { expected, isParty } from './expectation';
import { journeys } from './world';

const steps = journeys();
const performed = [...storyTo('produced'), ...steps];
/** An input that is well-formed, for every act: one with which it was performed. */
const inputs = new Map(performed.map(({ act, input }) => [act, input]));
const everyAct = kinds.flatMap((kind) => [...kind.acts.values()]);

let door: Door;
const clients = new Map<string, Client>();
/** By `kind/state`, in order of id. */
const records = new Map<string, LedgerRecord[]>();

beforeAll(async () => {
  door = await openDoor('produced');
  for (const { by, act, id, input } of steps) {
    const reply = await (await clientOf(by)).act(act, id, input);
    if (reply.status !== 201) throw new Error(`${by.name} ${act} ${id}: ${reply.bytes.toString()}`);
  }
  const authority = await clientOf(own['data-authority']);
  for (const kind of kinds) {
    for (let more = ''; ;) {
      const { body } = await authority.get(`/api/v1/${kind.plural}?limit=200${more}`);
      for (const { record } of body.items) put(`${kind.name}/${record.state}`, record);
      if (!('cursor' in body)) break;
      more = `&cursor=${body.cursor}`;
    }
  }
}, 120_000);
afterAll(() => door.close());

test('every act has been performed, and every state of every kind is there to be tried', () => {
  expect(everyAct.map(nameOf).filter((name) => !inputs.has(name))).toEqual([]);
  const states = kinds.flatMap(({ name, states: all }) => all.map((state) => `${name}/${state}`));
  expect(states.filter((state) => !records.has(state))).toEqual([]);
});

test('role × act × state × own or other: each cell is what the definitions say', async () => {
  const before = await door.mark();
  const counts = new Map<string, number>();
  const opened = new Set(performed.map(({ act, by }) => `${act} ${by.role}`));
  const sampled = new Set<string>();
  const wrong: string[] = [];
  for (const { act, state, actor, relation, record } of cells()) {
    const id = record?.id ?? (act.kind.name === 'organization' ? UNUSED_CODE : 'unused');
    const client = await clientOf(actor);
    const input = inputs.get(nameOf(act)) ?? fail();
    const visible = record !== undefined && (await sees(actor, `${record.kind}/${record.id}`));
    const leansOnHidden = (await Promise.all(leantOn(input).map((ref) => sees(actor, ref)))).includes(false);
    const verdict = expected({ act, actor, record, alike: alike(act), visible, leansOnHidden });
    const path = `/api/v1/${act.kind.plural}/${id}/${act.name}`;
    const told = toldBy(await client.post(`${path}?dryRun=true`, input), act, id);
    const cell = `${relation} ${actor.role} ${nameOf(act)} ${state} (${id})`;
    const sample = `${nameOf(act)} ${verdict}`;
    if (act.nature === 'decision' && verdict !== 'open' && !sampled.has(sample)) {
      sampled.add(sample);
      expect(`${sample}: ${toldBy(await client.post(path, input), act, id)}`).toBe(`${sample}: ${told}`);
    }
    const asExpected = verdict === 'open' ? outcomes.includes(told) : told === verdict;
    if (!asExpected) wrong.push(`${cell}: ${told}, not ${verdict}`);
    if (verdict === 'open' && !visible && record) wrong.push(`${cell}: open to one who may not read it`);
    if (verdict === 'open') opened.add(`${nameOf(act)} ${actor.role}`);
    counts.set(told, (counts.get(told) ?? 0) + 1);
  }
  const cellCount = [...counts.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${cellCount} cells: ${JSON.stringify(Object.fromEntries(counts))}; ${sampled.size} refused for real`);
  expect(wrong).toEqual([]);
  expect(await door.mark()).toEqual(before);
  const roles = everyAct.flatMap((act) => Object.keys(act.by).map((role) => `${nameOf(act)} ${role}`));
  expect(roles.filter((role) => !opened.has(role))).toEqual([]);
}, 300_000);

interface Cell {
  readonly act: Act;
  readonly state: string;
  readonly relation: Relation;
  readonly actor: Actor;
  readonly record: LedgerRecord | undefined;
}

function* cells(): Generator<Cell> {
  for (const kind of kinds) {
    for (const state of [NEW, ...kind.states]) {
      if (state === NEW && kind.name === 'rulebook') continue; // a channel has one
      for (const act of kind.acts.values()) {
        for (const relation of relations) {
          for (const role of roleNames) {
            if (relation !== 'own' && !(role in act.by)) continue; // a role that it is not for is tried once
            const actor = actorOf(relation, role);
            yield { act, state, relation, actor, record: recordFor(act, state, actor) };
          }
        }
      }
    }
  }
}

const NEW = 'new';
const UNUSED_CODE = demoCode(998);

function alike({ kind }: Act): LedgerRecord {
  return kind.states.map((state) => records.get(`${kind.name}/${state}`)?.[0]).find((record) => record) ?? fail();
}

/** The record to try: one that names the actor where there is one. */
function recordFor(act: Act, state: string, actor: Actor): LedgerRecord | undefined {
  const inState = records.get(`${act.kind.name}/${state}`) ?? [];
  return inState.find((record) => isParty(act, actor, record)) ?? inState[0];
}

/** What an open act may come to: done, or refused for what it asks rather than for who asks or when. */
const outcomes: readonly string[] = ['done', 'REFUSED', 'INPUT_INVALID', 'EXISTS', 'leans on nothing'];

/** What a dry run said, in the words of a {@link Verdict}. */
function toldBy({ status, body }: Reply, act: Act, id: string): string {
  if (status === 200) return 'done';
  const other = body.code === 'NOT_FOUND' && body.detail !== `${act.kind.name}/${id} does not exist`;
  return other ? 'leans on nothing' : body.code;
}

/** What the input names of records that should be the caller's own, or be there for it. */
function leantOn(input: Leaning): string[] {
  const { authority, subject, product, inputs: from = [] } = input;
  return [authority, subject, product, ...from].filter((ref) => ref !== undefined);
}

interface Leaning {
  readonly authority?: string;
  readonly subject?: string;
  readonly product?: string;
  readonly inputs?: readonly string[];
}

const sights = new Map<string, boolean>();

async function sees(actor: Actor, ref: string): Promise<boolean> {
  const key = `${actor.code} ${ref}`;
  const [name, id = ''] = ref.replace(/@.*/, '').split('/');
  const path = `/api/v1/${kinds.find((kind) => kind.name === name)?.plural ?? ''}/${id}`;
  const seen = sights.get(key) ?? (await (await clientOf(actor)).get(path)).status === 200;
  sights.set(key, seen);
  return seen;
}

async function clientOf(who: { readonly code: string; readonly msp: string; readonly user: string }): Promise<Client> {
  const known = clients.get(who.code) ?? (await door.as(who));
  clients.set(who.code, known);
  return known;
}

function put(key: string, record: LedgerRecord): void {
  records.set(key, [...(records.get(key) ?? []), record]);
}

function nameOf({ kind, name }: { readonly kind: Pick<Kind, 'name'>; readonly name: string }): string {
  return `${kind.name}:${name}`;
}

function fail(): never {
  throw new Error('an act that nobody performed');
}
