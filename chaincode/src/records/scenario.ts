// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { parentsStand } from '../chain.js';
import { kind } from '../kind.js';
import { requiredParts } from '../parts.js';
import { terms } from '../terms.js';
import { creditCode, document, instant, name, parts, recordId, refTo, region, term, text } from '../vocabulary.js';
import { agreement, filed } from './agreement.js';
import { issueGrant } from './grant.js';
import { developerQualified } from './organization.js';

const scenarioBody = z.strictObject({
  title: name,
  developer: creditCode,
  operator: creditCode,
  agency: creditCode,
  agreement: refTo('agreement'),
  region,
  /** What the developer wants to do with the data. */
  purpose: term,
  domains: z.array(term).min(1).max(200).optional(),
  parts,
  forwarding: z.strictObject({ opinion: text, at: instant }).optional(),
  assessment: z
    .strictObject({ result: z.enum(['approve', 'reject']), reason: text, document: document.optional(), at: instant })
    .optional(),
});

/** 公共数据资源应用场景方案 — submitted through the operator, assessed by the agency (Art. 21). */
export const scenario = kind('scenario', {
  title: '应用场景方案',
  plural: 'scenarios',
  schema: 1,
  body: scenarioBody,
  states: ['applied', 'forwarded', 'approved', 'rejected'],
  inForce: ['approved'],
  parents: (body) => [body.agreement, `organization/${body.developer}`],
  parties: (body) => [body.developer, body.operator, body.agency],
});

/** 申请 — a developer applies, to the operator of the agreement. */
export const apply = scenario.creation('apply', {
  title: '申请',
  by: { developer: (body) => body.developer },
  to: 'applied',
  input: scenarioBody.pick({ title: true, agreement: true, purpose: true, domains: true, parts: true }),
  rules: [parentsStand, developerQualified, requiredParts],
  effect: async ({ input, caller, read }) => {
    const { body } = await read(agreement, input.agreement);
    const { operator, agency, region: place } = body;
    return { body: { ...input, developer: caller.organization, operator, agency, region: place } };
  },
});

/** 提交 — the operator forwards it to the agency with its opinion. */
export const forward = scenario.act('forward', {
  title: '提交实施机构',
  by: { operator: (body) => body.operator },
  from: ['applied'],
  to: 'forwarded',
  input: z.strictObject({ opinion: text }),
  rules: [parentsStand],
  effect: ({ body, input, time }) => ({ body: { ...body, forwarding: { opinion: input.opinion, at: time } } }),
});

/** 合规性评估 — approval creates the grant; rejection says why. */
export const assess = scenario.act('assess', {
  title: '合规性评估',
  by: { 'implementing-agency': (body) => body.agency },
  from: ['forwarded'],
  input: z.discriminatedUnion('result', [
    z.strictObject({
      result: z.literal('approve'),
      reason: text,
      document: document.optional(),
      grant: z.strictObject({ id: recordId, terms }),
    }),
    z.strictObject({ result: z.literal('reject'), reason: text, document: document.optional() }),
  ]),
  rules: [parentsStand, developerQualified, filed],
  effect: ({ body, input, ref, time }) => {
    const { result, reason, document: paper } = input;
    const assessed = { ...body, assessment: { result, reason, at: time, ...(paper ? { document: paper } : {}) } };
    if (input.result === 'reject') return { body: assessed, to: 'rejected' };
    const { developer, operator, agency, agreement: under, region: place } = body;
    const grant = {
      scenario: ref,
      agreement: under,
      developer,
      operator,
      agency,
      region: place,
      terms: input.grant.terms,
    };
    return { body: assessed, to: 'approved', also: [issueGrant.of(input.grant.id, grant)] };
  },
});
