// SPDX-License-Identifier: Apache-2.0
import type { ActContext, Issued, Mark, Reader } from '../../kind/act.js';
import { affiliation, type Affiliation } from '../../chain/control.js';
import { kindNamed } from '../../kind/kind.js';
import { parseRef } from '../../kind/record.js';
import { breach, defineRule, recorded, type Breach } from '../../kind/rule.js';
import { sortedSet } from '../../vocabulary/vocabulary.js';
import { DELIVERED, isDelivered } from '../delivery/delivered.js';
import { clue } from '../finding/finding.js';
import { findingId } from '../finding/finding-id.js';
import { isProduct, type ProductBody } from './body.js';

/** Mark on a product id: its operator, and affiliates of that, by when each developed it further last. */
const REDEVELOPED = 'redeveloped';
type Redeveloped = Readonly<Record<string, string>>;

/** Developers that a mark names. The operator always finds its place. */
const MOST = 20;

interface Handed {
  readonly product: string;
  readonly from: string;
}

/**
 * The operator does not itself develop further a product that it delivered, or that a developer under it made and
 * delivered, in whichever role it comes. Where a party does that it controls, is controlled by, or shares a controller
 * with, that is recorded: the agency judges it (Art. 17: 直接或者间接). It holds of a development and of a delivery that was
 * before it, and is judged at both and at the release: whichever is reported last.
 */
export const noRedevelopment = defineRule<ProductBody | Handed>('operator-redevelops', (context) =>
  isProduct(context.body) ? ofDeveloped(context.body, context) : ofDelivered(context.body, context),
);

type Context = ActContext<unknown, unknown>;

/**
 * The products that one is developed from: its inputs, and what those come from that another made (间接). One's own that was
 * not delivered goes on being one's own, whatever it was made from.
 */
async function developedFrom(inputs: readonly string[], holder: string, reader: Pick<Reader, 'find'>) {
  const found = new Map<string, string>();
  for (const ref of inputs) {
    const input = await productAt(ref, reader);
    if (!input) continue;
    found.set(parseRef(ref).id, ref);
    for (const { product } of input.holder === holder ? [] : (input.through ?? [])) {
      if (!found.has(product)) found.set(product, `product/${product}`);
    }
  }
  return [...found.values()];
}

/** A product and what it is developed from: what had been delivered when it was made. */
async function ofDeveloped({ inputs, holder }: ProductBody, { find, marked, record, time }: Context) {
  const madeAt = record?.timeline[0]?.at;
  const found: Breach[] = [];
  for (const ref of await developedFrom(inputs, holder, { find })) {
    const input = await productAt(ref, { find });
    if (!input || !isDelivered(await marked(DELIVERED, parseRef(ref).id), madeAt)) continue;
    found.push(...(await between(input.operator, holder, { at: madeAt ?? time, marked }, ref)));
  }
  return found;
}

/** A delivery and what was made of its product since it happened. */
async function ofDelivered({ product, from }: Handed, { find, marked, occurredAt }: Context) {
  const made = await productAt(product, { find });
  if (made?.holder !== from) return []; // such a delivery makes no lawful holder
  const found: Breach[] = [];
  const further = ((await marked(REDEVELOPED, parseRef(product).id)) ?? {}) as Redeveloped;
  for (const holder of sortedSet(Object.keys(further))) {
    const at = further[holder] ?? '';
    if (occurredAt <= at) found.push(...(await between(made.operator, holder, { at, marked }, product)));
  }
  return found;
}

async function between(
  operator: string,
  holder: string,
  { at, marked }: Pick<Reader, 'marked'> & { readonly at: string },
  ref: string,
): Promise<Breach[]> {
  if (operator === holder) {
    return [breach('operator-redevelops', { product: ref })];
  }
  const affiliated = await affiliation({ marked }, operator, holder, at);
  if (!affiliated) return [];
  const { relation, path } = affiliated;
  const how = { operator, relation: `relation:${relation}`, holder, path: path.join(' > ') };
  return [recorded('affiliate-redevelops', { product: ref, ...how })];
}

function chainOf({ relation, path }: Affiliation, operator: string, holder: string): string {
  return `${operator} ${relation} ${holder} (${path.join(' > ')})`;
}

/** What an affiliation that is only claimed comes to: a sealed finding for the agency, and nothing on the product. */
export async function claimedAffiliates(
  { agency, region, domains, holder, inputs }: ProductBody,
  { ref: made, find, marked, time, txId, seq }: Pick<Context, 'ref' | 'find' | 'marked' | 'time' | 'txId' | 'seq'>,
): Promise<readonly Issued[]> {
  const claims: string[] = [];
  for (const ref of await developedFrom(inputs, holder, { find })) {
    const operator = (await productAt(ref, { find }))?.operator;
    if (operator === undefined || !isDelivered(await marked(DELIVERED, parseRef(ref).id))) continue;
    if (operator === holder || (await affiliation({ marked }, operator, holder, time))) continue;
    const claimed = await affiliation({ marked }, operator, holder, time, 'claimed');
    if (claimed) claims.push(`${ref}: ${chainOf(claimed, operator, holder)}, as one of them claims`);
  }
  if (claims.length === 0) return [];
  const place = { region, domains };
  const summary = claims.join('\n').slice(0, 4000);
  return [
    clue.of(findingId({ txId, seq }), {
      about: `${made}@1`,
      ...place,
      rules: [noRedevelopment.id],
      summary,
      told: agency,
    }),
  ];
}

/** The marks on the products that are developed further, where that is by their operator or an affiliate of it. */
export async function redevelopedMarks(
  inputs: readonly string[],
  holder: string,
  { find, marked, time }: Pick<Context, 'find' | 'marked' | 'time'>,
): Promise<Mark[]> {
  const marks = new Map<string, Mark>();
  for (const ref of await developedFrom(inputs, holder, { find })) {
    const input = await productAt(ref, { find });
    if (!input) continue;
    const { id } = parseRef(ref);
    const isOwn = input.operator === holder;
    if (!isOwn && !(await affiliation({ marked }, input.operator, holder, time))) continue;
    const before = ((await marked(REDEVELOPED, id)) ?? {}) as Redeveloped;
    if (!isOwn && !Object.hasOwn(before, holder) && Object.keys(before).length >= MOST) continue;
    marks.set(id, { name: REDEVELOPED, key: id, value: { ...before, [holder]: time } });
  }
  return [...marks.values()];
}

async function productAt(ref: string, { find }: Pick<Reader, 'find'>): Promise<ProductBody | undefined> {
  const kind = kindNamed('product');
  const body = kind && (await find(kind, ref))?.body;
  return isProduct(body) ? body : undefined;
}
