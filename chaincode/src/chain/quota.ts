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

/** The quota of a link, and how much of it is taken. */
interface Quota {
  readonly ref: string;
  readonly quota: number;
  readonly taken: number;
}

/** Within the number of uses that each link allows, beside what a permit of the record has counted already. */
export const withinQuota = defineRule('within-quota', async (context) => {
  const { quantity, ...exercise } = await uncounted(await exerciseOf(context), context);
  const found: Breach[] = [];
  for (const { ref, quota, taken } of await quotas(context, exercise)) {
    if (quantity > 0 && taken + quantity > quota) {
      found.push(
        breach(`${ref}: ${taken} of ${quota} uses are taken, ${quantity} more asked`, 'ask for a larger quota'),
      );
    }
  }
  return found;
});

/** A record, as far as it counts against quotas. */
interface Counting {
  readonly counted?: Counted[] | undefined;
}

/**
 * What the body of an act takes from the quotas of its chain: all of it from a link that is its reporter's alone. Links that
 * others share count what that link still allows, and nothing where the use is outside the chain or does not fit: a false
 * report uses up no quota of others. A use that breaks no rule counts in full on every link.
 */
export async function take(context: Exercising): Promise<{ counts: Counting; marks: readonly Mark[] }> {
  const exercise = await uncounted(await exerciseOf(context), context);
  const before = (context.record?.body as Counting | undefined)?.counted ?? [];
  const taken: Counted[] = [];
  const marks: Mark[] = [];
  if (exercise.quantity > 0) {
    const limited = await quotas(context, exercise);
    const allowed = limited.length > 0 ? await allowedBy(limited, context, exercise) : 0;
    for (const link of limited) {
      const quantity = isExclusive(link) ? exercise.quantity : link.taken + allowed <= link.quota ? allowed : 0;
      if (quantity === 0) continue;
      taken.push({ link: link.ref, quantity });
      marks.push({ name: TALLY, key: link.ref, value: link.taken + quantity });
    }
  }
  const counts = merged([...before, ...taken]);
  return { counts: counts.length > 0 ? { counted: counts } : {}, marks };
}

type Exercising = ActContext<unknown, unknown>;

/** The marks once a record counts `after` instead of `before`. */
export async function giveBack(before: Counting, after: Counting, { marked }: Pick<Reader, 'marked'>): Promise<Mark[]> {
  const marks: Mark[] = [];
  for (const { link, quantity } of before.counted ?? []) {
    const less = quantity - (after.counted?.find((one) => one.link === link)?.quantity ?? 0);
    const taken = Number((await marked(TALLY, link)) ?? 0);
    if (less > 0) marks.push({ name: TALLY, key: link, value: Math.max(0, taken - less) });
  }
  return marks;
}

/** What is left of what a record counts, if it was no more than `quantity` uses. */
export function atMost({ counted: before = [] }: Counting, quantity: number): Counting {
  return {
    counted: before.flatMap((one) => (quantity > 0 ? [{ ...one, quantity: Math.min(one.quantity, quantity) }] : [])),
  };
}

/** What an exercise takes that the permit on the same record has not counted, under the authority it was given under. */
async function uncounted(exercise: Exercise, context: Permitted): Promise<Exercise> {
  const { record, ref, occurredAt } = context;
  const permit = record && (await kindNamed(parseRef(ref).kind)?.exercise?.(record.body, context, occurredAt));
  const before = permit?.authority === exercise.authority ? permit.quantity : 0;
  return { ...exercise, quantity: Math.max(0, exercise.quantity - before) };
}

type Permitted = Reader & Pick<ActContext<unknown, unknown>, 'record' | 'ref' | 'occurredAt'>;

/** The quotas of its chain; of another's chain none, so that a false report does not learn them. */
async function quotas(reader: Reader, exercise: Pick<Exercise, 'authority' | 'actors'>): Promise<readonly Quota[]> {
  const found: Quota[] = [];
  if (await ofAnother(reader, exercise)) return found;
  const { chain } = await reader.standing(exercise.authority);
  for (const { ref, terms } of chain) {
    if (terms?.quota === undefined) continue;
    found.push({ ref, quota: terms.quota, taken: Number((await reader.marked(TALLY, ref)) ?? 0) });
  }
  return found;
}

/** How many of the uses its chain allows: none outside it, and no more than is left on a link of the reporter's own. */
async function allowedBy(limited: readonly Quota[], context: Exercising, { authority, use, quantity }: Exercise) {
  const { stands, chain } = await context.standing(authority, restingOf(context));
  if (!stands || chain.some(({ terms }) => terms && outside(use, terms).length > 0)) return 0;
  const left = limited.filter(isExclusive).map(({ quota, taken }) => Math.max(0, quota - taken));
  return Math.min(quantity, ...left);
}

/** Whether only its holder acts under a link: no other link rests on it. */
function isExclusive({ ref }: Quota): boolean {
  return kindNamed(parseRef(ref).kind)?.exclusive === true;
}

function merged(counts: readonly Counted[]): Counted[] {
  const sums = new Map<string, number>();
  for (const { link, quantity } of counts) sums.set(link, (sums.get(link) ?? 0) + quantity);
  return [...sums].map(([link, quantity]) => ({ link, quantity }));
}
