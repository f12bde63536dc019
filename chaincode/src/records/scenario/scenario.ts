// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { Asked } from '../../kind/act.js';
import { parentsStand } from '../../chain/chain.js';
import { concerned } from '../../chain/concern.js';
import { byAnotherThan } from '../../chain/decided-by-another.js';
import { requiredParts } from '../../chain/parts.js';
import type { Rule } from '../../kind/rule.js';
import { shareOf } from '../../kind/share.js';
import { statedTerms } from '../../kind/terms.js';
import { creditCode, document, recordId, text } from '../../vocabulary/vocabulary.js';
import { agreement, filed } from '../agreement/agreement.js';
import { forScenario, issueGrant } from '../grant/grant.js';
import { acceptanceMarks } from '../organization/acceptance.js';
import { developerQualified } from '../organization/organization.js';
import { scenario, scenarioBody, type ScenarioBody } from './kind.js';

export { scenario };

/** 申请 — a developer applies, to the operator of the agreement. */
export const apply = scenario.creation('apply', {
  title: '申请',
  by: { developer: (body) => body.developer },
  to: 'applied',
  input: scenarioBody.pick({ title: true, agreement: true, purpose: true, domains: true, parts: true }),
  rules: [parentsStand, developerQualified, requiredParts],
  effect: async (context) => {
    const { input, caller, read } = context;
    const { body } = await read(agreement, input.agreement);
    const { operator, agency, region: place } = body;
    const marks = await acceptanceMarks({ organization: caller.organization, agency, role: 'developer' }, context);
    return { body: { ...input, developer: caller.organization, operator, agency, region: place }, marks };
  },
});

/** An application waits for another than the one that applied. For `waits`. */
const forAnother = ({ developer: applicant }: ScenarioBody, { by }: Asked): boolean => by !== applicant;

/** 提交 — the operator forwards it to the agency with its opinion; the operator's own, the agency takes up itself. */
export const forward = scenario.act('forward', {
  title: '提交实施机构',
  waits: forAnother,
  by: {
    operator: (body) => body.operator,
    'implementing-agency': (body) => (body.developer === body.operator ? body.agency : []),
  },
  from: ['applied'],
  to: 'forwarded',
  input: z.strictObject({ opinion: text }),
  rules: [parentsStand, byAnotherThan(({ body }) => [body.developer])],
  effect: ({ body, input, time }) => ({ body: { ...body, forwarding: { opinion: input.opinion, at: time } } }),
});

const developer = (body: { developer: string }): string => body.developer;

/** 退回 — the operator asks for something to be mended; the developer applies again. */
export const sendBack = scenario.act('return', {
  title: '退回',
  waits: forAnother,
  by: { operator: (body) => body.operator },
  from: ['applied'],
  to: 'returned',
  input: z.strictObject({ reason: text }),
  effect: ({ body, input, time }) => ({ body: { ...body, refusal: { ...input, act: 'return', at: time } } }),
});

/** 不予提交 — the operator declines to forward it, and says why. */
export const decline = scenario.act('decline', {
  title: '不予提交',
  waits: forAnother,
  by: { operator: (body) => body.operator },
  from: ['applied'],
  to: 'declined',
  input: z.strictObject({ reason: text }),
  effect: ({ body, input, time }) => ({ body: { ...body, refusal: { ...input, act: 'decline', at: time } } }),
});

const ownComplaints = shareOf<ScenarioBody>('complaints', 50, ({ developer: by, complaints = [] }) =>
  complaints.map(() => by),
);

/** 投诉 — the developer tells the agency that the operator declines its scenario or sits on it. */
export const complain = scenario.act('complain', {
  title: '投诉',
  waits: false,
  whileSuspended: true,
  by: { developer },
  from: ['applied', 'returned', 'declined'],
  input: z.strictObject({ reason: text }),
  rules: [ownComplaints],
  effect: ({ body, input, time }) => ({
    body: { ...body, complaints: [...(body.complaints ?? []), { ...input, at: time }] },
  }),
});

/** 重新申请 — after it was returned, declined or rejected: whatever has been mended, from the beginning. */
export const reapply = scenario.act('reapply', {
  title: '重新申请',
  waits: (_, { state }) => state === 'returned',
  by: { developer },
  from: ['returned', 'declined', 'rejected'],
  to: 'applied',
  input: scenarioBody.pick({ title: true, purpose: true, domains: true, parts: true }).partial(),
  rules: [parentsStand, developerQualified, requiredParts],
  effect: async (context) => {
    const { body, input } = context;
    const { forwarding: _f, refusal: _r, consulted: _c, opinions: _o, assessment: _a, ...rest } = body;
    const { developer: by, agency } = body;
    const marks = await acceptanceMarks({ organization: by, agency, role: 'developer' }, context);
    return { body: { ...rest, ...input }, marks };
  },
});

/** 征求意见 — the agency asks departments for their opinion. */
export const consult = scenario.act('consult', {
  title: '征求意见',
  waits: false,
  by: { 'implementing-agency': (body) => body.agency },
  from: ['forwarded'],
  input: z.strictObject({ departments: z.array(creditCode).min(1).max(50) }),
  effect: ({ body, input }) => ({
    body: { ...body, consulted: [...new Set([...(body.consulted ?? []), ...input.departments])] },
  }),
});

/** 出具意见 — a department that was asked says what it thinks; saying it again takes the place of what it said. */
export const opine = scenario.act('opine', {
  title: '出具意见',
  waits: ({ opinions = [] }, { by }) => !opinions.some(({ department }) => department === by),
  by: { department: (body) => body.consulted ?? [] },
  from: ['forwarded'],
  input: z.strictObject({ opinion: text }),
  rules: [byAnotherThan(({ body }) => [body.developer])],
  effect: ({ body, input, caller, time }) => ({
    body: {
      ...body,
      opinions: [
        ...(body.opinions ?? []).filter(({ department }) => department !== caller.organization),
        { department: caller.organization, opinion: input.opinion, at: time },
      ],
    },
  }),
});

const assessment = z.discriminatedUnion('result', [
  z.strictObject({
    result: z.literal('approve'),
    reason: text,
    document: document.optional(),
    grant: z.strictObject({ id: recordId, terms: statedTerms }),
  }),
  z.strictObject({ result: z.literal('reject'), reason: text, document: document.optional() }),
]);

/** What stands against an approval is no reason not to reject. */
function toApprove(rule: Rule<ScenarioBody>): Rule<ScenarioBody, z.infer<typeof assessment>> {
  return { ...rule, check: (context) => (context.input.result === 'reject' ? [] : rule.check(context)) };
}

/** 合规性评估 — approval creates the grant; rejection says why. */
export const assess = scenario.act('assess', {
  title: '合规性评估',
  waits: forAnother,
  by: { 'implementing-agency': (body) => body.agency },
  from: ['forwarded'],
  input: assessment,
  rules: [...[parentsStand, developerQualified, filed].map(toApprove), byAnotherThan(({ body }) => [body.developer])],
  effect: async ({ body, input, ref, time, read, find }) => {
    const { result, reason, document: paper } = input;
    const assessed = { ...body, assessment: { result, reason, at: time, ...(paper ? { document: paper } : {}) } };
    if (input.result === 'reject') return { body: assessed, to: 'rejected' };
    const { developer, operator, agency, agreement: under, region: place } = body;
    const granted = forScenario(input.grant.terms, body);
    const grant = {
      scenario: ref,
      agreement: under,
      developer,
      operator,
      agency,
      region: place,
      terms: granted,
      ...(await concerned(granted, (await read(agreement, under)).body, { find })),
    };
    return { body: assessed, to: 'approved', also: [issueGrant.of(input.grant.id, grant)] };
  },
});
