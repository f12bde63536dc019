// SPDX-License-Identifier: Apache-2.0
import { exceptionMarks, type Exception } from '../../chain/exceptions.js';
import { LISTED, listingsOf } from '../../chain/listed.js';
import { shareable } from '../../chain/shareable.js';
import type { Effect, Issued, Mark } from '../../kind/act.js';
import { parseRef } from '../../kind/record.js';
import { breachIf } from '../../kind/rule.js';
import { begun, ended, type Span } from '../../kind/spans.js';
import { refusal } from '../../vocabulary/error.js';
import { sortedSet } from '../../vocabulary/vocabulary.js';
import { registered } from '../registration/registered.js';
import { listing, MOST_ENTRIES, withSection, type CatalogueBody } from './body.js';
import {
  catalogue,
  enteredOnce,
  entriesGraded,
  isConfirmed,
  revisesCurrent,
  sectionOf,
  sectionOfCatalogue,
  type CatalogueContext,
} from './catalogue.js';
import { confirmation, confirmationId } from './confirmation.js';

/** Who has confirmed a draft, and when: in records of their own, or in the draft as it was written before there were any. */
async function confirmationsOf({ id, body, find }: Pick<CatalogueContext, 'id' | 'body' | 'find'>) {
  const found = new Map(body.confirmations.map((one) => [one.organization, one]));
  for (const organization of sortedSet(body.entries.map(({ provider }) => provider))) {
    const record = found.has(organization) ? undefined : await find(confirmation, confirmationId(id, organization));
    if (record?.body.digest === body.digest) found.set(organization, { organization, at: record.act.time });
  }
  return found;
}

/** Every provider has confirmed. */
export const allConfirmed = catalogue.rule('catalogue-confirmed', async (context) => {
  const confirmed = await confirmationsOf(context);
  const missing = sortedSet(context.body.entries.map(({ provider }) => provider)).filter((one) => !confirmed.has(one));
  return breachIf(missing.length > 0, 'not-confirmed', { missing });
});

/** Revisions that a catalogue tells of; those before are in its earlier versions. */
const MOST_REVISIONS = 50;

const revised = catalogue.consequence('revised', {
  title: '修订',
  from: ['published'],
  to: 'published',
  rules: [entriesGraded, shareable], // of every entry: what is core data by now is dropped
});

/** 分册发布 — the catalogue once a section of it was published or revised. */
const sectioned = catalogue.consequence('sectioned', { title: '分册发布', from: ['published'], to: 'published' });

/** 范围变动 — an act on a resource takes it out of scope, or back: told where readers of the catalogue see it. */
export const scopeChanged = catalogue.consequence('scope-changed', {
  title: '范围变动',
  from: ['published'],
  to: 'published',
});

/**
 * 发布 — from now on its entries are in the scope of every link that names it, or the catalogue that it is a section of. A
 * revision makes the next version of what it revises, under the same id.
 */
export const publish = catalogue.act('publish', {
  title: '发布',
  waits: (body, { id, has }) => body.entries.every(({ provider }) => !has || isConfirmed({ id, body }, provider, has)),
  by: { 'implementing-agency': (body) => body.agency },
  from: ['compiled'],
  to: 'published',
  rules: [revisesCurrent, sectionOfCatalogue, allConfirmed, entriesGraded, shareable, enteredOnce, registered],
  effect: async (context): Promise<Effect<CatalogueBody>> => {
    const { body, time, find } = context;
    const confirmations = [...(await confirmationsOf(context)).values()];
    const published = { ...body, confirmations, publishedAt: time };
    const added = body.entries.map((one) => one.resource);
    if (!body.revision) {
      return {
        body: published,
        marks: await listedMarks(context, { added }),
        also: await intoWhole(context, published),
      };
    }
    const current = await find(catalogue, parseRef(body.revision.of).id);
    if (!current) return { body }; // refused by `revisesCurrent`
    const next = nextOf(current.body, published, context);
    const dropped = body.revision.drop.filter((one) => !added.includes(one));
    return {
      body: published,
      to: 'merged',
      marks: await listedMarks(context, { added, dropped }),
      also: [revised.of(current.id, next), ...(await intoWhole(context, next))],
    };
  },
});

/** What is published with a draft merged into it. */
function nextOf(current: CatalogueBody, draft: CatalogueBody, { id, time }: CatalogueContext): CatalogueBody {
  const { changes: _, ...rest } = current;
  const gone = new Set([...(draft.revision?.drop ?? []), ...draft.entries.map((one) => one.resource)]);
  const entries = [...rest.entries.filter((one) => !gone.has(one.resource)), ...draft.entries];
  if (entries.length > Math.max(MOST_ENTRIES, current.entries.length)) {
    throw refusal('INPUT_INVALID', 'too-many-entries', { count: entries.length, most: MOST_ENTRIES });
  }
  const before = new Set(rest.confirmations.map((one) => one.organization)); // of what it adds, the draft tells
  const revision = { by: id, reason: draft.revision?.reason ?? '', at: time };
  return {
    ...rest,
    ...listing(
      entries.sort((a, b) => (a.resource < b.resource ? -1 : 1)),
      rest.sections,
    ),
    confirmations: [...rest.confirmations, ...draft.confirmations.filter((one) => !before.has(one.organization))],
    revisions: [...(rest.revisions ?? []), revision].slice(-MOST_REVISIONS),
  };
}

/** The catalogue with a section as it is published now; none of what is no section. */
async function intoWhole(context: CatalogueContext, after: CatalogueBody): Promise<readonly Issued[]> {
  const { own, whole } = sectionOf(context);
  const record = whole === own ? undefined : await context.find(catalogue, whole);
  return record ? [sectioned.of(whole, withSection(record.body, own, after))] : [];
}

/** The marks of entries that a catalogue lists, or lists no longer, from now on. */
async function listedMarks(
  context: CatalogueContext,
  { added, dropped = [] }: { readonly added: readonly string[]; readonly dropped?: readonly string[] },
): Promise<Mark[]> {
  const { time, marked } = context;
  const { own, whole } = sectionOf(context);
  const marks: Mark[] = [];
  const after = new Map<string, readonly Span[]>();
  for (const [change, keys] of [
    [begun, added],
    [ended, dropped],
  ] as const) {
    for (const key of keys) {
      const before = listingsOf(await marked(LISTED, key));
      const spans = change(before.get(whole)?.spans ?? [], time);
      after.set(key, spans);
      const value = { spans, ...(own === whole ? {} : { section: own }) };
      marks.push({ name: LISTED, key, value: { ...Object.fromEntries(before), [whole]: value } });
    }
  }
  const told = (key: string, before: Exception | undefined): Exception | undefined => {
    const spans = after.get(key);
    return spans && (before?.spans || dropped.includes(key)) ? { ...before, spans } : undefined;
  };
  const again = [...after].filter(([, spans]) => spans.length > 1).map(([key]) => key);
  return [...marks, ...(await exceptionMarks(whole, sortedSet([...dropped, ...again]), told, { marked }))];
}
