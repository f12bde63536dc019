// SPDX-License-Identifier: Apache-2.0
import type { ActContext, Mark } from '../../kind/act.js';
import { cataloguesOf, exerciseOf, ofAnother } from '../../chain/chain.js';
import { judgedUnder } from '../../chain/inheritance.js';
import type { LedgerRecord } from '../../kind/record.js';
import type { ProductBody } from './body.js';

/**
 * The mark of a product that was made before such marks were kept, or under another catalogue: the first use or delivery
 * under a catalogue judges each of its sources, and later ones need not. A report of the past leaves none.
 */
export async function judgedByUse(
  product: LedgerRecord<ProductBody>,
  context: ActContext<unknown, unknown>,
): Promise<readonly Mark[]> {
  if (context.asOf !== undefined) return [];
  const exercise = await exerciseOf(context);
  if (await ofAnother(context, exercise)) return [];
  return judgedUnder(product, await cataloguesOf(exercise.authority, context), context);
}
