// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { says } from '../../vocabulary/issue.js';
import type { ActContext, Reader } from '../../kind/act.js';
import { isListed, LISTED, listingsOf } from '../../chain/listed.js';
import { kind } from '../../kind/kind.js';
import { parseRef } from '../../kind/record.js';
import { breach, breachIf } from '../../kind/rule.js';
import { refusal } from '../../vocabulary/error.js';
import { idOf, name, region, regionCovers, sortedSet, text, versionTo } from '../../vocabulary/vocabulary.js';
import { resource } from '../resource/resource.js';
import { shareable } from '../../chain/shareable.js';
import { catalogueBody, ids, listing, type CatalogueBody, type Entry } from './body.js';
import { confirmationId, confirmed } from './confirmation.js';

/**
 * 授权运营公共数据资源目录 — the resources that authorization is about (Art. 14). A large one has sections (分册), one for a
 * department or domain, each a record of this kind that is `partOf` it. What names a catalogue names the whole.
 */
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

/** Which section an act is about, and of which catalogue: one without sections is its own only one. */
export function sectionOf({ id, body }: { readonly id: string; readonly body: CatalogueBody }) {
  const own = body.revision ? parseRef(body.revision.of).id : id;
  return { own, whole: body.partOf ?? own };
}

/** Only graded resources of the catalogue's region that are still held: each is entered at its current version. */
export const entriesGraded = catalogue.rule('entries-graded', async ({ body, find }) => {
  const ungraded: string[] = [];
  for (const { resource: id } of body.entries) {
    const record = await find(resource, id);
    if (record?.state !== 'graded' || !regionCovers(body.region, record.body.region)) ungraded.push(id);
  }
  return breachIf(ungraded.length > 0, 'entries-not-graded', { ids: ungraded });
});

/** A section is of a published catalogue of its own agency, inside its region, and no section of a section. */
export const sectionOfCatalogue = catalogue.rule('section-of-catalogue', async ({ body, find, moment }) => {
  if (body.partOf === undefined) return [];
  const whole = await find(catalogue, body.partOf);
  const isPublished = whole?.body.agency === body.agency && moment(whole)?.state === 'published';
  if (!isPublished || whole.body.partOf !== undefined) {
    return [breach('no-such-catalogue', { catalogue: `catalogue/${body.partOf}`, agency: body.agency })];
  }
  return breachIf(!regionCovers(whole.body.region, body.region), 'section-outside-region', {
    region: body.region,
    catalogue: `catalogue/${body.partOf}`,
  });
});

/** A resource is entered in one section of a catalogue. */
export const enteredOnce = catalogue.rule('entered-once', async ({ id, body, marked, time }) => {
  const { own, whole } = sectionOf({ id, body });
  const elsewhere: string[] = [];
  for (const { resource: entered } of body.entries) {
    const mark = await marked(LISTED, entered);
    if (!isListed(mark, whole, { asOf: undefined, time })) continue;
    const section = listingsOf(mark).get(whole)?.section ?? whole;
    if (section !== own) elsewhere.push(`${entered} (in ${section})`);
  }
  return breachIf(elsewhere.length > 0, 'entered-elsewhere', { catalogue: `catalogue/${whole}`, ids: elsewhere });
});

const agency = (body: { agency: string }): string => body.agency;

/** 设立 — the agency opens a catalogue that its sections are published into; until then it lists nothing. */
export const open = catalogue.creation('open', {
  title: '设立',
  by: { 'implementing-agency': agency },
  to: 'published',
  input: z.strictObject({ title: name, region }).meta({ examples: [{ title: '市公共数据目录', region: '310000' }] }),
  effect: ({ input, caller, time }) => ({
    body: { ...input, agency: caller.organization, ...listing([], []), confirmations: [], publishedAt: time },
  }),
});

/** 编制 — the agency compiles resources into a catalogue, or into a section of one. */
export const compile = catalogue.creation('compile', {
  title: '编制',
  by: { 'implementing-agency': agency },
  to: 'compiled',
  input: z.strictObject({ title: name, region, partOf: idOf('catalogue').optional(), resources: ids.min(1) }),
  rules: [entriesGraded, shareable, sectionOfCatalogue, enteredOnce],
  effect: async ({ input: { resources, ...rest }, caller, rulebook, read }) => {
    if (rest.partOf !== undefined) demandRules(rulebook.rules);
    return {
      body: { ...rest, agency: caller.organization, ...listing(await entriesOf(resources, read)), confirmations: [] },
    };
  },
});

/** A rulebook of before there were sections says nothing of them: then nothing would keep them apart. */
function demandRules(adopted: Readonly<Record<string, unknown>>): void {
  const missing = [sectionOfCatalogue, enteredOnce].map(({ id }) => id).filter((id) => !Object.hasOwn(adopted, id));
  if (missing.length === 0) return;
  throw refusal('WRONG_STATE', 'section-rules-missing', { rules: missing });
}

/** A revision is of the agency's own published catalogue, as it is now, and drops what that has. */
export const revisesCurrent = catalogue.rule('revises-current', async ({ body, find, moment }) => {
  if (!body.revision) return [];
  const { of, drop } = body.revision;
  const record = await find(catalogue, parseRef(of).id);
  if (record?.body.agency !== body.agency || moment(record)?.state !== 'published') {
    return [breach('not-own-catalogue', { of, agency: body.agency })];
  }
  if (record.body.sections && body.entries.length > 0) {
    return [breach('has-sections', { of })];
  }
  if (record.version !== parseRef(of).version) {
    return [breach('catalogue-moved-on', { of, version: record.version })];
  }
  const missing = drop.filter((id) => !record.body.entries.some(({ resource: entered }) => entered === id));
  return breachIf(missing.length > 0, 'not-listed', { of, ids: missing });
});

/** 修订 — the agency drafts what a published catalogue or section is to gain and lose; it stays in force meanwhile. */
export const revise = catalogue.creation('revise', {
  title: '修订',
  by: { 'implementing-agency': agency },
  to: 'compiled',
  input: z
    .strictObject({ of: versionTo('catalogue'), add: ids.default([]), drop: ids.default([]), reason: text })
    .refine(({ add, drop }) => add.length + drop.length > 0, says('revision-empty'))
    .meta({ examples: [{ of: 'catalogue/CAT-2026@1', add: ['R-1'], reason: '新增一项' }] }),
  rules: [revisesCurrent, entriesGraded, shareable, enteredOnce],
  effect: async ({ input: { add, drop, ...rest }, caller, read }) => {
    const { title, region: place, partOf } = (await read(catalogue, rest.of)).body;
    const revision = { ...rest, drop: sortedSet(drop) };
    const common = { title, region: place, ...(partOf === undefined ? {} : { partOf }) };
    const body = { ...common, agency: caller.organization, confirmations: [], revision };
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

/** Whether an organisation has confirmed a draft, in a record of its own or, before there were any, in the draft. */
export function isConfirmed(
  { id, body }: { readonly id: string; readonly body: CatalogueBody },
  by: string,
  has: (ref: string) => boolean,
): boolean {
  return (
    body.confirmations.some(({ organization }) => organization === by) || has(`confirmation/${confirmationId(id, by)}`)
  );
}

const providers = (body: CatalogueBody): string[] => body.entries.map(({ provider }) => provider);

/** 确认 — a department confirms that no law bars its entries from sharing; the draft stays as it is. */
export const confirm = catalogue.act('confirm', {
  title: '确认',
  waits: (body, { id, by, has }) =>
    by !== undefined && providers(body).includes(by) && !isConfirmed({ id, body }, by, has ?? (() => false)),
  by: { department: providers, supplier: providers },
  from: ['compiled'],
  beside: true,
  effect: ({ id, ref, body, caller }) => ({
    also: [
      confirmed.of(confirmationId(id, caller.organization), {
        catalogue: ref,
        organization: caller.organization,
        agency: body.agency,
        region: body.region,
        domains: sortedSet(body.entries.flatMap((one) => (one.provider === caller.organization ? one.domain : []))),
        digest: body.digest,
      }),
    ],
  }),
});

/** What the context of an act on a catalogue tells. */
export type CatalogueContext = ActContext<CatalogueBody, unknown>;
