// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';
import { z } from 'zod';
import type { Effect, Mark, Reader } from '../../kind/act.js';
import { exceptionMarks, type Exception } from '../../chain/exceptions.js';
import { LISTED, listingsOf } from '../../chain/listed.js';
import { kind } from '../../kind/kind.js';
import { parseRef } from '../../kind/record.js';
import { breach, breachIf, firstOf } from '../../kind/rule.js';
import { begun, ended, type Span } from '../../kind/spans.js';
import {
  creditCode,
  digest,
  idOf,
  instant,
  name,
  recordId,
  region,
  regionCovers,
  sortedSet,
  text,
  versionTo,
} from '../../vocabulary/vocabulary.js';
import { registered } from '../registration/registered.js';
import { resource } from '../resource/resource.js';
import { shareable } from '../../chain/shareable.js';

const entry = z.strictObject({
  resource: recordId,
  version: z.int().positive(),
  title: name,
  domain: name,
  provider: creditCode,
});
type Entry = z.infer<typeof entry>;

const ids = z.array(idOf('resource')).max(5000);

const catalogueBody = z
  .strictObject({
    title: name,
    agency: creditCode,
    region,
    /** Sorted by resource. Of a revision: those it adds, or enters anew at their current version. */
    entries: z.array(entry).max(5000),
    /** SHA-256 of the canonical JSON of `entries`: covers every entry. */
    digest,
    /** Departments that confirm there is no bar on sharing. */
    confirmations: z.array(z.strictObject({ organization: creditCode, at: instant })),
    publishedAt: instant.optional(),
    /** What a draft revises, at which version, and the entries that it drops. */
    revision: z.strictObject({ of: versionTo('catalogue'), drop: ids, reason: text }).optional(),
    /** Revisions that were published. */
    revisions: z.array(z.strictObject({ by: recordId, reason: text, at: instant })).optional(),
    /** Entries that have left the scope since they were entered, or come back: a regrade, a bar in law, a withdrawal. */
    changes: z.array(z.strictObject({ resource: recordId, available: z.boolean(), at: instant })).optional(),
  })
  .refine(({ entries, revision }) => entries.length > 0 || revision !== undefined, 'a catalogue has entries');
type CatalogueBody = z.infer<typeof catalogueBody>;

/** 授权运营公共数据资源目录 — the resources that authorization is about (Art. 14). */
export const catalogue = kind('catalogue', {
  title: '授权运营公共数据资源目录',
  plural: 'catalogues',
  schema: 1,
  body: catalogueBody,
  states: ['compiled', 'published', 'merged'], // merged: a revision that was published
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
    `not graded, withdrawn, or of another region: ${firstOf(ungraded)}`,
    'catalogue and grade them first',
  );
});

const agency = (body: { agency: string }): string => body.agency;

/** 编制 — the agency compiles resources into a catalogue. */
export const compile = catalogue.creation('compile', {
  title: '编制',
  by: { 'implementing-agency': agency },
  to: 'compiled',
  input: z.strictObject({ title: name, region, resources: ids.min(1) }),
  rules: [entriesGraded, shareable],
  effect: async ({ input: { resources, ...rest }, caller, read }) => ({
    body: { ...rest, agency: caller.organization, ...listing(await entriesOf(resources, read)), confirmations: [] },
  }),
});

/** A revision is of the agency's own published catalogue, as it is now, and drops what that has. */
export const revisesCurrent = catalogue.rule('revises-current', async ({ body, find, moment }) => {
  if (!body.revision) return [];
  const { of, drop } = body.revision;
  const record = await find(catalogue, parseRef(of).id);
  if (record?.body.agency !== body.agency || moment(record)?.state !== 'published') {
    return [breach(`${of} is no published catalogue of ${body.agency}`, 'revise a published catalogue of your own')];
  }
  if (record.version !== parseRef(of).version) {
    return [breach(`${of} is at version ${record.version} now`, 'draft the revision on the current version')];
  }
  const missing = drop.filter((id) => !record.body.entries.some(({ resource: entered }) => entered === id));
  return breachIf(missing.length > 0, `not in ${of}: ${firstOf(missing)}`, 'drop what it has');
});

/** 修订 — the agency drafts what a published catalogue is to gain and lose; it stays in force as it is meanwhile. */
export const revise = catalogue.creation('revise', {
  title: '修订',
  by: { 'implementing-agency': agency },
  to: 'compiled',
  input: z
    .strictObject({ of: versionTo('catalogue'), add: ids.default([]), drop: ids.default([]), reason: text })
    .refine(({ add, drop }) => add.length + drop.length > 0, 'a revision adds or drops something')
    .meta({ examples: [{ of: 'catalogue/CAT-2026@1', add: ['R-1'], reason: '新增一项' }] }),
  rules: [revisesCurrent, entriesGraded, shareable],
  effect: async ({ input: { add, drop, ...rest }, caller, read }) => {
    const { title, region: place } = (await read(catalogue, rest.of)).body;
    const revision = { ...rest, drop: sortedSet(drop) };
    const body = { title, region: place, agency: caller.organization, confirmations: [], revision };
    return { body: { ...body, ...listing(await entriesOf(add, read)) } };
  },
});

async function entriesOf(resources: readonly string[], read: Reader['read']): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const id of sortedSet(resources)) {
    const { version, body } = await read(resource, id);
    entries.push({ resource: id, version, title: body.title, domain: body.domain, provider: body.provider });
  }
  return entries;
}

function listing(entries: Entry[]): Pick<CatalogueBody, 'entries' | 'digest'> {
  const covered = createHash('sha256').update(canonicalize(entries)).digest('hex');
  return { entries, digest: `sha256:${covered}` };
}

/** 确认 — a department confirms that no law bars its entries from sharing. */
export const confirm = catalogue.act('confirm', {
  title: '确认',
  waits: ({ entries, confirmations }, { by }) =>
    entries.some(({ provider }) => provider === by) && !confirmations.some(({ organization }) => organization === by),
  by: {
    department: (body) => body.entries.map(({ provider }) => provider),
    supplier: (body) => body.entries.map(({ provider }) => provider),
  },
  from: ['compiled'],
  effect: ({ body, caller, time }) => ({
    body: body.confirmations.some(({ organization }) => organization === caller.organization)
      ? body
      : { ...body, confirmations: [...body.confirmations, { organization: caller.organization, at: time }] },
  }),
});

/** Every provider has confirmed. */
export const allConfirmed = catalogue.rule('catalogue-confirmed', ({ body }) => {
  const confirmed = new Set(body.confirmations.map((one) => one.organization));
  const missing = sortedSet(body.entries.map(({ provider }) => provider)).filter((one) => !confirmed.has(one));
  return breachIf(missing.length > 0, `not confirmed by ${missing.join(', ')}`, 'let each provider confirm');
});

/** Revisions that a catalogue tells of; those before are in its earlier versions. */
const MOST_REVISIONS = 50;

const revised = catalogue.consequence('revised', {
  title: '修订',
  from: ['published'],
  to: 'published',
  rules: [entriesGraded, shareable], // of every entry: what is core data by now is dropped
});

/** 范围变动 — an act on a resource takes it out of scope, or back: told where readers of the catalogue see it. */
export const scopeChanged = catalogue.consequence('scope-changed', {
  title: '范围变动',
  from: ['published'],
  to: 'published',
});

/**
 * 发布 — from now on its entries are in the scope of every link that names it. A revision makes the next version of the
 * catalogue that it revises, under the same id.
 */
export const publish = catalogue.act('publish', {
  title: '发布',
  waits: ({ entries, confirmations }) =>
    entries.every(({ provider }) => confirmations.some(({ organization }) => organization === provider)),
  by: { 'implementing-agency': agency },
  from: ['compiled'],
  to: 'published',
  rules: [revisesCurrent, allConfirmed, entriesGraded, shareable, registered],
  effect: async ({ body, id, time, find, marked }): Promise<Effect<CatalogueBody>> => {
    const added = body.entries.map((one) => one.resource);
    const published = { ...body, publishedAt: time };
    const { revision } = body;
    if (!revision) return { body: published, marks: await listedMarks(id, { added }, { time, marked }) };
    const current = await find(catalogue, parseRef(revision.of).id);
    if (!current) return { body }; // refused by `revisesCurrent`
    const { changes: _, ...rest } = current.body;
    const gone = [...revision.drop, ...added];
    const kept = rest.entries.filter((one) => !gone.includes(one.resource));
    const before = new Set(rest.confirmations.map((one) => one.organization)); // of what it adds, the draft tells
    const next: CatalogueBody = {
      ...rest,
      ...listing([...kept, ...body.entries].sort((a, b) => (a.resource < b.resource ? -1 : 1))),
      confirmations: [...rest.confirmations, ...body.confirmations.filter((one) => !before.has(one.organization))],
      revisions: [...(rest.revisions ?? []), { by: id, reason: revision.reason, at: time }].slice(-MOST_REVISIONS),
    };
    const dropped = revision.drop.filter((one) => !added.includes(one));
    return {
      body: published,
      to: 'merged',
      marks: await listedMarks(current.id, { added, dropped }, { time, marked }),
      also: [revised.of(current.id, next)],
    };
  },
});

/** The marks of entries that a catalogue lists, or lists no longer, from `time` on. */
async function listedMarks(
  id: string,
  { added, dropped = [] }: { readonly added: readonly string[]; readonly dropped?: readonly string[] },
  { time, marked }: { readonly time: string; readonly marked: Reader['marked'] },
): Promise<Mark[]> {
  const marks: Mark[] = [];
  const after = new Map<string, readonly Span[]>();
  for (const key of [...added, ...dropped]) {
    const before = listingsOf(await marked(LISTED, key));
    const change = added.includes(key) ? begun : ended;
    const spans = change(before.get(id)?.spans ?? [], time);
    after.set(key, spans);
    marks.push({ name: LISTED, key, value: { ...Object.fromEntries(before), [id]: { spans } } });
  }
  const told = (key: string, before: Exception | undefined): Exception | undefined => {
    const spans = after.get(key);
    return spans && (before?.spans || dropped.includes(key)) ? { ...before, spans } : undefined;
  };
  const again = [...after].filter(([, spans]) => spans.length > 1).map(([key]) => key);
  return [...marks, ...(await exceptionMarks(id, sortedSet([...dropped, ...again]), told, { marked }))];
}
