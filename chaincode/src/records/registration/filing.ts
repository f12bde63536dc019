// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { Reader } from '../../kind/act.js';
import { kindNamed, type Kind } from '../../kind/kind.js';
import { parseRef, type LedgerRecord } from '../../kind/record.js';
import { breachIf } from '../../kind/rule.js';
import { document, text } from '../../vocabulary/vocabulary.js';
import { REGISTERED, registrationOf } from './registered.js';
import { application, type RegistrationBody } from './body.js';
import { holderOrAgent, registration, subjectKey, withDeadline } from './kind.js';

/** The applicant holds what it registers. */
export const holdsSubject = registration.rule('registers-own', async (context) => {
  const { kind: held, record } = await subjectOf(context, context.body.subject);
  return breachIf(held.holder?.(record.body) !== context.body.applicant, 'held-by-another', {
    subject: context.body.subject,
  });
});

/** A first registration where none is valid; any other on the valid one of the same holder and subject. */
export const follows = registration.rule('registration-follows', async ({ body, marked, find, time }) => {
  const current = registrationOf(await marked(REGISTERED, subjectKey(body)), { asOf: undefined, time });
  if (body.of === undefined) {
    return breachIf(current !== undefined, 'registered-already', {
      subject: body.subject,
      registration: `registration/${current ?? ''}`,
    });
  }
  const record = await find(registration, body.of);
  const same = record?.body.applicant === body.applicant && subjectKey(record.body) === subjectKey(body);
  return breachIf(current !== body.of || !same, 'not-the-valid-one', { of: `registration/${body.of}` });
});

/** 申请 — the holder, or its agent, applies: first, change, correction, cancellation, renewal. */
export const apply = registration.creation('apply', {
  title: '申请',
  whileSuspended: true,
  by: holderOrAgent,
  to: 'applied',
  input: application,
  rules: [holdsSubject, follows],
  effect: async (context) => {
    const { holder, letter, ...asked } = context.input;
    const { record } = await subjectOf(context, asked.subject);
    const { region: place } = record.body as { region: string };
    const organization = context.caller.organization;
    const body: RegistrationBody = {
      ...asked,
      applicant: holder ?? organization,
      ...(letter ? { agent: { organization, letter } } : {}),
      region: place,
    };
    return { body: withDeadline(body, 'accept', context) };
  },
});

/** 补正 — it goes on where it was asked, with the registrar's time anew. */
export const supplement = registration.act('supplement', {
  title: '补正',
  waits: true,
  whileSuspended: true,
  by: holderOrAgent,
  from: ['supplement-requested'],
  input: z.strictObject({ documents: z.array(document).min(1).max(20) }),
  effect: (context) => {
    const { body, input, time } = context;
    const back = body.requests?.at(-1)?.while ?? 'applied';
    const supplemented = { ...body, supplements: [...(body.supplements ?? []), { ...input, at: time }] };
    return { body: withDeadline(supplemented, back === 'applied' ? 'accept' : 'review', context), to: back };
  },
});

/** 撤回 */
export const withdraw = registration.act('withdraw', {
  title: '撤回',
  waits: false,
  by: holderOrAgent,
  from: ['applied', 'supplement-requested', 'accepted', 'passed', 'cancelling', 'publicized', 'objected'],
  to: 'withdrawn',
  input: z.strictObject({ reason: text }),
  whileSuspended: true,
});

async function subjectOf({ read }: Reader, subject: string): Promise<{ kind: Kind; record: LedgerRecord }> {
  const held = kindNamed(parseRef(subject).kind);
  if (!held) throw new TypeError(`no kind of ${subject}`); // its schema names kinds that there are
  return { kind: held, record: await read(held, subject) };
}
