// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { anyHolder, type Reader } from '../act.js';
import { kind, kindNamed, type Kind } from '../kind.js';
import { parseRef, type LedgerRecord } from '../record.js';
import { breach, breachIf, defineRule, type Breach } from '../rule.js';
import { periodAfter } from '../rulebook.js';
import { creditCode, document, instant, name, region, text, versionTo } from '../vocabulary.js';

const registrationBody = z.strictObject({
  /** The exact version that is registered. */
  subject: versionTo('resource', 'product'),
  applicant: creditCode,
  region,
  type: z.literal('initial'),
  commitment: document.optional(),
  reason: text.optional(),
  /** 形式审核 */
  review: z.strictObject({ result: z.enum(['pass', 'fail']), opinion: text, at: instant }).optional(),
  /** 公示 */
  publicity: z.strictObject({ from: instant, until: instant }).optional(),
  /** 登记编码 and 查询码 as the national platform gave them: recorded, never minted. */
  code: name.optional(),
  queryCode: name.optional(),
  codedAt: instant.optional(),
  validUntil: instant.optional(),
});

/** 登记 — the registration of a resource (required, Art. 7) or a product (encouraged). */
export const registration = kind('registration', {
  title: '登记',
  plural: 'registrations',
  schema: 1,
  body: registrationBody,
  states: ['applied', 'accepted', 'declined', 'passed', 'failed', 'publicized', 'coded'],
  inForce: ['coded'],
  public: ['publicized', 'coded'],
  parties: (body) => [body.applicant],
});

/** Mark on a resource or product id whose registration is coded. */
const REGISTERED = 'registered';

const applicant = (body: { applicant: string }): string => body.applicant;

/** The applicant holds what it registers. */
export const holdsSubject = registration.rule('registers-own', async (context) => {
  const { kind: held, record } = await subjectOf(context, context.body.subject);
  return breachIf(
    held.holder?.(record.body) !== context.body.applicant,
    `${context.body.subject} is held by another organisation`,
    'let its holder apply',
  );
});

/** 申请 — the holder applies for the first registration of an exact version. */
export const apply = registration.creation('apply', {
  title: '申请',
  by: { department: applicant, supplier: applicant, operator: applicant, developer: applicant },
  to: 'applied',
  input: z.strictObject({ subject: registrationBody.shape.subject, commitment: document.optional() }),
  rules: [holdsSubject],
  effect: async (context) => {
    const { record } = await subjectOf(context, context.input.subject);
    const { region: place } = record.body as { region: string };
    return { body: { ...context.input, applicant: context.caller.organization, region: place, type: 'initial' } };
  },
});

/** 受理 */
export const accept = registration.act('accept', {
  title: '受理',
  by: { registrar: anyHolder },
  from: ['applied'],
  to: 'accepted',
});

/** 不予受理 */
export const decline = registration.act('decline', {
  title: '不予受理',
  by: { registrar: anyHolder },
  from: ['applied'],
  to: 'declined',
  input: z.strictObject({ reason: text }),
  effect: ({ body, input }) => ({ body: { ...body, reason: input.reason } }),
});

/** 形式审核 */
export const review = registration.act('review', {
  title: '形式审核',
  by: { registrar: anyHolder },
  from: ['accepted'],
  input: z.strictObject({ result: z.enum(['pass', 'fail']), opinion: text }),
  effect: ({ body, input, time }) => ({
    body: { ...body, review: { ...input, at: time } },
    to: input.result === 'pass' ? 'passed' : 'failed',
  }),
});

/** 公示 — for the rulebook's period of publicity. */
export const publicize = registration.act('publicize', {
  title: '公示',
  by: { registrar: anyHolder },
  from: ['passed'],
  to: 'publicized',
  effect: ({ body, time, rulebook }) => ({
    body: { ...body, publicity: { from: time, until: periodAfter(time, rulebook, 'publicity') } },
  }),
});

/** A code is given only after the period of publicity. */
export const publicityOver = registration.rule('publicity-over', ({ body, time }) =>
  breachIf(
    body.publicity !== undefined && time < body.publicity.until,
    `in publicity until ${body.publicity?.until ?? ''}`,
    'wait until the period of publicity is over',
  ),
);

/** 赋码 */
export const code = registration.act('code', {
  title: '赋码',
  by: { registrar: anyHolder },
  from: ['publicized'],
  to: 'coded',
  input: z.strictObject({ code: name, queryCode: name.optional(), validUntil: instant.optional() }),
  rules: [publicityOver],
  effect: ({ body, input, ref, time }) => ({
    body: { ...body, ...input, codedAt: time },
    marks: [{ name: REGISTERED, key: body.subject.replace(/@.*/, ''), value: { registration: ref, since: time } }],
  }),
});

/** 公共数据资源授权运营涉及的公共数据资源应当进行登记 (Art. 7): for entries of a catalogue and sources of a product. */
export const registered = defineRule<{
  readonly entries?: readonly { readonly resource: string }[];
  readonly sources?: readonly { readonly resource: string }[];
}>(
  'registered',
  async ({ body, marked, asOf }) => {
    const missing: string[] = [];
    for (const { resource: id } of [...(body.entries ?? []), ...(body.sources ?? [])]) {
      const mark = (await marked(REGISTERED, `resource/${id}`)) as { since: string } | undefined;
      if (!mark || (asOf !== undefined && mark.since > asOf)) missing.push(id);
    }
    const shown = missing.slice(0, 5).join(', ') + (missing.length > 5 ? ', …' : '');
    const found: Breach[] = [breach(`${missing.length} resources are not registered: ${shown}`, 'register them')];
    return missing.length > 0 ? found : [];
  },
  { recordable: true },
);

async function subjectOf({ read }: Reader, subject: string): Promise<{ kind: Kind; record: LedgerRecord }> {
  const held = kindNamed(parseRef(subject).kind);
  if (!held) throw new TypeError(`no kind of ${subject}`); // its schema names kinds that there are
  return { kind: held, record: await read(held, subject) };
}
