// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';
import { z } from 'zod';
import { LISTED, shareable } from '../chain.js';
import { kind } from '../kind.js';
import { breachIf } from '../rule.js';
import { creditCode, digest, instant, name, recordId, region, regionCovers, sortedSet } from '../vocabulary.js';
import { registered } from './registered.js';
import { resource } from './resource.js';

const entry = z.strictObject({
  resource: recordId,
  version: z.int().positive(),
  title: name,
  domain: name,
  provider: creditCode,
});

const catalogueBody = z.strictObject({
  title: name,
  agency: creditCode,
  region,
  entries: z.array(entry).min(1).max(5000),
  /** SHA-256 of the canonical JSON of `entries`: covers every entry. */
  digest,
  /** Departments that confirm there is no bar on sharing. */
  confirmations: z.array(z.strictObject({ organization: creditCode, at: instant })),
  publishedAt: instant.optional(),
});

/** 授权运营公共数据资源目录 — the resources that authorization is about (Art. 14). */
export const catalogue = kind('catalogue', {
  title: '授权运营公共数据资源目录',
  plural: 'catalogues',
  schema: 1,
  body: catalogueBody,
  states: ['compiled', 'published'],
  inForce: ['published'],
  public: ['published'],
  parties: (body) => [body.agency, ...sortedSet(body.entries.map(({ provider }) => provider))],
  digests: (body) => [body.digest],
});

/** Only graded resources of the catalogue's region that are still held: each is entered at its current version. */
export const entriesGraded = catalogue.rule('entries-graded', async ({ body, find }) => {
  const ungraded: string[] = [];
  for (const { resource: id } of body.entries) {
    const record = await find(resource, id);
    if (record?.state !== 'graded' || !regionCovers(body.region, record.body.region)) ungraded.push(id);
  }
  return breachIf(
    ungraded.length > 0,
    `not graded, withdrawn, or of another region: ${ungraded.slice(0, 5).join(', ')}`,
    'catalogue and grade them first',
  );
});

/** 编制 — the agency compiles resources into a catalogue. */
export const compile = catalogue.creation('compile', {
  title: '编制',
  by: { 'implementing-agency': (body) => body.agency },
  to: 'compiled',
  input: z.strictObject({ title: name, region, resources: z.array(recordId).min(1).max(5000) }),
  rules: [entriesGraded, shareable],
  effect: async ({ input: { resources, ...rest }, caller, read }) => {
    const entries: z.infer<typeof entry>[] = [];
    for (const id of sortedSet(resources)) {
      const { version, body } = await read(resource, id);
      entries.push({ resource: id, version, title: body.title, domain: body.domain, provider: body.provider });
    }
    const covered = createHash('sha256').update(canonicalize(entries)).digest('hex');
    return { body: { ...rest, agency: caller.organization, entries, digest: `sha256:${covered}`, confirmations: [] } };
  },
});

/** 确认 — a department confirms that no law bars its entries from sharing. */
export const confirm = catalogue.act('confirm', {
  title: '确认',
  by: {
    department: (body) => body.entries.map(({ provider }) => provider),
    supplier: (body) => body.entries.map(({ provider }) => provider),
  },
  from: ['compiled'],
  effect: ({ body, caller, time }) => ({
    body: { ...body, confirmations: [...body.confirmations, { organization: caller.organization, at: time }] },
  }),
});

/** Every provider has confirmed. */
export const allConfirmed = catalogue.rule('catalogue-confirmed', ({ body }) => {
  const confirmed = new Set(body.confirmations.map((one) => one.organization));
  const missing = sortedSet(body.entries.map(({ provider }) => provider)).filter((one) => !confirmed.has(one));
  return breachIf(missing.length > 0, `not confirmed by ${missing.join(', ')}`, 'let each provider confirm');
});

/** 发布 — from now on its entries are in the scope of every link that names it. */
export const publish = catalogue.act('publish', {
  title: '发布',
  by: { 'implementing-agency': (body) => body.agency },
  from: ['compiled'],
  to: 'published',
  rules: [allConfirmed, entriesGraded, shareable, registered],
  effect: ({ body, id, time }) => ({
    body: { ...body, publishedAt: time },
    marks: body.entries.map((one) => ({ name: LISTED, key: `${id}/${one.resource}`, value: { since: time } })),
  }),
});
