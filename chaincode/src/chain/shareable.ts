// SPDX-License-Identifier: Apache-2.0
import type { ActContext } from '../kind/act.js';
import { exercised } from './chain.js';
import type { Face } from './exceptions.js';
import { strictest } from './inheritance.js';
import { kindNamed } from '../kind/kind.js';
import type { LedgerRecord } from '../kind/record.js';
import { isProduct, type ProductBody } from '../records/product/body.js';
import type { ResourceBody } from '../records/resource/resource.js';
import { breach, breachIf, defineRule, type Breach } from '../kind/rule.js';
import { faceOf, facesOf } from './since-judged.js';
import type { Terms } from '../kind/terms.js';

/** Why a resource may be in no catalogue and no scope as it stands; undefined if it may. */
export function unshareable(body: ResourceBody): Unshareable | undefined {
  return whyOut(faceOf(body));
}

/** Code of why a resource may not be shared. */
type Unshareable = 'resource-core' | 'resource-barred';

function whyOut({ grade, barred }: Face): Unshareable | undefined {
  if (grade?.class === 'core') return 'resource-core';
  return barred ? 'resource-barred' : undefined;
}

/**
 * Core data, and data legally barred from sharing, are in no catalogue and no scope: not entered, not named, and not in what
 * is made, cleared, checked, priced, released, delivered or used. Judged by the resource as it is now, whichever version
 * that comes from, and by the product itself, as it counts now.
 */
export const shareable = defineRule<Naming>('core-or-barred', async (context) => {
  const found: Breach[] = [];
  for (const [id, face] of await resourcesOf(context)) {
    const why = face && whyOut(face);
    if (!face) found.push(breach('resource-missing', { resource: id }));
    else if (why !== undefined) found.push(breach(why, { resource: id }));
  }
  if (found.length > 0) return found; // a product of core data counts as core data
  const product = await productOf(context);
  const grade = product && (await strictest(product, context, context)).grade;
  return breachIf(grade?.class === 'core', 'product-core');
});

/**
 * What is about resources: a link by its terms, a catalogue by its entries, anything else by what it does under an authority;
 * what is about a product: itself, a delivery, a use.
 */
interface Naming {
  readonly authority?: string;
  readonly terms?: Terms;
  readonly entries?: readonly { readonly resource: string }[];
  readonly product?: string;
  readonly subject?: string;
}

/**
 * The resources that an act is about, what it exercises its authority on or names, as they are; of a product's sources only
 * those that are otherwise than when it was judged.
 */
async function resourcesOf(context: ActContext<Naming, unknown>): Promise<ReadonlyMap<string, Face | undefined>> {
  const { body } = context;
  const exercise = await exercised(context);
  const named = body.entries?.map((entry) => entry.resource) ?? body.terms?.resources ?? [];
  const sources = exercise?.use.resources.map(({ id }) => id) ?? named;
  const made = { id: exercise?.product, sources };
  return (await facesOf(made, () => Promise.resolve(undefined), context, context)).sources;
}

/** The product of the act, or the released one that is delivered or used; what is not released, other rules tell. */
async function productOf({ id, body, find, moment }: ActContext<Naming, unknown>): Promise<Product | undefined> {
  if (isProduct(body)) return { id, body };
  const ref = body.product ?? body.subject;
  const kind = kindNamed('product');
  const record = kind && ref?.startsWith('product/') ? await find(kind, ref) : undefined;
  if (!record || moment(record)?.state !== 'released') return undefined;
  return isProduct(record.body) ? { id: record.id, body: record.body } : undefined;
}

type Product = Pick<LedgerRecord<ProductBody>, 'id' | 'body'>;
