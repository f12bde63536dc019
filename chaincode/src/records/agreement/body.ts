// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { says } from '../../vocabulary/issue.js';
import { halt } from '../../chain/halt.js';
import { statedTerms, terms } from '../../kind/terms.js';
import {
  creditCode,
  document,
  instant,
  parts,
  refTo,
  region,
  term,
  text,
  versionTo,
} from '../../vocabulary/vocabulary.js';
import { cut } from '../../kind/wind-down.js';

/** What an amendment may change, such as the plan it is under; what it leaves out stays as it was. */
const changed = z.strictObject({ plan: refTo('plan'), terms, parts, exclusivity: text }).partial();
const changesSomething = (asked: object): boolean => Object.keys(asked).length > 0;
const changes = changed.refine(changesSomething, says('amendment-empty'));
/** As a party proposes them. */
export const statedChanges = changed
  .extend({ terms: statedTerms.optional() })
  .refine(changesSomething, says('amendment-empty'))
  .meta({ examples: [{ exclusivity: '非独家' }] });

export const amendment = z.strictObject({
  changes,
  reason: text,
  /** The amended text: both parties sign the same. */
  document,
  proposedBy: creditCode,
  /** Who proposed this and what it took the place of, since the last one was signed. */
  proposals: z.array(creditCode).optional(),
  at: instant,
});

const signedAmendment = amendment.extend({ signedAt: instant });

/** Signed amendments that an agreement keeps: each use under it reads it whole. */
const MOST_AMENDMENTS = 3;

/** The last of some amendments, as many as an agreement keeps; those before are in its earlier versions, one for each amendment. */
export function lastAmendments(
  amendments: readonly z.infer<typeof signedAmendment>[],
): z.infer<typeof signedAmendment>[] {
  return amendments.slice(-MOST_AMENDMENTS);
}

const certified = z
  .array(z.strictObject({ subject: versionTo('resource', 'product'), certificate: document }))
  .max(5000);

/** 退出交接 — what the operator returned and destroyed, by certificate, and what it still holds and why. */
const handover = z.strictObject({
  returned: certified,
  destroyed: certified,
  held: z.array(z.strictObject({ subject: versionTo('resource', 'product'), reason: text })).max(5000),
});
const handedOver = handover.extend({ at: instant });
type HandedOver = z.infer<typeof handedOver>;

/** Characters that the handovers of an agreement take as JSON: whatever rests on an agreement reads it whole. */
const MOST_HANDED = 65_536;

/** What one report says. */
export const handoverInput = handover.refine(
  (said) => JSON.stringify(said).length <= MOST_HANDED,
  says('handover-too-long', { most: MOST_HANDED }),
);

/** The last of some handovers, as many as an agreement keeps; those before are in its earlier versions. */
export function lastHandovers(handovers: readonly HandedOver[]): HandedOver[] {
  let left = MOST_HANDED;
  const first = handovers.findLastIndex((one) => (left -= JSON.stringify(one).length) < 0);
  return handovers.slice(Math.min(first + 1, handovers.length - 1));
}

export const agreementBody = z.strictObject({
  plan: refTo('plan'),
  agency: creditCode,
  operator: creditCode,
  region,
  terms,
  /** That it is about; all of its catalogue without. */
  domains: z.array(term).optional(),
  parts,
  /** An exclusivity clause is recorded for market supervision (Art. 17). */
  exclusivity: text.optional(),
  signatures: z.array(z.strictObject({ organization: creditCode, document, at: instant })),
  signedAt: instant.optional(),
  filing: z.strictObject({ document, at: instant }).optional(),
  suspension: cut.optional(),
  halt: halt.optional(),
  /** Proposed by one party, not yet signed by the other. */
  amendment: amendment.optional(),
  /** The last ones; each version keeps those of its time. */
  amendments: z.array(signedAmendment).optional(),
  /** 撤销 or 终止 */
  ending: cut.extend({ document: document.optional() }).optional(),
  handovers: z.array(handedOver).optional(),
});
export type AgreementBody = z.infer<typeof agreementBody>;
