// SPDX-License-Identifier: Apache-2.0
import type { Reader } from '../../kind/act.js';
import { BeforeGoLive, backfillOf } from '../../kind/backfill.js';
import { exerciseOf, ofAnother, restingOf, whyOf } from '../../chain/chain.js';
import { kindNamed } from '../../kind/kind.js';
import { parseRef } from '../../kind/record.js';
import { rulebook } from '../rulebook/rulebook.js';
import { breach, defineRule } from '../../kind/rule.js';
import { RULEBOOK_ID } from '../../rulebook/rulebook.js';
import { outside } from '../../kind/terms.js';

/** What may state many uses at once. */
export interface Batched {
  /** When the first of its uses was. */
  readonly batch?: { readonly since: string } | undefined;
}

/**
 * A batch of uses was under a chain that stood and allowed them all the time, from the first of them on; at the last one it
 * is judged as any use is. The time before go-live cannot be judged.
 */
export const batchThroughout = defineRule<Batched>('batch-throughout', async (context) => {
  const { body, occurredAt: end, standing, find } = context;
  const exercise = await exerciseOf(context);
  if (!body.batch || (await ofAnother(context, exercise))) return []; // of another's chain nothing is told
  const { since } = body.batch;
  const backfill = backfillOf(since, await find(rulebook, RULEBOOK_ID));
  const from = backfill?.goLive ?? since;
  const { authority, use } = exercise;
  for (const at of await turnsOf(authority, { standing, find }, { from, end })) {
    const { broken, chain } = await standing(authority, restingOf(context), at);
    const beyond = chain.flatMap(({ ref, terms }) => (terms ? outside({ ...use, at }, terms, ref) : []));
    const why = broken ?? beyond[0];
    if (why) return [breach('batch-broken', { at, why: whyOf(why) })];
  }
  if (backfill) throw new BeforeGoLive(since, backfill.goLive);
  return [];
});

/**
 * Instants in a time, the end left out, that tell of all of it: its first and last, and where a link changes the last before
 * and the first after. What ends by itself, a term or a wind-down, has ended by the next of these.
 */
async function turnsOf(
  authority: string,
  { standing, find }: Pick<Reader, 'standing' | 'find'>,
  { from, end }: { readonly from: string; readonly end: string },
): Promise<readonly string[]> {
  const { chain } = await standing(authority);
  const turns = new Set([from]);
  for (const { ref } of chain) {
    const { kind: name, id } = parseRef(ref);
    const kind = kindNamed(name);
    const record = kind && (await find(kind, id));
    for (const { at } of record?.timeline ?? []) if (from < at && at <= end) turns.add(justBefore(at)).add(at);
  }
  turns.add(justBefore(end));
  return [...turns].filter((at) => from <= at && at < end).sort();
}

function justBefore(time: string): string {
  return new Date(Date.parse(time) - 1).toISOString();
}
