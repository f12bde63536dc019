// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { anyHolder } from '../../kind/act.js';
import { byAnotherThan } from '../../chain/decided-by-another.js';
import { refusal } from '../../vocabulary/error.js';
import { breach, breachIf, recorded, type Breach } from '../../kind/rule.js';
import { periodAfter } from '../../rulebook/rulebook.js';
import { shareOf } from '../../kind/share.js';
import { digest, roleNames, text } from '../../vocabulary/vocabulary.js';
import { resolution, type RegistrationBody } from './body.js';
import './filing.js';
import './coding.js';
import { byOtherRegistrar, forAnother, registrar, registration, withDeadline } from './kind.js';

export { registration } from './kind.js';

/** The registrar's time to accept or review is over: recorded, since refusing it now would fall on the applicant. */
export const registrarInTime = registration.rule(
  'registrar-in-time',
  ({ body, record, time }) => {
    const step = record?.state === 'accepted' ? 'review' : 'accept';
    const by = body.deadlines?.findLast((deadline) => deadline.step === step)?.by;
    const found: Breach[] =
      by !== undefined && time > by ? [recorded('registrar-late', { step: `step:${step}`, by })] : [];
    return found;
  },
  { timely: true },
);

/** 受理 */
export const accept = registration.act('accept', {
  title: '受理',
  waits: forAnother,
  by: registrar,
  from: ['applied'],
  to: 'accepted',
  due: { period: 'registration-acceptance', since: (_body, entered) => entered },
  rules: [registrarInTime, byOtherRegistrar],
  effect: (context) => ({ body: withDeadline(context.body, 'review', context) }),
});

/** 要求补正 */
export const requestSupplement = registration.act('request-supplement', {
  title: '要求补正',
  waits: forAnother,
  by: registrar,
  from: ['applied', 'accepted'],
  to: 'supplement-requested',
  input: z.strictObject({ asked: text }),
  rules: [registrarInTime, byOtherRegistrar],
  effect: ({ body, input, record, time }) => ({
    body: {
      ...body,
      requests: [
        ...(body.requests ?? []),
        { ...input, at: time, while: record?.state === 'accepted' ? 'accepted' : 'applied' },
      ],
    },
  }),
});

/** 不予受理 */
export const decline = registration.act('decline', {
  title: '不予受理',
  waits: forAnother,
  by: registrar,
  from: ['applied'],
  to: 'declined',
  input: z.strictObject({ reason: text }),
  rules: [registrarInTime, byOtherRegistrar],
  effect: ({ body, input }) => ({ body: { ...body, reason: input.reason } }),
});

/** 形式审核 */
export const review = registration.act('review', {
  title: '形式审核',
  waits: forAnother,
  by: registrar,
  from: ['accepted'],
  due: { period: 'registration-review', since: (_body, entered) => entered },
  input: z.strictObject({ result: z.enum(['pass', 'fail']), opinion: text }),
  rules: [registrarInTime, byOtherRegistrar],
  effect: ({ body, input, time }) => ({
    body: { ...body, review: { ...input, at: time } },
    to: input.result === 'fail' ? 'failed' : body.type === 'cancellation' ? 'cancelling' : 'passed',
  }),
});

/** 公示 — for the rulebook's period of publicity. */
export const publicize = registration.act('publicize', {
  title: '公示',
  waits: forAnother,
  by: registrar,
  from: ['passed'],
  to: 'publicized',
  rules: [byOtherRegistrar],
  effect: ({ body, time, rulebook }) => ({
    body: { ...body, publicity: { from: time, until: periodAfter(time, rulebook, 'publicity') } },
  }),
});

/** Objections are heard during the period of publicity. */
export const inPublicity = registration.rule('objection-in-publicity', ({ body, time }) =>
  !body.publicity
    ? [breach('not-in-publicity')]
    : breachIf(time >= body.publicity.until, 'publicity-ended', { until: body.publicity.until }),
);

/** One organisation says all that it objects in a few objections. */
const ownObjections = shareOf<RegistrationBody>('objections', 3, ({ objections = [] }) =>
  objections.map(({ organization }) => organization),
);

/** 异议 — by any organisation, in its own name and with evidence: no code is given until it is resolved. */
export const object = registration.act('object', {
  title: '异议',
  waits: false,
  whileSuspended: true,
  by: Object.fromEntries(roleNames.map((role) => [role, anyHolder])),
  anywhere: true,
  from: ['publicized', 'objected'],
  to: 'objected',
  input: z.strictObject({ reason: text, evidence: digest, person: digest.optional() }),
  rules: [inPublicity, ownObjections],
  effect: ({ body, input, caller, time }) => ({
    body: {
      ...body,
      objections: [...(body.objections ?? []), { ...input, organization: caller.organization, at: time }],
    },
  }),
});

/** 异议处理 — one upheld fails the registration; with all dismissed publicity goes on. */
export const resolve = registration.act('resolve', {
  title: '异议处理',
  waits: forAnother,
  by: registrar,
  from: ['objected'],
  input: resolution,
  rules: [
    byOtherRegistrar,
    byAnotherThan<RegistrationBody, z.infer<typeof resolution>>(({ body, input }) => [
      body.objections?.[input.objection - 1]?.organization,
    ]),
  ],
  effect: ({ body, input, time }) => {
    const before = body.resolutions ?? [];
    const count = body.objections?.length ?? 0;
    if (input.objection > count || before.some(({ objection }) => objection === input.objection)) {
      throw refusal('INPUT_INVALID', 'objection-not-open', { objection: input.objection, count });
    }
    const resolutions = [...before, { ...input, at: time }];
    const to = input.outcome === 'upheld' ? 'failed' : resolutions.length === count ? 'publicized' : 'objected';
    return { body: { ...body, resolutions }, to };
  },
});
