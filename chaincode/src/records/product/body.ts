// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import {
  creditCode,
  digest,
  document,
  grade,
  instant,
  name,
  recordId,
  refTo,
  region,
  sortedSet,
  term,
  text,
  versionTo,
} from '../../vocabulary/vocabulary.js';

/**
 * A resource that a product comes from, through however many steps; its grade and personal flag when the product was
 * made, so that what is raised later is told from what was known.
 */
const source = z.strictObject({
  resource: recordId,
  domain: term,
  provider: creditCode,
  grade: grade.optional(),
  personal: z.literal(true).optional(),
});

/** A product that another comes from; its own grade when that one was made. */
const ancestor = z.strictObject({ product: recordId, grade: grade.optional() });

export const gradingDecision = z.strictObject({ basis: document, approver: name });
/** 变更定级 */
const grading = z.strictObject({
  grade,
  /** To grade it below what its inputs demand. */
  decision: gradingDecision.optional(),
  /** What its inputs demanded then. */
  over: grade.optional(),
  at: instant,
});
export type Grading = z.infer<typeof grading>;

export const anonymization = z.strictObject({ method: text, evidence: digest });

/** 公共治理 · 公益事业 · 产业和行业发展 */
const purposeClass = z.enum(['governance', 'welfare', 'industry']);

/** What a delivery was charged for; how much is its parties' business. */
export const charge = z.strictObject({
  use: purposeClass,
  /** 法律、法规的特别规定 that allows to charge outside an agreement (Art. 11). */
  law: text.optional(),
});

/** What is asked for a product, for one sort of use; a later one for the same use takes its place. */
export const price = z.strictObject({
  use: purposeClass,
  terms: z.discriminatedUnion('mode', [
    /** `amount` in fen for each `unit`: 次, 月, 份. */
    z.strictObject({ mode: z.literal('charged'), amount: z.int().positive(), unit: name, law: charge.shape.law }),
    z.strictObject({ mode: z.literal('free'), conditions: text }),
  ]),
});

/** 数据产品知识产权登记 */
export const certificate = z.strictObject({ number: name, digest, issuer: name.optional() });

export const productBody = z.strictObject({
  title: name,
  holder: creditCode,
  /** Set when a developer made it: its qualification is judged. */
  developer: creditCode.optional(),
  /** 基础 — by the operator, under the agreement; 再开发 — by a developer, under a grant. */
  tier: z.enum(['basic', 'derived']),
  authority: refTo('grant', 'agreement'),
  agreement: refTo('agreement'),
  operator: creditCode,
  agency: creditCode,
  region,
  purpose: term,
  /** Exact versions it was made from. */
  inputs: z
    .array(versionTo('resource', 'product', 'external-input'))
    .min(1)
    .max(1000),
  environment: name.optional(),
  task: name.optional(),
  /** Digest of the process: code, model or configuration. */
  process: digest,
  /** Digest of the output. */
  digest,
  form: z.enum(['raw', 'dataset', 'api', 'model', 'report', 'service']),
  /** Union over the inputs, so that no later act walks the graph. */
  sources: z.array(source),
  /** Products that it comes from, through however many steps: the union over the inputs too, and bounded. */
  through: z.array(ancestor).max(1000).optional(),
  domains: z.array(term),
  inheritedGrade: grade.optional(),
  personal: z.boolean(),
  grade: grade.optional(),
  /** A decision to grade it below its highest input: basis and approver. */
  gradingDecision: gradingDecision.optional(),
  /** What its inputs demanded when it was graded. */
  gradedOver: grade.optional(),
  /** Later gradings; the last one holds. */
  regrades: z.array(grading).max(200).optional(),
  export: z
    .strictObject({
      conclusion: text,
      anonymization: anonymization.optional(),
      by: creditCode,
      at: instant,
    })
    .optional(),
  check: z.strictObject({ result: z.enum(['pass', 'fail']), opinion: text, by: creditCode, at: instant }).optional(),
  channel: name.optional(),
  releasedAt: instant.optional(),
  prices: z
    .array(price.extend({ at: instant }))
    .max(200)
    .optional(),
  certificates: z
    .array(certificate.extend({ at: instant }))
    .max(100)
    .optional(),
  withdrawal: z.strictObject({ reason: text, by: creditCode, at: instant }).optional(),
});
export type ProductBody = z.infer<typeof productBody>;

/** Whether a body is a product's: of the bodies that name what they are made of, no other lists `sources`. */
export function isProduct(body: unknown): body is ProductBody {
  return typeof body === 'object' && body !== null && 'sources' in body;
}

/** What its maker says of a new product; the rest follows from its authority and inputs. */
export const developInput = productBody
  .pick({
    title: true,
    authority: true,
    purpose: true,
    inputs: true,
    environment: true,
    task: true,
    process: true,
    digest: true,
    form: true,
  })
  .extend({ inputs: productBody.shape.inputs.overwrite(sortedSet) });

/** A source as the chain's rules see it. */
export function sourceInUse({ resource: id, domain }: z.infer<typeof source>): { id: string; domain: string } {
  return { id, domain };
}
