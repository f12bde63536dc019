// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { Mark, Reader } from '../../kind/act.js';
import { breach, breachIf } from '../../kind/rule.js';
import { limitAfter } from '../../rulebook/rulebook.js';
import { begun, ended, spansOf } from '../../kind/spans.js';
import { document, instant, codeName, text } from '../../vocabulary/vocabulary.js';
import { REGISTERED } from './registered.js';
import type { RegistrationBody } from './body.js';
import { follows, holdsSubject } from './filing.js';
import { byOtherRegistrar, forAnother, registrar, registration, subjectKey } from './kind.js';

/** A code is given only after the period of publicity. */
export const publicityOver = registration.rule('publicity-over', ({ body, time }) =>
  breachIf(body.publicity !== undefined && time < body.publicity.until, 'in-publicity', {
    until: body.publicity?.until ?? '',
  }),
);

/** A registration is valid for no longer than the rulebook lets it be, and not only in the past. */
export const validInTime = registration.rule('registration-validity', ({ body, rulebook, time }) => {
  const latest = limitAfter(time, rulebook, 'registration-validity');
  const { validUntil } = body;
  if (validUntil === undefined) return [];
  if (validUntil <= time) return [breach('validity-over', { until: validUntil })];
  return breachIf(latest !== undefined && validUntil > latest, 'validity-beyond', {
    until: validUntil,
    latest: latest ?? '',
  });
});

/** A national code is one subject's. */
export const codeUnique = registration.rule('code-unique', async ({ body, marked }) => {
  const holder = body.code === undefined ? undefined : await marked(CODED, body.code);
  return breachIf(holder !== undefined && holder !== subjectKey(body), 'code-taken', { code: body.code ?? '' });
});

const supersede = registration.consequence('supersede', { title: '被取代', from: ['coded'], to: 'superseded' });
const cancelled = registration.consequence('cancelled', { title: '注销', from: ['coded'], to: 'cancelled' });

/** 赋码 — it is in force; what it changes, corrects or renews is superseded. */
export const code = registration.act('code', {
  title: '赋码',
  waits: forAnother,
  notBefore: ({ publicity }) => publicity?.until,
  by: registrar,
  from: ['publicized'],
  to: 'coded',
  input: z.strictObject({ code: codeName, queryCode: codeName.optional(), validUntil: instant.optional() }),
  rules: [follows, holdsSubject, publicityOver, validInTime, codeUnique, byOtherRegistrar],
  effect: async ({ body, input, ref, time, marked, find, rulebook }) => {
    const before = body.of === undefined ? undefined : await find(registration, body.of);
    const kept = body.type === 'renewal' ? undefined : before?.body.validUntil;
    const validUntil = input.validUntil ?? kept ?? limitAfter(time, rulebook, 'registration-validity');
    const spans = begun(spansOf(await marked(REGISTERED, subjectKey(body))), time, validUntil);
    return {
      body: { ...body, ...input, codedAt: time, ...(validUntil === undefined ? {} : { validUntil }) },
      marks: [
        { name: REGISTERED, key: subjectKey(body), value: { registration: ref, spans } },
        { name: CODED, key: input.code, value: subjectKey(body) },
      ],
      also: before ? [supersede.of(before.id, before.body)] : [],
    };
  },
});

/** Mark on a national code: whose it is. */
const CODED = 'national-code';

/** 注销 — carries out a cancellation that passed its review. */
export const cancel = registration.act('cancel', {
  title: '注销',
  waits: forAnother,
  by: registrar,
  from: ['cancelling'],
  to: 'completed',
  rules: [follows, byOtherRegistrar],
  effect: async ({ body, time, marked, read }) => {
    const before = await read(registration, body.of ?? '');
    return {
      marks: await endMark(body, body.of ?? '', time, marked),
      also: [cancelled.of(before.id, before.body)],
    };
  },
});

/** 撤销 — the registrar takes a registration back: it was obtained wrongly. */
export const revoke = registration.act('revoke', {
  title: '撤销',
  waits: false,
  by: registrar,
  from: ['coded'],
  to: 'revoked',
  input: z.strictObject({ reason: text, document: document.optional() }),
  effect: async ({ body, input, ref, time, marked }) => ({
    body: { ...body, revocation: { ...input, at: time } },
    marks: await endMark(body, ref, time, marked),
  }),
});

/** The mark once a registration has ended; none if it is of another by now, which was coded after this one expired. */
async function endMark(
  body: RegistrationBody,
  registered: string,
  time: string,
  marked: Reader['marked'],
): Promise<Mark[]> {
  const mark = (await marked(REGISTERED, subjectKey(body))) as { readonly registration: string } | undefined;
  if (mark?.registration !== registered) return [];
  const value = { registration: registered, spans: ended(spansOf(mark), time) };
  return [{ name: REGISTERED, key: subjectKey(body), value }];
}
