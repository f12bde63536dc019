// SPDX-License-Identifier: Apache-2.0
import { anyHolder, type Asked } from '../../kind/act.js';
import { byAnotherThan } from '../../chain/decided-by-another.js';
import { kind } from '../../kind/kind.js';
import { parseRef } from '../../kind/record.js';
import { limitAfter, type RulebookBody } from '../../rulebook/rulebook.js';
import { registrationBody, type RegistrationBody } from './body.js';

/** 登记 — the registration of a resource (required, Art. 7) or a product (encouraged). */
export const registration = kind('registration', {
  title: '登记',
  plural: 'registrations',
  schema: 1,
  body: registrationBody,
  states: [
    'applied',
    'supplement-requested',
    'accepted',
    'declined',
    'withdrawn',
    'passed',
    'failed',
    'publicized',
    'objected',
    'coded',
    'superseded',
    'cancelling', // a cancellation that passed its review
    'completed', // a cancellation that was carried out
    'cancelled',
    'revoked',
  ],
  inForce: ['coded'],
  public: ['publicized', 'objected', 'coded', 'superseded', 'cancelled', 'revoked'],
  parties: (body) => [
    body.applicant,
    ...(body.agent ? [body.agent.organization] : []),
    ...(body.objections ?? []).map(({ organization }) => organization),
  ],
});

const applicant = (body: RegistrationBody): string[] => [
  body.applicant,
  ...(body.agent ? [body.agent.organization] : []),
];
/** The holder, or the agent that applies for it. */
export const holderOrAgent = {
  department: applicant,
  supplier: applicant,
  operator: applicant,
  developer: applicant,
  platform: applicant,
};
export const registrar = { registrar: anyHolder };

/** A registrar's step waits for another registrar than the one that applied. For `waits`. */
export const forAnother = (body: RegistrationBody, { by }: Asked): boolean =>
  by === undefined || !applicant(body).includes(by);

/** A registrar decides on no application of its own, nor of one that it makes for another. */
export const byOtherRegistrar = byAnotherThan<RegistrationBody>(({ body }) => applicant(body));

/** The body with the registrar's time for a step, where the rulebook limits it. */
export function withDeadline(
  body: RegistrationBody,
  step: 'accept' | 'review',
  { time, rulebook }: { readonly time: string; readonly rulebook: RulebookBody },
): RegistrationBody {
  const by = limitAfter(time, rulebook, step === 'accept' ? 'registration-acceptance' : 'registration-review');
  return by === undefined ? body : { ...body, deadlines: [...(body.deadlines ?? []), { step, by }] };
}

/** `resource/ID` or `product/ID`, at no version: what is registered stays so while its versions change. */
export function subjectKey({ subject }: { readonly subject: string }): string {
  const { kind: of, id } = parseRef(subject);
  return `${of}/${id}`;
}
