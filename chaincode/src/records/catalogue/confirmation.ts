// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { kind } from '../../kind/kind.js';
import { creditCode, digest, name, refTo, region } from '../../vocabulary/vocabulary.js';

const confirmationBody = z.strictObject({
  catalogue: refTo('catalogue'),
  organization: creditCode,
  agency: creditCode,
  region,
  /** Of its own entries. */
  domains: z.array(name),
  /** Of what was confirmed. */
  digest,
});

/**
 * 目录确认 — a department confirms that no law bars its entries of a draft from sharing (Art. 14). A record of its own, so
 * that departments confirm at once, and none rewrites the draft.
 */
export const confirmation = kind('confirmation', {
  title: '目录确认',
  plural: 'confirmations',
  schema: 1,
  body: confirmationBody,
  states: ['given'],
  parties: (body) => [body.organization, body.agency],
});

/** 确认 — by `catalogue:confirm`. */
export const confirmed = confirmation.consequence('confirm', { title: '确认', from: ['given'], to: 'given' });

/** The id of what one organisation confirms of one draft. */
export function confirmationId(catalogue: string, organization: string): string {
  return `CF-${createHash('sha256').update(`${catalogue}/${organization}`).digest('hex').slice(0, 24)}`;
}
