// SPDX-License-Identifier: Apache-2.0
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Act } from 'yuanliu-chaincode/kind/act';
import { namedIn } from 'yuanliu-chaincode/vocabulary/naming';
import type { LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { roleNames } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { demoCode, storyTo } from '../builders';
import type { Door, Reply } from '../gateway/http/door';
import { actorOf, relations, type Actor, type Relation } from './cast';
import { expected } from './expectation';
import { attemptsNaming, hiddenFrom, naming, referring, TOLD_BY_DOING } from './hidden';
import { everyAct, nameOf, play, type Played } from './played';
import { journeys } from './world';

const steps = journeys();
const performed = [...storyTo('produced'), ...steps];
/** An input that is well-formed, for every act: one with which it was performed. */
const inputs = new Map(performed.map(({ act, input }) => [act, input]));

let door: Door;
let played: Played;

beforeAll(async () => {
  played = await play(steps);
  door = played.door;
}, 120_000);
afterAll(() => door.close());

test('every act has been performed, and every state of every kind is there to be tried', () => {
  expect(everyAct.map(nameOf).filter((name) => !inputs.has(name))).toEqual([]);
  const states = kinds.flatMap(({ name, states: all }) => all.map((state) => `${name}/${state}`));
  expect(states.filter((state) => !played.records.has(state))).toEqual([]);
});

test('role × act × state × own or other: each cell is what the definitions say', async () => {
  const before = await door.mark();
  const counts = new Map<string, number>();
  const opened = new Set(performed.map(({ act, by }) => `${act} ${by.role}`));
  const sampled = new Set<string>();
  const wrong: string[] = [];
  for (const { act, state, actor, relation, record } of cells()) {
    const id = record?.id ?? (act.kind.name === 'organization' ? UNUSED_CODE : 'unused');
    const client = await played.clientOf(actor);
    const input = inputs.get(nameOf(act)) ?? fail();
    const visible = record !== undefined && (await played.sees(actor, `${record.kind}/${record.id}`));
    const namesHidden = (await Promise.all(namedIn(act.input, input).map((ref) => played.knows(actor, ref)))).includes(
      false,
    );
    const attempt = { act, actor, record, alike: alike(act), visible, namesHidden };
    const verdict = expected(attempt);
    // A dry run tries no id of a sealed kind: it answers as for an id that nobody has.
    const isTried = !(act.creates && act.kind.sealed);
    const rehearsed = isTried ? verdict : expected({ ...attempt, record: undefined, visible: false });
    const path = `/api/v1/${act.kind.plural}/${id}/${act.name}`;
    const told = toldBy(await client.post(`${path}?dryRun=true`, input), act, id);
    const cell = `${relation} ${actor.role} ${nameOf(act)} ${state} (${id})`;
    const sample = `${nameOf(act)} ${verdict}`;
    if (act.nature === 'decision' && !['open', 'names nothing'].includes(verdict) && !sampled.has(sample)) {
      sampled.add(sample);
      const done = toldBy(await client.post(path, input), act, id);
      expect(`${sample}: ${done}`).toBe(`${sample}: ${isTried ? told : verdict}`);
    }
    const asExpected = rehearsed === 'open' ? outcomes.includes(told) : told === rehearsed;
    if (!asExpected) wrong.push(`${cell}: ${told}, not ${rehearsed}`);
    if (verdict === 'open' && !visible && record) wrong.push(`${cell}: open to one who may not read it`);
    if (expected({ ...attempt, namesHidden: false }) === 'open') opened.add(`${nameOf(act)} ${actor.role}`);
    counts.set(told, (counts.get(told) ?? 0) + 1);
  }
  const cellCount = [...counts.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${cellCount} cells: ${JSON.stringify(Object.fromEntries(counts))}; ${sampled.size} refused for real`);
  expect(wrong).toEqual([]);
  expect(await door.mark()).toEqual(before);
  const roles = everyAct.flatMap((act) => Object.keys(act.by).map((role) => `${nameOf(act)} ${role}`));
  expect(roles.filter((role) => !opened.has(role))).toEqual([]);
}, 300_000);

test('a record hidden from its caller is named in an act as one that is not there', async () => {
  const attempts = attemptsNaming([...performed, ...naming()]);
  const places = everyAct.flatMap((act) => referring(act.input).map((place) => `${nameOf(act)} ${place}`));
  const covered = new Set(attempts.map(({ act, there }) => `${nameOf(act)} ${there.place.replace(/\d+/g, '0')}`));
  expect(places.filter((place) => !covered.has(place))).toEqual([]);

  const told: string[] = [];
  let compared = 0;
  for (const query of ['?dryRun=true', '']) {
    for (const { act, actor, there } of attempts) {
      if (act.nature === 'report' && query === '' && there.kind === 'resource') continue; // what was done is judged in full
      const client = await played.clientOf(actor);
      const target = act.creates ? undefined : played.recordFor(act, act.from[0] ?? '', actor);
      const answer = async (id: string): Promise<string> => {
        const path = `/api/v1/${act.kind.plural}/${target?.id ?? `X-${++compared}`}/${act.name}${query}`;
        const { status, body } = await client.post(path, there.with(id));
        const { receipt: _, requestId: _id, record, ...rest } = body;
        const said = JSON.stringify({ ...rest, body: act.nature === 'report' && status === 201 ? record.body : {} });
        return `${status} ${said.replaceAll(id, '#').replace(/\d{4}-[-T:.\d]+Z|F-[0-9a-f]{24}/g, '…')}`;
      };
      for (const hidden of await hiddenFrom(actor, there, played)) {
        const [seen, none] = [await answer(hidden.id), await answer('nobody-has-it')];
        const place = `${nameOf(act)} ${there.place}`;
        const byDoing = seen.startsWith('201') && TOLD_BY_DOING.includes(place);
        if (seen !== none && !byDoing)
          told.push([`${place}=${hidden.kind}/${hidden.id}${query}`, seen, none].join('\n'));
      }
    }
  }
  console.log(`${compared} comparisons`);
  expect(told).toEqual([]);
}, 120_000);

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
            yield { act, state, relation, actor, record: played.recordFor(act, state, actor) };
          }
        }
      }
    }
  }
}

const NEW = 'new';
const UNUSED_CODE = demoCode(998);

function alike({ kind }: Act): LedgerRecord {
  return (
    kind.states.map((state) => played.records.get(`${kind.name}/${state}`)?.[0]).find((record) => record) ?? fail()
  );
}

/** What an open act may come to: done, or refused for what it asks rather than for who asks or when. */
const outcomes: readonly string[] = ['done', 'REFUSED', 'INPUT_INVALID', 'EXISTS', 'names nothing'];

/** What a dry run said, in the words of a {@link Verdict}. */
function toldBy({ status, body }: Reply, act: Act, id: string): string {
  if (status === 200) return 'done';
  const other = body.code === 'NOT_FOUND' && body.reason?.params['ref'] !== `${act.kind.name}/${id}`;
  return other ? 'names nothing' : body.code;
}

function fail(): never {
  throw new Error('an act that nobody performed');
}
