// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { cast, CITY, type Member } from './cast.js';
import { demoRulebook } from './rulebook.js';

/** One act of the demonstration: who does what to which record. */
export interface Step {
  readonly by: Member;
  /** `kind:act` */
  readonly act: string;
  readonly id: string;
  readonly input: object;
}

/** A resource as the story needs it: on chain already, and whose it is. */
export interface Anchored {
  readonly id: string;
  readonly domain: string;
  readonly provider: Member;
}

/** Ids of the demonstration's records. */
export const ids = {
  catalogue: 'C-2026',
  plan: 'PLAN-2026',
  agreement: 'AGR-2026',
  scenario: 'SCN-credit',
  grant: 'GRANT-credit',
  basic: 'P-basic',
  derived: 'P-score',
  toDeveloper: 'D-basic',
  toMarket: 'D-score',
  usage: 'U-score-1',
  misuse: 'U-score-2',
} as const;

export const PURPOSE = '普惠金融授信';

/** A made-up digest: nothing lies behind it but its own name. */
export function madeUpDigest(of: string): string {
  return `sha256:${createHash('sha256').update(`演示:${of}`).digest('hex')}`;
}

/** The founding: the data-authority admits itself and the others, and adopts the rulebook. */
export function founding(departments: readonly Member[]): Step[] {
  const members = [...Object.values(cast), ...departments];
  return [
    ...members.map((member) => step(cast.authority, 'organization:admit', member.code, admission(member))),
    step(cast.authority, 'rulebook:adopt', 'city', demoRulebook),
  ];
}

function admission({ name, msp, role, remit }: Member): object {
  return { name, msp, roles: [{ role, region: CITY, ...(remit ? { remit } : {}) }] };
}

/** 编目、定级 of one anchored resource. */
export function graded({ id, provider }: Anchored): Step[] {
  return [
    step(provider, 'resource:catalogue', id, { sharing: { type: 'conditional' } }),
    step(provider, 'resource:grade', id, { grade: { class: 'general', level: 2 } }),
  ];
}

/** 登记 of one resource, from application to code. */
export function registered({ id, provider }: Anchored): Step[] {
  const registration = `REG-${id}`;
  return [
    step(provider, 'registration:apply', registration, { subject: `resource/${id}@1` }),
    step(cast.registrar, 'registration:accept', registration, {}),
    step(cast.registrar, 'registration:review', registration, { result: 'pass', opinion: '形式审核通过' }),
    step(cast.registrar, 'registration:publicize', registration, {}),
    step(cast.registrar, 'registration:code', registration, { code: `DEMO-${id}` }),
  ];
}

/** 目录 of graded resources: compiled, confirmed by each department, published. */
export function listed(resources: readonly Anchored[]): Step[] {
  const providers = new Map(resources.map(({ provider }) => [provider.code, provider]));
  return [
    step(cast.agency, 'catalogue:compile', ids.catalogue, {
      title: '授权运营公共数据资源目录(演示)',
      region: CITY,
      resources: resources.map(({ id }) => id),
    }),
    ...[...providers.values()].map((provider) => step(provider, 'catalogue:confirm', ids.catalogue, {})),
    step(cast.agency, 'catalogue:publish', ids.catalogue, {}),
  ];
}

/** 方案、协议、场景、授权 for the domains of `resources`. */
export function authorized(resources: readonly Anchored[]): Step[] {
  const domains = [...new Set(resources.map(({ domain }) => domain))];
  const term = { from: '2026-01-01T00:00:00Z', to: '2031-01-01T00:00:00Z' };
  const wide = { catalogue: ids.catalogue, ...term };
  const narrow = {
    ...wide,
    domains,
    purposes: [PURPOSE],
    actions: ['develop', 'deliver', 'use'],
    to: '2029-01-01T00:00:00Z',
  };
  return [
    step(cast.agency, 'organization:qualify', cast.operator.code, { role: 'operator', basis: paper('运营机构资质') }),
    step(cast.agency, 'organization:qualify', cast.developer.code, { role: 'developer', basis: paper('开发主体资质') }),
    step(cast.agency, 'plan:draft', ids.plan, {
      title: '授权运营实施方案(演示)',
      region: CITY,
      terms: wide,
      parts: partsOf('plan'),
    }),
    step(cast.authority, 'plan:approve', ids.plan, { document: paper('批复'), version: 1 }),
    step(cast.agency, 'agreement:propose', ids.agreement, {
      plan: `plan/${ids.plan}`,
      operator: cast.operator.code,
      terms: { ...wide, to: '2030-01-01T00:00:00Z' },
      parts: partsOf('agreement'),
    }),
    step(cast.agency, 'agreement:sign', ids.agreement, { document: paper('协议') }),
    step(cast.operator, 'agreement:sign', ids.agreement, { document: paper('协议') }),
    step(cast.agency, 'agreement:file', ids.agreement, { document: paper('备案') }),
    step(cast.developer, 'scenario:apply', ids.scenario, {
      title: '小微企业普惠授信(演示)',
      agreement: `agreement/${ids.agreement}`,
      purpose: PURPOSE,
      domains,
      parts: partsOf('scenario'),
    }),
    step(cast.operator, 'scenario:forward', ids.scenario, { opinion: '场景真实，建议评估' }),
    step(cast.agency, 'scenario:assess', ids.scenario, {
      result: 'approve',
      reason: '合规性评估通过',
      grant: { id: ids.grant, terms: narrow },
    }),
  ];
}

/** 开发、发布、交付、使用 of a basic product from `inputs`, and of a derived one from that. */
export function produced(inputs: readonly Anchored[]): Step[] {
  const grant = `grant/${ids.grant}`;
  const development = { purpose: PURPOSE, environment: '授权运营域开发环境(演示)' };
  return [
    step(cast.operator, 'product:develop', ids.basic, {
      title: '企业经营基础数据集(演示)',
      authority: `agreement/${ids.agreement}`,
      inputs: inputs.map(({ id }) => `resource/${id}@1`),
      process: madeUpDigest('基础加工流程'),
      digest: madeUpDigest('基础数据集'),
      form: 'dataset',
      ...development,
    }),
    ...outOfDomain(cast.operator, ids.basic),
    step(cast.operator, 'product:release', ids.basic, { channel: '授权运营平台' }),
    step(cast.operator, 'delivery:deliver', ids.toDeveloper, {
      product: `product/${ids.basic}@1`,
      to: cast.developer.code,
      authority: grant,
      purpose: PURPOSE,
    }),
    step(cast.developer, 'delivery:confirm', ids.toDeveloper, {}),
    step(cast.developer, 'product:develop', ids.derived, {
      title: '小微企业授信评分服务(演示)',
      authority: grant,
      inputs: [`product/${ids.basic}@1`],
      process: madeUpDigest('评分模型'),
      digest: madeUpDigest('评分服务'),
      form: 'service',
      ...development,
    }),
    ...outOfDomain(cast.developer, ids.derived),
    step(cast.developer, 'product:request-release', ids.derived, {}),
    step(cast.operator, 'product:check', ids.derived, { result: 'pass', opinion: '与场景方案一致' }),
    step(cast.developer, 'product:release', ids.derived, { channel: '数据交易平台(演示)' }),
    step(cast.developer, 'delivery:deliver', ids.toMarket, {
      product: `product/${ids.derived}@1`,
      to: cast.rival.code,
      authority: grant,
      purpose: PURPOSE,
    }),
    step(cast.developer, 'usage:record', ids.usage, use({ quantity: 1000 })),
  ];
}

/** 定级、出域审查 of a product. */
export function outOfDomain(holder: Member, id: string): Step[] {
  return [
    step(holder, 'product:grade', id, { grade: { class: 'general', level: 2 } }),
    step(cast.agency, 'product:clear-export', id, { conclusion: '不含个人信息，准予出域' }),
  ];
}

/** A use of the derived product by its developer, as the grant allows it unless `changed`. */
export function use(changed: object = {}): object {
  const usual = {
    subject: `product/${ids.derived}@1`,
    authority: `grant/${ids.grant}`,
    purpose: PURPOSE,
    action: 'use',
  };
  return { ...usual, ...changed };
}

function step(by: Member, act: string, id: string, input: object): Step {
  return { by, act, id, input };
}

function paper(title: string): object {
  return { title: `${title}(演示)`, number: '演示〔2026〕1号', digest: madeUpDigest(title) };
}

function partsOf(record: keyof typeof demoRulebook.parts): object {
  return Object.fromEntries(demoRulebook.parts[record].map((part) => [part, { digest: madeUpDigest(part) }]));
}
