// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { idOf, instant, term } from '../vocabulary/vocabulary.js';

const link = {
  /** Id of the catalogue whose entries are in scope. */
  catalogue: idOf('catalogue'),
  domains: z.array(term).min(1).max(200).optional(),
  /** Resource ids, at any version. */
  resources: z.array(idOf('resource')).min(1).max(5000).optional(),
  purposes: z.array(term).min(1).max(200).optional(),
  actions: z.array(term).min(1).max(50).optional(),
  from: instant,
  to: instant,
  /** Uses allowed in all. */
  quota: z.int().positive().optional(),
  /** Upper bound on what may be charged, in fen. */
  feeCap: z.int().nonnegative().optional(),
};
const endsAfterBeginning = ({ from, to }: { readonly from: string; readonly to: string }): boolean => from < to;
const WRONG_TERM = 'the term must end after it begins';

/**
 * What a link of the authority chain allows: plan ⊇ agreement ⊇ grant ⊇ use. Resources are those entered in a catalogue
 * in force (整体授权), limited to domains and to single resources where those are named. What is absent is not limited by
 * this link; the links above it still bind.
 */
export const terms = z.strictObject(link).refine(endsAfterBeginning, WRONG_TERM);
export type Terms = z.infer<typeof terms>;

/** 开发 · 交付 · 使用 — all that an act does under a link, and so all that a link can allow. */
const actionNames = ['develop', 'deliver', 'use'] as const;
const action = z.enum(actionNames, 'is no action that a link can allow: develop 开发, deliver 交付, use 使用');

/** Terms as they are stated, by whom a link is drawn up or amended; links of before may name other actions. */
export const statedTerms = z
  .strictObject({ ...link, actions: z.array(action).min(1).max(actionNames.length).optional() })
  .refine(endsAfterBeginning, WRONG_TERM)
  .meta({
    description: '授权范围 — catalogue, and what it is limited to: domains, resources, purposes, actions, term',
    examples: [
      {
        catalogue: 'CAT-2026',
        purposes: ['金融服务'],
        actions: ['develop', 'deliver', 'use'],
        from: '2026-01-01T00:00:00+08:00',
        to: '2027-01-01T00:00:00+08:00',
      },
    ],
  });

/** What somebody wants to do, or did, under a chain. */
export interface Use {
  readonly resources: readonly { readonly id: string; readonly domain: string }[];
  readonly purpose: string | undefined;
  readonly action: string;
  readonly at: string;
}

/** In which respects `child` is wider than `parent`; `domainOf` tells the domain of a resource that child names. */
export function widerThan(child: Terms, parent: Terms, domainOf: (resource: string) => string | undefined): string[] {
  const wider: string[] = [];
  if (child.catalogue !== parent.catalogue) wider.push(`catalogue ${child.catalogue} is not ${parent.catalogue}`);
  wider.push(...beyond('domains', child.domains, parent.domains));
  wider.push(...beyond('resources', child.resources, parent.resources));
  if (parent.domains && !child.domains) {
    const allowed = new Set(parent.domains);
    for (const resource of child.resources ?? []) {
      const domain = domainOf(resource);
      if (domain === undefined || !allowed.has(domain)) wider.push(`resource ${resource} is outside the domains`);
    }
  }
  wider.push(...beyond('purposes', child.purposes, parent.purposes));
  wider.push(...beyond('actions', child.actions, parent.actions));
  if (child.from < parent.from) wider.push(`begins ${child.from}, before ${parent.from}`);
  if (child.to > parent.to) wider.push(`ends ${child.to}, after ${parent.to}`);
  wider.push(...above('quota', child.quota, parent.quota), ...above('fee cap', child.feeCap, parent.feeCap));
  return wider;
}

/** In which respects `use` lies outside `link`. Whether a resource is in the catalogue is the caller's to check. */
export function outside(use: Use, link: Terms): string[] {
  const found: string[] = [];
  for (const { id, domain } of use.resources) {
    if (link.resources && !link.resources.includes(id)) found.push(`resource ${id} is not among the resources`);
    else if (link.domains && !link.domains.includes(domain))
      found.push(`resource ${id} is of domain ${domain}, not allowed`);
  }
  if (use.purpose !== undefined && link.purposes && !link.purposes.includes(use.purpose)) {
    found.push(`purpose ${use.purpose} is not among ${link.purposes.join(', ')}`);
  }
  if (link.actions && !link.actions.includes(use.action)) {
    found.push(`action ${use.action} is not among ${link.actions.join(', ')}`);
  }
  if (use.at < link.from || use.at >= link.to) found.push(`${use.at} is outside the term ${link.from} to ${link.to}`);
  return found;
}

function beyond(field: string, child: readonly string[] | undefined, parent: readonly string[] | undefined): string[] {
  if (!child || !parent) return []; // absent: not limited by this link, the other still binds
  const extra = child.filter((value) => !parent.includes(value));
  return extra.length > 0 ? [`${field} ${extra.join(', ')} beyond ${parent.join(', ')}`] : [];
}

function above(field: string, child: number | undefined, parent: number | undefined): string[] {
  return child !== undefined && parent !== undefined && child > parent ? [`${field} ${child} above ${parent}`] : [];
}
