// SPDX-License-Identifier: Apache-2.0
import type { ActContext } from '../kind/act.js';
import { strictest } from './inheritance.js';
import { kindNamed } from '../kind/kind.js';
import { parseRef } from '../kind/record.js';
import { isProduct, type ProductBody } from '../records/product/body.js';
import { resource, type ResourceBody } from '../records/resource/resource.js';
import { breach, breachIf, defineRule, type Breach } from '../kind/rule.js';
import type { Terms } from '../kind/terms.js';

/** Why a resource may be in no catalogue and no scope as it stands; undefined if it may. */
export function unshareable({ grade, sharing }: ResourceBody): string | undefined {
  if (grade?.class === 'core') return 'is core data';
  return sharing?.type === 'barred' ? 'is barred from sharing' : undefined;
}

/**
 * Core data, and data legally barred from sharing, are in no catalogue and no scope: not entered, not named, and not in what
 * is made, cleared, checked, priced, released, delivered or used. Judged by the resource as it is now, whichever version
 * that comes from, and by the product itself, as it counts now.
 */
export const shareable = defineRule<Naming>('core-or-barred', async (context) => {
  const found: Breach[] = [];
  for (const id of await resourcesOf(context)) {
    const record = await context.current(resource, id);
    const why = record && unshareable(record.body);
    if (!record) found.push(breach(`resource ${id} does not exist`, 'anchor it first'));
    else if (why !== undefined) found.push(breach(`resource ${id} ${why}`, 'leave it out'));
  }
  if (found.length > 0) return found; // a product of core data counts as core data
  const product = await productOf(context);
  const grade = product && (await strictest(product, context, context.asOf)).grade;
  return breachIf(
    grade?.class === 'core',
    'the product counts as core data',
    'keep it where it is; withdraw it if it is released',
  );
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

/** Ids of the resources that an act is about: what it exercises its authority on, or names. */
async function resourcesOf(context: ActContext<Naming, unknown>): Promise<readonly string[]> {
  const { body, ref, occurredAt } = context;
  const exercise = await kindNamed(parseRef(ref).kind)?.exercise?.(body, context, occurredAt);
  if (exercise) return exercise.use.resources.map(({ id }) => id);
  return body.entries?.map((entry) => entry.resource) ?? body.terms?.resources ?? [];
}

/** The product of the act, or the released one that is delivered or used; what is not released, other rules tell. */
async function productOf({ body, find, moment }: ActContext<Naming, unknown>): Promise<ProductBody | undefined> {
  if (isProduct(body)) return body;
  const ref = body.product ?? body.subject;
  const kind = kindNamed('product');
  const record = kind && ref?.startsWith('product/') ? await find(kind, ref) : undefined;
  if (!record || moment(record)?.state !== 'released') return undefined;
  return isProduct(record.body) ? record.body : undefined;
}
