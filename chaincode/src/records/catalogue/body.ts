// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { canonicalize } from 'json-canonicalize';
import { z } from 'zod';
import { says } from '../../vocabulary/issue.js';
import { merkleRoot } from '../../vocabulary/merkle-root.js';
import {
  creditCode,
  digest,
  idOf,
  instant,
  name,
  recordId,
  region,
  text,
  versionTo,
} from '../../vocabulary/vocabulary.js';

/** Entries of one section: what is compiled, confirmed and published in one transaction, whatever the catalogue holds. */
export const MOST_ENTRIES = 1000;
/** Sections of one catalogue. */
export const MOST_SECTIONS = 500;

const entry = z.strictObject({
  resource: recordId,
  version: z.int().positive(),
  title: name,
  domain: name,
  provider: creditCode,
});
export type Entry = z.infer<typeof entry>;

const section = z.strictObject({
  /** Id of its record. */
  section: recordId,
  /** How many entries it has, and the digest of them. */
  entries: z.int().nonnegative(),
  digest,
});

/** Resources that an act enters or drops: no more than a section has. */
export const ids = z.array(idOf('resource')).max(MOST_ENTRIES, says('section-full', { most: MOST_ENTRIES }));

export const catalogueBody = z
  .strictObject({
    title: name,
    agency: creditCode,
    region,
    /** 分册 — the catalogue that it is a section of. */
    partOf: idOf('catalogue').optional(),
    /** Sorted by resource. Of a revision: those it adds, or enters anew at their current version. */
    entries: z.array(entry).max(5000),
    /** The sections published of it, by id: each is compiled, confirmed, published and revised alone. */
    sections: z.array(section).max(MOST_SECTIONS).optional(),
    /**
     * Covers every entry: SHA-256 of the canonical JSON of `entries`. Of a catalogue with sections, the root of RFC 6962 over
     * their digests in order, after that of its own entries where it has any.
     */
    digest,
    /** Departments that confirmed there is no bar on sharing, once it is published; until then, see `confirmation`. */
    confirmations: z.array(z.strictObject({ organization: creditCode, at: instant })),
    publishedAt: instant.optional(),
    /** What a draft revises, at which version, and the entries that it drops. */
    revision: z
      .strictObject({ of: versionTo('catalogue'), drop: z.array(idOf('resource')).max(5000), reason: text })
      .optional(),
    /** Revisions that were published. */
    revisions: z.array(z.strictObject({ by: recordId, reason: text, at: instant })).optional(),
    /** Entries that have left the scope since they were entered, or come back: a regrade, a bar in law, a withdrawal. */
    changes: z.array(z.strictObject({ resource: recordId, available: z.boolean(), at: instant })).optional(),
  })
  .refine(
    ({ entries, revision, sections }) => entries.length > 0 || revision !== undefined || sections !== undefined,
    says('catalogue-empty'),
  );
export type CatalogueBody = z.infer<typeof catalogueBody>;

type Sections = NonNullable<CatalogueBody['sections']>;

/** The entries, and sections where it has any, with the digest that covers them. */
export function listing(entries: Entry[], sections?: Sections): Pick<CatalogueBody, 'entries' | 'sections' | 'digest'> {
  const own = createHash('sha256').update(canonicalize(entries)).digest();
  if (!sections) return { entries, digest: `sha256:${own.toString('hex')}` };
  const leaves = sections.map((one) => Buffer.from(one.digest.slice('sha256:'.length), 'hex'));
  const root = merkleRoot(entries.length > 0 ? [own, ...leaves] : leaves);
  return { entries, sections, digest: `sha256:${root.toString('hex')}` };
}

/** The catalogue once a section of it is as `after` says. */
export function withSection(
  whole: CatalogueBody,
  id: string,
  after: Pick<CatalogueBody, 'entries' | 'digest'>,
): CatalogueBody {
  const others = (whole.sections ?? []).filter(({ section: other }) => other !== id);
  const sections = [...others, { section: id, entries: after.entries.length, digest: after.digest }];
  return {
    ...whole,
    ...listing(
      whole.entries,
      sections.sort((a, b) => (a.section < b.section ? -1 : 1)),
    ),
  };
}
