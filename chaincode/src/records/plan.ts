// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { anyHolder } from '../act.js';
import { shareable } from '../chain.js';
import { kind } from '../kind.js';
import { requiredParts } from '../parts.js';
import { breachIf } from '../rule.js';
import { terms } from '../terms.js';
import { creditCode, document, instant, name, parts, region } from '../vocabulary.js';

const planBody = z.strictObject({
  title: name,
  agency: creditCode,
  region,
  terms,
  parts,
  /** The government's approval, by number and digest: the government itself does not log in. */
  approval: z.strictObject({ document, leadingGroup: document.optional(), by: creditCode, at: instant }).optional(),
});

/** 实施方案 — what may be operated, on which conditions, for how long (Art. 9). */
export const plan = kind('plan', {
  title: '实施方案',
  plural: 'plans',
  schema: 1,
  body: planBody,
  states: ['drafted', 'approved'],
  inForce: ['approved'],
  terms: (body) => body.terms,
  parties: (body) => [body.agency],
});

/** 编制 */
export const draft = plan.creation('draft', {
  title: '编制',
  by: { 'implementing-agency': (body) => body.agency },
  to: 'drafted',
  input: planBody.omit({ agency: true, approval: true }),
  rules: [shareable],
  effect: ({ input, caller }) => ({ body: { ...input, agency: caller.organization } }),
});

/** 确有需要的区，报请市数据发展管理工作领导小组同意 (Art. 8). */
export const leadingGroup = plan.rule('district-consent', ({ body }) =>
  breachIf(
    !body.region.endsWith('0000') && body.approval?.leadingGroup === undefined,
    `a district (${body.region}) needs the consent of the city's leading group`,
    'record the consent as `leadingGroup`',
  ),
);

/** 批复 — the data-authority records the government's approval. */
export const approve = plan.act('approve', {
  title: '批复',
  by: { 'data-authority': anyHolder },
  from: ['drafted'],
  to: 'approved',
  input: z.strictObject({ document, leadingGroup: document.optional() }),
  rules: [requiredParts, leadingGroup, shareable],
  effect: ({ body, input, caller, time }) => ({
    body: { ...body, approval: { ...input, by: caller.organization, at: time } },
  }),
});
