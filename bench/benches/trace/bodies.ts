// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { cast, CITY, demoCode } from 'yuanliu-demo/cast';

export const domains = Array.from({ length: 14 }, (_, index) => `领域${index + 1}`);
export const developers = Array.from({ length: 200 }, (_, index) => demoCode(1000 + index));
export const departments = domains.map((_, index) => demoCode(100 + index));
export const AGREEMENTS = 20;
export const terms = { catalogue: 'C-999', from: '2026-01-01T00:00:00.000Z', to: '2036-01-01T00:00:00.000Z' };

export const agreementOf = (grant: number): string => `agreement/A-${grant % AGREEMENTS}`;
export const developerOf = (grant: number): string => developers[grant % developers.length] ?? '';
export const departmentOf = (resource: number): string => departments[resource % departments.length] ?? '';
const domainOf = (resource: number): string => domains[resource % domains.length] ?? '';

export function resourceBody(n: number) {
  return {
    title: `公共数据资源第${n}号`,
    domain: domainOf(n),
    provider: departmentOf(n),
    region: CITY,
    digest: digestOf(`resource ${n}`),
    sharing: { type: 'conditional' },
    grade: { class: 'general', level: 2 },
  };
}

export function registrationBody(n: number) {
  const at = '2026-02-01T00:00:00.000Z';
  return {
    subject: `resource/R-${n}@1`,
    applicant: departmentOf(n),
    region: CITY,
    type: 'initial',
    code: `DEMO-${n}`,
    codedAt: at,
  };
}

export function catalogueBody(last: number) {
  const first = last - (last % 1_000);
  const entries = Array.from({ length: last - first + 1 }, (_, index) => {
    const n = first + index;
    return {
      resource: `R-${n}`,
      version: 1,
      title: `公共数据资源第${n}号`,
      domain: domainOf(n),
      provider: departmentOf(n),
    };
  });
  const digest = digestOf(`catalogue ${last}`);
  return { title: `目录第${last}号`, agency: cast.agency.code, region: CITY, entries, digest, confirmations: [] };
}

export function productBody(n: number, grant: number, inputs: readonly string[]) {
  const developer = developerOf(grant);
  const of = inputs
    .filter((ref) => ref.startsWith('resource/'))
    .map((ref) => Number(ref.slice('resource/R-'.length, -2)));
  return {
    title: `数据产品第${n}号`,
    holder: developer,
    developer,
    tier: 'derived',
    authority: `grant/G-${grant}`,
    agreement: agreementOf(grant),
    operator: cast.operator.code,
    agency: cast.agency.code,
    region: CITY,
    purpose: '普惠金融授信',
    inputs,
    environment: '授权运营域开发环境',
    process: digestOf('process'),
    digest: digestOf(`product ${n}`),
    form: 'dataset',
    sources: of.map((resource) => ({
      resource: `R-${resource}`,
      domain: domainOf(resource),
      provider: departmentOf(resource),
    })),
    domains: [...new Set(of.map(domainOf))].sort(),
    personal: false,
    channel: '授权运营平台',
  };
}

export function usageBody(grant: number, subject: string) {
  const user = developerOf(grant);
  const common = {
    authority: `grant/G-${grant}`,
    agreement: agreementOf(grant),
    region: CITY,
    domains: domains.slice(0, 1),
  };
  return { user, subject, ...common, purpose: '普惠金融授信', action: 'use', quantity: 1 };
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
