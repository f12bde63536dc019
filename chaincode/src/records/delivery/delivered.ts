// SPDX-License-Identifier: Apache-2.0
import type { Mark, Reader } from '../../kind/act.js';
import { parseRef } from '../../kind/record.js';
import { sortedSet } from '../../vocabulary/vocabulary.js';

/** Mark on a product id that has been delivered to somebody, and on `ID/ORGANIZATION` to whom. */
export const DELIVERED = 'delivered';

interface Handed {
  /** The delivery. */
  readonly by: string;
  /** When it happened. */
  readonly at: string;
}

/** The deliveries that stand: made, and not refused. */
interface Delivered {
  readonly standing: readonly Handed[];
  /** When the first was that found no place among them: it counts as standing, whatever became of it. */
  readonly more?: string;
}

/** Deliveries that a mark names: each one more of a product would otherwise write what all the others read. */
const MOST = 20;

/** Whether a delivery stands that had happened at a time; without one, whether any stands. */
export function isDelivered(mark: unknown, at?: string): boolean {
  const { standing, more } = deliveredOf(mark);
  const times = standing.map((one) => one.at).concat(more ?? []);
  return times.some((time) => at === undefined || time <= at);
}

/** The mark once a delivery is made; undefined where it stays as it is. */
export function withDelivery(mark: unknown, one: Handed): Delivered | undefined {
  const before = deliveredOf(mark);
  if (before.standing.length < MOST) return { ...before, standing: [...before.standing, one] };
  return before.more !== undefined && before.more <= one.at ? undefined : { ...before, more: one.at };
}

/** The mark once a delivery is refused; undefined where it stays as it is. */
export function withoutDelivery(mark: unknown, by: string): Delivered | undefined {
  const before = deliveredOf(mark);
  const standing = before.standing.filter((one) => one.by !== by);
  return standing.length < before.standing.length ? { ...before, standing } : undefined;
}

/** Reads a mark; an earlier form named one delivery, and whether it was refused or there was another. */
function deliveredOf(mark: unknown): Delivered {
  const { standing, more, ...one } = (mark ?? {}) as Partial<Delivered & Handed & { refused: true; again: true }>;
  if (standing) return more === undefined ? { standing } : { standing, more };
  if (one.by === undefined || one.at === undefined || one.refused) return { standing: [] };
  return { standing: [{ by: one.by, at: one.at }], ...(one.again ? { more: one.at } : {}) };
}

/** Mark on `ID/ORGANIZATION`: when it first used the product, or developed it further. */
export const USED = 'used';

/** The marks of products that an organisation uses, at exact versions; a later use writes none again. */
export async function usedMarks(
  refs: readonly string[],
  organization: string,
  { marked, occurredAt }: Pick<Reader, 'marked'> & { readonly occurredAt: string },
): Promise<Mark[]> {
  const marks: Mark[] = [];
  const products = refs.filter((ref) => ref.startsWith('product/'));
  for (const id of sortedSet(products.map((ref) => parseRef(ref).id))) {
    const key = `${id}/${organization}`;
    if ((await marked(USED, key)) === undefined) marks.push({ name: USED, key, value: { at: occurredAt } });
  }
  return marks;
}
