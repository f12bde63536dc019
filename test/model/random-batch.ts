// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import type { Member } from 'yuanliu-demo/cast';
import { cast } from '../builders';
import { momentOf, type Done } from './choice';
import { acts as modelActs, attempt, foreseen } from './model';
import type { Asked, Batch } from './one-by-one';
import type { OrderedCity } from './orders';
import { departments, everybody, type RandomAct, type Repertoire } from './random-act';
import { repertoire } from './random-acts';
import { after } from './values';

const { agency, operator, developer, registrar, authority, supervisor, rival } = cast;

/** Those who do most, more often. */
const caller = (): fc.Arbitrary<Member> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(agency, operator, developer, ...departments, registrar, supervisor) },
    { weight: 2, arbitrary: fc.constantFrom(authority, rival) },
    { weight: 1, arbitrary: fc.constantFrom(...everybody) },
  );
const wait = (): fc.Arbitrary<number> => fc.constantFrom(1000, 1000, 60_000, 3_600_000, 86_400_000);
const any = (open: readonly Repertoire[]): fc.Arbitrary<RandomAct> =>
  fc.oneof(...open.map(({ weight, arbitrary }) => ({ weight, arbitrary })));
/** What an act of the batch is: another one, one that came before, or another one under the key of that. */
const how = (): fc.Arbitrary<'new' | 'again' | 'same key' | 'keyed'> =>
  fc.constantFrom('new', 'new', 'new', 'new', 'keyed', 'keyed', 'again', 'same key');

/** So many acts are thought of for one of a batch. */
const THOUGHT = 6;

/**
 * A batch of random acts of one caller on a city, several on one record, some done again, some under a key that is taken,
 * some refused. The city's model goes on by what it takes to be accepted.
 */
export function randomBatch(city: OrderedCity, draw: fc.GeneratorValue, most: number): Batch {
  const by = draw(caller);
  const time = after(city.now, draw(wait));
  const open = repertoire.filter(({ name }) => by.role in (modelActs[name]?.who ?? {}));
  const size = draw(fc.integer, { min: 2, max: most });
  const acts: Asked[] = [];
  city.now = time;
  while (acts.length < size) {
    const form = draw(how);
    const before = acts[draw(fc.nat, { max: 5039 }) % acts.length];
    if (before && form === 'again') {
      acts.push(before);
      continue;
    }
    const { call } = thought(city, draw, { by, time, open });
    const { act, id, input } = call;
    const taken = form === 'same key' ? before?.input.idempotencyKey : undefined;
    const key = taken ?? (form === 'keyed' ? `key-${time}-${acts.length}` : undefined);
    acts.push({ act, id, input: key === undefined ? input : { ...input, idempotencyKey: key } });
    if (taken === undefined) attempt(city.world, call, time);
  }
  return { by, time, acts };
}

/** Of a few acts the one that fits best, or now and then any. */
function thought(
  { world }: OrderedCity,
  draw: fc.GeneratorValue,
  { by, time, open }: { readonly by: Member; readonly time: string; readonly open: readonly Repertoire[] },
): Done {
  const some = Array.from({ length: draw(fc.constantFrom, 1, THOUGHT, THOUGHT, THOUGHT) }, () => {
    const { call } = momentOf({ ...draw(any, open), by, wait: 0 }, world, time);
    const done = { by, time, call: { ...call, by: by.code, role: by.role } };
    const { code, rules } = foreseen(world, done.call, time);
    return { done, worth: code === undefined ? rules.length : code === 'REFUSED' ? 2 + rules.length : 100 };
  });
  const [best] = some.sort((a, b) => a.worth - b.worth);
  if (!best) throw new Error('nothing was thought of');
  return best.done;
}
