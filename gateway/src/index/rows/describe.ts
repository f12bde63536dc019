// SPDX-License-Identifier: Apache-2.0
import type { VersionRow } from './rows.js';

/** Fields of a body that say in a word who provides, holds or uses a record, and for what. */
const ABOUT = [
  'provider',
  'holder',
  'user',
  'applicant',
  'developer',
  'operator',
  'agency',
  'from',
  'to',
  'purpose',
  'action',
  'quantity',
  'channel',
  'tier',
  'form',
  'domain',
  'category',
  'code',
] as const;

/** What a body of any kind says of itself in short: the same wherever a record is shown without its body. */
export function describe(body: unknown): Pick<VersionRow, 'title' | 'about' | 'reach'> {
  const fields = body as Readonly<Record<string, unknown>>;
  const title = fields.title ?? fields.name;
  const about: Record<string, string | number | boolean> = {};
  for (const field of ABOUT) {
    const value = fields[field];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') about[field] = value;
  }
  return {
    ...(typeof title === 'string' ? { title } : {}),
    about,
    reach: { region: fields.region, domain: fields.domain, domains: fields.domains },
  };
}
