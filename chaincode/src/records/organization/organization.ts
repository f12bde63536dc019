// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { says } from '../../vocabulary/issue.js';
import { anyHolder, type Mark } from '../../kind/act.js';
import { refusal } from '../../vocabulary/error.js';
import { control } from '../../chain/control.js';
import { byAnotherThan } from '../../chain/decided-by-another.js';
import { kind } from '../../kind/kind.js';
import { breachIf, defineRule } from '../../kind/rule.js';
import { shareOf } from '../../kind/share.js';
import {
  creditCode,
  document,
  instant,
  isCreditCode,
  name,
  region,
  roleNames,
  term,
  text,
} from '../../vocabulary/vocabulary.js';

/** 网信 · 发改 · 公安 · 财政 · 审计 · 市场监管 · 国资 · 知识产权 */
const offices = [
  'cyberspace',
  'development-reform',
  'public-security',
  'finance',
  'audit',
  'market',
  'state-assets',
  'ip',
] as const;

const roleHeld = z.strictObject({
  role: z.enum(roleNames),
  region,
  /** For supervisors: which office they are. */
  office: z.enum(offices).optional(),
  /** For supervisors: the data domains overseen. Absent: all. */
  remit: z.array(term).min(1).max(100).optional(),
});
export type RoleHeld = z.infer<typeof roleHeld>;

const qualification = z.strictObject({
  role: z.enum(['developer', 'operator']),
  basis: document,
  by: z.string(),
  since: instant,
  until: instant.optional(),
});

const organizationBody = z.strictObject({
  name,
  /** The channel MSP that certifies its users. */
  msp: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9]{0,39}$/, says('not-an-msp'))
    .meta({ examples: ['DepartmentMSP'] }),
  roles: z.array(roleHeld).min(1).max(20),
  qualifications: z.array(qualification),
  /** 控制关系 that both declared or an office determined: who controls it, and whom it controls (`over`). */
  controls: z.array(control.extend({ over: creditCode.optional() })).optional(),
  /** While it is suspended. */
  suspension: z.strictObject({ by: creditCode, reason: text, document: document.optional(), at: instant }).optional(),
});
export type OrganizationBody = z.infer<typeof organizationBody>;

/** 参与主体 — an organisation, by its unified social credit code, and the roles it holds. */
export const organization = kind('organization', {
  title: '参与主体',
  plural: 'organizations',
  schema: 1,
  body: organizationBody,
  states: ['admitted', 'suspended'],
  inForce: ['admitted'],
  public: ['admitted', 'suspended'],
  parties: () => [],
});

/** Mark that the founding data-authority has admitted itself: it can do so once. */
export const FOUNDED = { name: 'founded', key: 'channel' } as const;

/** 准入 — the data-authority admits an organisation with its roles; the founding one admits itself. */
export const admit = organization.creation('admit', {
  title: '准入',
  by: { 'data-authority': anyHolder },
  to: 'admitted',
  input: z.strictObject({ name, msp: organizationBody.shape.msp, roles: organizationBody.shape.roles }),
  effect: ({ id, input, caller, time }) => {
    if (!isCreditCode(id)) {
      throw refusal('INPUT_INVALID', 'not-a-code', { id });
    }
    const founding = caller.organization === id;
    if (founding && (input.msp !== caller.msp || !input.roles.some(({ role }) => role === 'data-authority'))) {
      throw refusal('FORBIDDEN', 'founder-admits-itself');
    }
    const marks: Mark[] = founding ? [{ ...FOUNDED, value: { organization: id, at: time } }] : [];
    return { body: { ...input, qualifications: [] }, marks };
  },
});

const ownQualifications = shareOf<OrganizationBody>('qualifications', 20, ({ qualifications }) =>
  qualifications.map(({ by }) => by),
);

/** 资质认定 — the implementing agency finds that a developer (Art. 20) or operator (Art. 10) meets its conditions. */
export const qualify = organization.act('qualify', {
  title: '资质认定',
  waits: false,
  by: { 'implementing-agency': anyHolder },
  from: ['admitted'],
  input: z.strictObject({ role: qualification.shape.role, basis: document, until: instant.optional() }),
  rules: [ownQualifications, byAnotherThan(({ id }) => [id])],
  effect: ({ body, input, caller, time }) => ({
    body: {
      ...body,
      qualifications: [...body.qualifications, { ...input, by: caller.organization, since: time }],
    },
  }),
});

/** 开发主体需具备实施机构规定的资质 (Art. 20): by the agency of the record, for any that names its `developer`. */
export const developerQualified = defineRule<{ readonly developer?: string; readonly agency: string }>(
  'developer-qualified',
  async ({ body, find, asOf, occurredAt }) => {
    if (body.developer === undefined) return [];
    const record = await find(organization, body.developer);
    const qualified = record?.body.qualifications.some(
      ({ role, by, since, until }) =>
        role === 'developer' &&
        by === body.agency &&
        (asOf === undefined || since <= asOf) &&
        (until === undefined || occurredAt < until),
    );
    return breachIf(!qualified, 'developer-not-qualified', { organization: body.developer });
  },
);
