// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { ActContext, Mark, Reader } from '../kind/act.js';
import { exerciseOf, ofAnother, restingOf } from './chain.js';
import { kindNamed, type Exercise } from '../kind/kind.js';
import { parseRef } from '../kind/record.js';
import { breach, defineRule, type Breach } from '../kind/rule.js';
import { outside } from '../kind/terms.js';
import { refTo } from '../vocabulary/vocabulary.js';

/** Mark that counts the uses taken from a link's quota. */
const TALLY = 'tally';

/** What one record counts against the quota of one link. */
export const counted = z.strictObject({ link: refTo('grant', 'agreement', 'plan'), quantity: z.int().positive() });
type Counted = z.infer<typeof counted>;

/** What a report leaves to be counted by a later act, so that it reads and writes no count that others change. */
export const unmetered = z.strictObject({
  /** How many uses, beside what a permit of the record has counted. */
  quantity: z.int().positive(),
  /** Whether its chain stood, and allowed the use, when it was reported. */
  inside: z.boolean(),
});

/** The quota of a link. */
interface Limit {
  readonly ref: string;
  readonly quota: number;
}

/** The quota of a link, and how much of it is taken. */
export interface Quota extends Limit {
  readonly taken: number;
}

/** A record, as far as it counts against quotas. */
interface Counting {
  readonly counted?: Counted[] | undefined;
  readonly unmetered?: z.infer<typeof unmetered> | undefined;
}

/**
 * Within the number of uses that each link allows, beside what a permit of the record has counted already. Of uses that are
 * left to be metered, only that they are no more than each link allows in all: `usage:meter` judges the rest.
 */
export const withinQuota = defineRule('within-quota', async (context) => {
  const { quantity, ...exercise } = await uncounted(await exerciseOf(context), context);
  if (quantity === 0) return [];
  const found: Breach[] = [];
  if ((context.body as Counting).unmetered) {
    for (const { ref, quota } of await limits(context, exercise)) {
      if (quantity > quota) found.push(breach('quota-too-small', { link: ref, more: quantity, quota }));
    }
    return found;
  }
  for (const { ref, quota, taken } of await quotas(context, exercise)) {
    if (taken + quantity > quota) {
      found.push(breach('quota-exceeded', { link: ref, taken, quota, more: quantity }));
    }
  }
  return found;
});

type Exercising = ActContext<unknown, unknown>;

/**
 * What the body of an act takes from the quotas of its chain: all of it from a link that is its reporter's alone. Links that
 * others share count what that link still allows, and nothing where the use is outside the chain or does not fit: a false
 * report uses up no quota of others. A use that breaks no rule counts in full on every link.
 *
 * @param later leaves it to be metered by a later act
 */
export async function take(context: Exercising, later = false): Promise<{ counts: Counting; marks: readonly Mark[] }> {
  const exercise = await uncounted(await exerciseOf(context), context);
  const before = (context.record?.body as Counting | undefined)?.counted ?? [];
  const permitted = before.length > 0 ? { counted: before } : {};
  const { quantity } = exercise;
  if (quantity === 0 || (await limits(context, exercise)).length === 0) return { counts: permitted, marks: [] };
  const inside = await isInside(context, exercise);
  if (later) return { counts: { ...permitted, unmetered: { quantity, inside } }, marks: [] };
  const { counts, after } = countOn(await quotas(context, exercise), { quantity, inside });
  const all = merged([...before, ...counts]);
  return { counts: all.length > 0 ? { counted: all } : {}, marks: tallies(after) };
}

/** What so many uses count on each link, and the links as they are then. */
export function countOn(
  links: readonly Quota[],
  { quantity, inside }: z.infer<typeof unmetered>,
): { readonly counts: readonly Counted[]; readonly after: readonly Quota[]; readonly exceeded: readonly Quota[] } {
  const left = links.filter(isExclusive).map(({ quota, taken }) => Math.max(0, quota - taken));
  const allowed = inside ? Math.min(quantity, ...left) : 0;
  const counts: Counted[] = [];
  const after = links.map((link) => {
    const counting = isExclusive(link) ? quantity : link.taken + allowed <= link.quota ? allowed : 0;
    if (counting > 0) counts.push({ link: link.ref, quantity: counting });
    return { ...link, taken: link.taken + counting };
  });
  return { counts, after, exceeded: links.filter(({ taken, quota }) => quantity > 0 && taken + quantity > quota) };
}

/** The marks that hold how much of each link is taken. */
export function tallies(links: readonly Quota[]): Mark[] {
  return links.map(({ ref, taken }) => ({ name: TALLY, key: ref, value: taken }));
}

/** The marks once a record counts `after` instead of `before`. */
export async function giveBack(
  before: readonly Counted[],
  after: readonly Counted[],
  { marked }: Pick<Reader, 'marked'>,
): Promise<Mark[]> {
  const marks: Mark[] = [];
  const now = new Map(merged(after).map(({ link, quantity }) => [link, quantity]));
  for (const { link, quantity } of merged(before)) {
    const less = quantity - (now.get(link) ?? 0);
    const taken = Number((await marked(TALLY, link)) ?? 0);
    if (less > 0) marks.push({ name: TALLY, key: link, value: Math.max(0, taken - less) });
  }
  return marks;
}

/** What is left of what a record counts, if it was no more than `quantity` uses. */
export function atMost(before: readonly Counted[], quantity: number): Counted[] {
  return before.flatMap((one) => (quantity > 0 ? [{ ...one, quantity: Math.min(one.quantity, quantity) }] : []));
}

/** Mark on the id of a report that left its uses to be metered, once they are. */
export const METERED = 'metered';

/** What a report counts by a later act; undefined while that is yet to come. */
export async function meteredCounts(id: string, { marked }: Pick<Reader, 'marked'>): Promise<Counted[] | undefined> {
  return ((await marked(METERED, id)) as { readonly counted: Counted[] } | undefined)?.counted;
}

/** The mark that a report is metered, with what it counts. */
export function meteredMark(id: string, counts: readonly Counted[]): Mark {
  return { name: METERED, key: id, value: { counted: counts } };
}

/** What an exercise takes that the permit on the same record has not counted, under the authority it was given under. */
async function uncounted(exercise: Exercise, context: Permitted): Promise<Exercise> {
  const { record, ref, occurredAt } = context;
  const permit = record && (await kindNamed(parseRef(ref).kind)?.exercise?.(record.body, context, occurredAt));
  const before = permit?.authority === exercise.authority ? permit.quantity : 0;
  return { ...exercise, quantity: Math.max(0, exercise.quantity - before) };
}

type Permitted = Reader & Pick<ActContext<unknown, unknown>, 'record' | 'ref' | 'occurredAt'>;

/** The links of its chain that have a quota; of another's chain none, so that a false report does not learn them. */
async function limits(reader: Reader, exercise: Pick<Exercise, 'authority' | 'actors'>): Promise<readonly Limit[]> {
  if (await ofAnother(reader, exercise)) return [];
  const { chain } = await reader.standing(exercise.authority);
  return chain.flatMap(({ ref, terms }) => (terms?.quota === undefined ? [] : [{ ref, quota: terms.quota }]));
}

/** As {@link limits}, with how much of each is taken. */
export async function quotas(
  reader: Reader,
  exercise: Pick<Exercise, 'authority' | 'actors'>,
): Promise<readonly Quota[]> {
  const found: Quota[] = [];
  for (const link of await limits(reader, exercise)) {
    found.push({ ...link, taken: Number((await reader.marked(TALLY, link.ref)) ?? 0) });
  }
  return found;
}

/** Whether its chain stands and allows the use, quotas aside. */
async function isInside(context: Exercising, { authority, use }: Exercise): Promise<boolean> {
  const { stands, chain } = await context.standing(authority, restingOf(context));
  return stands && chain.every(({ ref, terms }) => !terms || outside(use, terms, ref).length === 0);
}

/** Whether only its holder acts under a link: no other link rests on it. */
function isExclusive({ ref }: Limit): boolean {
  return kindNamed(parseRef(ref).kind)?.exclusive === true;
}

function merged(counts: readonly Counted[]): Counted[] {
  const sums = new Map<string, number>();
  for (const { link, quantity } of counts) sums.set(link, (sums.get(link) ?? 0) + quantity);
  return [...sums].map(([link, quantity]) => ({ link, quantity }));
}
