// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { notWider, parentsStand, shareable } from '../chain.js';
import { kind } from '../kind.js';
import { requiredParts } from '../parts.js';
import { breach, defineRule } from '../rule.js';
import { periodAfter } from '../rulebook.js';
import { terms } from '../terms.js';
import { creditCode, document, instant, parts, refTo, region, text } from '../vocabulary.js';
import { plan } from './plan.js';

const agreementBody = z.strictObject({
  plan: refTo('plan'),
  agency: creditCode,
  operator: creditCode,
  region,
  terms,
  parts,
  /** An exclusivity clause is recorded for market supervision (Art. 17). */
  exclusivity: text.optional(),
  signatures: z.array(z.strictObject({ organization: creditCode, document, at: instant })),
  signedAt: instant.optional(),
  filing: z.strictObject({ document, at: instant }).optional(),
  suspension: z.strictObject({ reason: text, at: instant }).optional(),
});

/** 公共数据资源授权运营协议 — between the agency and the operator (Art. 10). */
export const agreement = kind('agreement', {
  title: '授权运营协议',
  plural: 'agreements',
  schema: 1,
  body: agreementBody,
  states: ['proposed', 'signed', 'suspended'],
  inForce: ['signed'],
  terms: (body) => body.terms,
  holder: (body) => body.operator,
  parents: (body) => [body.plan, `organization/${body.operator}`],
  parties: (body) => [body.agency, body.operator],
});

const agency = (body: { agency: string }): string => body.agency;

/** 拟订 — the agency proposes an agreement under its approved plan. */
export const propose = agreement.creation('propose', {
  title: '拟订',
  by: { 'implementing-agency': agency },
  to: 'proposed',
  input: agreementBody.pick({ plan: true, operator: true, terms: true, parts: true, exclusivity: true }),
  rules: [parentsStand, notWider, shareable],
  effect: async ({ input, caller, read }) => {
    const { body } = await read(plan, input.plan);
    return { body: { ...input, agency: caller.organization, region: body.region, signatures: [] } };
  },
});

/** 签订 — each party signs; with both signatures it is in force in its term. */
export const sign = agreement.act('sign', {
  title: '签订',
  by: { 'implementing-agency': agency, operator: (body) => body.operator },
  from: ['proposed'],
  input: z.strictObject({ document }),
  rules: [parentsStand, notWider, requiredParts],
  effect: ({ body, input, caller, time }) => {
    const others = body.signatures.filter(({ organization }) => organization !== caller.organization);
    const signatures = [...others, { organization: caller.organization, document: input.document, at: time }];
    const complete = [body.agency, body.operator].every((party) =>
      signatures.some(({ organization }) => organization === party),
    );
    return complete
      ? { body: { ...body, signatures, signedAt: time }, to: 'signed' }
      : { body: { ...body, signatures } };
  },
});

/** 备案 — notification to the data-authority. */
export const file = agreement.act('file', {
  title: '备案',
  by: { 'implementing-agency': agency },
  from: ['signed'],
  input: z.strictObject({ document }),
  effect: ({ body, input, time }) => ({ body: { ...body, filing: { document: input.document, at: time } } }),
});

/** 暂停 — cuts every grant and use under it, from this transaction on. */
export const suspend = agreement.act('suspend', {
  title: '暂停',
  by: { 'implementing-agency': agency },
  from: ['signed'],
  to: 'suspended',
  input: z.strictObject({ reason: text }),
  effect: ({ body, input, time }) => ({ body: { ...body, suspension: { reason: input.reason, at: time } } }),
});

/** 恢复 */
export const resume = agreement.act('resume', {
  title: '恢复',
  by: { 'implementing-agency': agency },
  from: ['suspended'],
  to: 'signed',
  input: z.strictObject({ reason: text }),
});

/** 协议报市数据主管部门备案 (Art. 10): for whatever is done under an `agreement` after the time to file it. */
export const filed = defineRule<{ readonly agreement?: string }>(
  'agreement-filed',
  async ({ body, find, occurredAt, rulebook }) => {
    const record = body.agreement === undefined ? undefined : await find(agreement, body.agreement);
    const { signedAt, filing } = record?.body ?? {};
    if (!record || signedAt === undefined || filing) return [];
    const until = periodAfter(signedAt, rulebook, 'filing');
    return occurredAt <= until
      ? []
      : [breach(`agreement/${record.id} was to be filed by ${until}`, 'file it: agreement:file')];
  },
  { recordable: true },
);
