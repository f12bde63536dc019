// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { says } from '../../vocabulary/issue.js';
import {
  creditCode,
  digest,
  document,
  instant,
  codeName,
  refTo,
  region,
  text,
  versionTo,
} from '../../vocabulary/vocabulary.js';

/** 首次登记 · 变更登记 · 更正登记 · 注销登记 · 续展 */
export const registrationTypes = ['initial', 'change', 'correction', 'cancellation', 'renewal'] as const;

/** 异议 — by an admitted organisation in its own name (实名); a person behind it by salted digest only. */
const objection = z.strictObject({
  organization: creditCode,
  person: digest.optional(),
  reason: text,
  evidence: digest,
  at: instant,
});

export const resolution = z.strictObject({
  /** Which objection, counted from 1. */
  objection: z.int().positive(),
  outcome: z.enum(['dismissed', 'upheld']),
  opinion: text,
});

export const registrationBody = z.strictObject({
  /** The exact version that is registered. */
  subject: versionTo('resource', 'product'),
  /** The holder of the subject. */
  applicant: creditCode,
  /** 委托代理 — who applies for the holder, and the letter that lets it. */
  agent: z.strictObject({ organization: creditCode, letter: document }).optional(),
  region,
  type: z.enum(registrationTypes),
  /** The registration that this one changes, corrects, cancels or renews. */
  of: refTo('registration').optional(),
  commitment: document.optional(),
  reason: text.optional(),
  /** Until when the registrar is to accept and to review, where the rulebook sets a limit; a supplement sets it anew. */
  deadlines: z.array(z.strictObject({ step: z.enum(['accept', 'review']), by: instant })).optional(),
  /** 补正 — what the registrar asked for, and what came. */
  requests: z
    .array(z.strictObject({ asked: text, at: instant, while: z.enum(['applied', 'accepted']) }))
    .max(20)
    .optional(),
  supplements: z.array(z.strictObject({ documents: z.array(document).min(1).max(20), at: instant })).optional(),
  /** 形式审核 */
  review: z.strictObject({ result: z.enum(['pass', 'fail']), opinion: text, at: instant }).optional(),
  /** 公示 */
  publicity: z.strictObject({ from: instant, until: instant }).optional(),
  objections: z.array(objection).optional(),
  resolutions: z.array(resolution.extend({ at: instant })).optional(),
  /** 登记编码 and 查询码 as the national platform gave them: recorded, never minted. */
  code: codeName.optional(),
  queryCode: codeName.optional(),
  codedAt: instant.optional(),
  validUntil: instant.optional(),
  revocation: z.strictObject({ reason: text, document: document.optional(), at: instant }).optional(),
});
export type RegistrationBody = z.infer<typeof registrationBody>;

/** What is asked for in an application. */
export const application = z
  .strictObject({
    subject: registrationBody.shape.subject,
    type: registrationBody.shape.type.default('initial'),
    of: registrationBody.shape.of,
    /** For an agent: the holder it applies for, and its letter. */
    holder: creditCode.optional(),
    letter: document.optional(),
    commitment: document.optional(),
    reason: text.optional(),
  })
  .refine(({ type, of }) => (type === 'initial') === (of === undefined), says('first-follows-none'))
  .refine(
    ({ holder, letter }) => (holder === undefined) === (letter === undefined),
    'an agent names holder and letter',
  );
