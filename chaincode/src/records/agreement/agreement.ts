// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { ActContext } from '../../kind/act.js';
import { actionsSuffice, notWider, parentsStand } from '../../chain/chain.js';
import { concerned } from '../../chain/concern.js';
import { byAnotherThan } from '../../chain/decided-by-another.js';
import { cutInput, windDownInside } from '../../kind/wind-down.js';
import { haltAnswered, haltLapses, haltUnanswered } from '../../chain/halt.js';
import { kind } from '../../kind/kind.js';
import { requiredParts } from '../../chain/parts.js';
import { earliestEnd } from '../../rulebook/period.js';
import { parseRef } from '../../kind/record.js';
import { breach, breachIf, defineRule, type Rule } from '../../kind/rule.js';
import { periodAfter } from '../../rulebook/rulebook.js';
import { shareOf } from '../../kind/share.js';
import { statedTerms } from '../../kind/terms.js';
import { document, text } from '../../vocabulary/vocabulary.js';
import { agreementBody, amendment, lastAmendments, statedChanges, type AgreementBody } from './body.js';
import { acceptanceMarks } from '../organization/acceptance.js';
import { plan, planCurrent } from '../plan/plan.js';
import { shareable } from '../../chain/shareable.js';

/** 公共数据资源授权运营协议 — between the agency and the operator (Art. 10). */
export const agreement = kind('agreement', {
  title: '授权运营协议',
  plural: 'agreements',
  schema: 1,
  body: agreementBody,
  states: ['proposed', 'signed', 'halted', 'suspended', 'revoked', 'terminated', 'exited'],
  inForce: ['signed'],
  windDown: (body, state) => {
    if (state === 'suspended') return body.suspension?.windDown;
    return state === 'revoked' || state === 'terminated' ? body.ending?.windDown : undefined;
  },
  lapse: haltLapses,
  terms: (body) => body.terms,
  holder: (body) => body.operator,
  parents: (body) => [body.plan, `organization/${body.operator}`],
  parties: (body) => [body.agency, body.operator],
});

/** 应急暂停 — by an incident's emergency measure. */
export const haltAgreement = agreement.consequence('halt', {
  title: '应急暂停',
  from: ['signed', 'halted'],
  to: 'halted',
});

const agency = (body: { agency: string }): string => body.agency;

/** An agency selects another organisation as operator, and does not agree with itself. */
const ofTwoParties = byAnotherThan<AgreementBody>(({ body }) => (body.agency === body.operator ? [body.agency] : []));

/** Mark on `OPERATOR/AGENCY`: the agreements that the two have signed, the last of them. */
export const AGREED = 'agreed';
const MOST_AGREED = 20;

/** 拟订 — the agency proposes an agreement under its approved plan. */
export const propose = agreement.creation('propose', {
  title: '拟订',
  by: { 'implementing-agency': agency },
  to: 'proposed',
  input: agreementBody
    .pick({ plan: true, operator: true, parts: true, exclusivity: true })
    .extend({ terms: statedTerms }),
  rules: [parentsStand, planCurrent, notWider, shareable, actionsSuffice, ofTwoParties],
  effect: async ({ input, caller, read, find }) => {
    const { body } = await read(plan, input.plan);
    const domains = await concerned(input.terms, body, { find });
    return { body: { ...input, ...domains, agency: caller.organization, region: body.region, signatures: [] } };
  },
});

/** Both parties sign the same text; until the other has signed, a party may sign another one. */
export const sameTextSigned = agreement.rule<{ document: { digest: string } }>(
  'same-text-signed',
  ({ body, input, caller }) => {
    const other = body.signatures.find(({ organization }) => organization !== caller.organization);
    return breachIf(other !== undefined && other.document.digest !== input.document.digest, 'other-text-signed', {
      digest: other?.document.digest ?? '',
    });
  },
);

/** 签订 — each party signs; with both signatures it is in force in its term. */
export const sign = agreement.act('sign', {
  title: '签订',
  waits: ({ signatures }, { by }) => !signatures.some(({ organization }) => organization === by),
  by: { 'implementing-agency': agency, operator: (body) => body.operator },
  from: ['proposed'],
  input: z.strictObject({ document }),
  rules: [sameTextSigned, parentsStand, planCurrent, notWider, shareable, requiredParts, actionsSuffice, ofTwoParties],
  effect: async (context) => {
    const { body, input, caller, ref, time, marked } = context;
    const { operator, agency: by } = body;
    const isOperators = caller.organization === operator;
    const accepted = isOperators
      ? await acceptanceMarks({ organization: operator, agency: by, role: 'operator' }, context)
      : [];
    const others = body.signatures.filter(({ organization }) => organization !== caller.organization);
    const signatures = [...others, { organization: caller.organization, document: input.document, at: time }];
    const complete = [body.agency, body.operator].every((party) =>
      signatures.some(({ organization }) => organization === party),
    );
    if (!complete) return { body: { ...body, signatures }, marks: accepted };
    const key = `${operator}/${by}`;
    const agreed = ((await marked(AGREED, key)) ?? []) as readonly string[];
    const marks = [...accepted, { name: AGREED, key, value: [...agreed, ref].slice(-MOST_AGREED) }];
    return { body: { ...body, signatures, signedAt: time }, to: 'signed', marks };
  },
});

/** 备案 — notification to the data-authority. */
export const file = agreement.act('file', {
  title: '备案',
  waits: ({ filing }) => filing === undefined,
  by: { 'implementing-agency': agency },
  from: ['signed', 'halted', 'suspended'],
  whileSuspended: true,
  due: {
    period: 'filing',
    rule: 'agreement-filed',
    since: ({ signedAt, filing }) => (filing ? undefined : signedAt),
  },
  input: z.strictObject({ document }),
  effect: ({ body, input, time }) => ({ body: { ...body, filing: { document: input.document, at: time } } }),
});

/** An amendment goes by the rules of an agreement, as it would leave it. */
function asAmended(rule: Rule<AgreementBody>): Rule<AgreementBody> {
  return {
    ...rule,
    check: (context) => rule.check({ ...context, body: { ...context.body, ...context.body.amendment?.changes } }),
  };
}

/** Every proposal makes a version, which every link below the agreement reads: so each party makes a few. */
const ownProposals = shareOf<AgreementBody>('proposals', 20, ({ amendment: proposed }) => proposed?.proposals ?? []);

/** 变更 — one party proposes an amendment; a later proposal by either takes the place of one not yet signed. */
export const amend = agreement.act('amend', {
  title: '变更',
  waits: false,
  by: { 'implementing-agency': agency, operator: (body) => body.operator },
  from: ['signed'],
  input: amendment.pick({ reason: true, document: true }).extend({ changes: statedChanges }),
  rules: [
    ...[parentsStand, planCurrent, notWider, shareable, requiredParts, actionsSuffice].map(asAmended),
    ownProposals,
  ],
  effect: ({ body, input, caller, time }) => ({
    body: {
      ...body,
      amendment: {
        ...input,
        proposedBy: caller.organization,
        proposals: [...(body.amendment?.proposals ?? []), caller.organization],
        at: time,
      },
    },
  }),
});

/** Both parties sign the same text: the other one, and not another text put in its place meanwhile. */
export const amendmentAgreed = agreement.rule<{ document: { digest: string } }>(
  'amendment-agreed',
  ({ record, caller, input }) => {
    const proposed = record?.body.amendment;
    if (!proposed) return [breach('no-amendment')];
    return [
      ...breachIf(proposed.proposedBy === caller.organization, 'proposer-signed'),
      ...breachIf(proposed.document.digest !== input.document.digest, 'other-amendment', {
        digest: proposed.document.digest,
      }),
    ];
  },
);

/** 签署变更 — the other party signs: in effect from now on, as the next version, which is to be filed again. */
export const signAmendment = agreement.act('sign-amendment', {
  title: '签署变更',
  waits: ({ amendment: proposed }, { by }) => proposed !== undefined && proposed.proposedBy !== by,
  by: { 'implementing-agency': agency, operator: (body) => body.operator },
  from: ['signed'],
  input: z.strictObject({ document }),
  rules: [amendmentAgreed, parentsStand, planCurrent, notWider, shareable, requiredParts, actionsSuffice],
  effect: async ({ body, time, read, find }) => {
    const { amendment: proposed, filing, domains: _domains, ...rest } = body;
    if (!proposed) return { body }; // refused by `amendmentAgreed`
    const { proposals: _proposals, ...signed } = proposed;
    const amendments = lastAmendments([...(body.amendments ?? []), { ...signed, signedAt: time }]);
    const amended = { ...rest, ...proposed.changes };
    const domains = await concerned(amended.terms, (await read(plan, amended.plan)).body, { find });
    const toFile = filing ? { signedAt: time } : {}; // what was not filed is still owed from when it was signed
    return { body: { ...amended, ...domains, ...toFile, amendments } };
  },
});

/** 暂停 — cuts every grant and use under it, from this transaction on, save what a wind-down keeps. */
export const suspend = agreement.act('suspend', {
  title: '暂停',
  waits: haltUnanswered,
  due: haltAnswered,
  by: { 'implementing-agency': agency },
  from: ['signed', 'halted'],
  to: 'suspended',
  input: cutInput,
  rules: [windDownInside],
  effect: ({ body, input, time }) => ({ body: { ...body, suspension: { ...input, at: time } } }),
});

/** 恢复 */
export const resume = agreement.act('resume', {
  title: '恢复',
  waits: haltUnanswered,
  due: haltAnswered,
  by: { 'implementing-agency': agency },
  from: ['suspended', 'halted'],
  to: 'signed',
  input: z.strictObject({ reason: text }),
  rules: [ofTwoParties],
});

const endingInput = cutInput.extend({ document: document.optional() });
type EndingContext = ActContext<AgreementBody, z.infer<typeof endingInput>>;

const ending = {
  input: endingInput,
  rules: [windDownInside],
  effect: ({ body, input, time }: EndingContext) => ({ body: { ...body, ending: { ...input, at: time } } }),
};

/** 撤销 — the agency takes the authorization back, for good (Art. 28). */
export const revoke = agreement.act('revoke', {
  title: '撤销',
  waits: false,
  by: { 'implementing-agency': agency },
  from: ['signed', 'halted', 'suspended'],
  to: 'revoked',
  ...ending,
});

/** 终止 — the agreement ends as its exit part says (Art. 9, 28). */
export const terminate = agreement.act('terminate', {
  title: '终止',
  waits: false,
  by: { 'implementing-agency': agency },
  from: ['signed', 'halted', 'suspended'],
  to: 'terminated',
  ...ending,
});

/** 协议报市数据主管部门备案 (Art. 10): for whatever is done under an `agreement` after the time to file it, and before it was. */
export const filed = defineRule<{ readonly agreement?: string }>(
  'agreement-filed',
  async ({ body, current, asOf, occurredAt, rulebook }) => {
    const record = body.agreement === undefined ? undefined : await current(agreement, parseRef(body.agreement).id);
    const { signedAt, filing } = record?.body ?? {};
    if (!record || signedAt === undefined || (filing && (asOf === undefined || filing.at <= asOf))) return [];
    if (occurredAt <= earliestEnd(signedAt, rulebook.periods.filing, rulebook.calendar)) return [];
    const until = periodAfter(signedAt, rulebook, 'filing');
    return breachIf(occurredAt > until, 'to-be-filed', { agreement: `agreement/${record.id}`, until });
  },
  { recordable: true },
);
