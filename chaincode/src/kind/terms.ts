// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { says } from '../vocabulary/issue.js';
import { breach, type Breach } from './rule.js';
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
const WRONG_TERM = says('term-ends-early');

/**
 * What a link of the authority chain allows: plan ⊇ agreement ⊇ grant ⊇ use. Resources are those entered in a catalogue
 * in force (整体授权), limited to domains and to single resources where those are named. What is absent is not limited by
 * this link; the links above it still bind.
 */
export const terms = z.strictObject(link).refine(endsAfterBeginning, WRONG_TERM);
export type Terms = z.infer<typeof terms>;

/** 开发 · 交付 · 使用 — all that an act does under a link, and so all that a link can allow. */
const actionNames = ['develop', 'deliver', 'use'] as const;
const action = z.enum(actionNames, says('not-an-action'));

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

/** In which respects `child` is wider than `above`, its parent; `domainOf` tells the domain of a resource that child names. */
export function widerThan(
  child: Terms,
  above: Terms,
  { parent, domainOf }: { readonly parent: string; readonly domainOf: (resource: string) => string | undefined },
): Breach[] {
  const wider: Breach[] = [];
  if (child.catalogue !== above.catalogue) {
    wider.push(breach('wider-catalogue', { parent, catalogue: child.catalogue, allowed: above.catalogue }));
  }
  const beyond = (field: 'domains' | 'resources' | 'purposes' | 'actions'): void => {
    const [asked, allowed] = [child[field], above[field]];
    const extra = asked?.filter((value) => allowed?.includes(value) === false) ?? []; // absent: the other still binds
    if (extra.length === 0 || !allowed) return;
    if (field === 'actions') {
      wider.push(
        breach('wider-actions', { parent, extra: extra.map(actionChoice), allowed: allowed.map(actionChoice) }),
      );
    } else wider.push(breach(`wider-${field}`, { parent, extra, allowed }));
  };
  beyond('domains');
  beyond('resources');
  if (above.domains && !child.domains) {
    const allowed = new Set(above.domains);
    for (const resource of child.resources ?? []) {
      const domain = domainOf(resource);
      if (domain === undefined || !allowed.has(domain))
        wider.push(breach('wider-resource-domain', { parent, resource }));
    }
  }
  beyond('purposes');
  beyond('actions');
  if (child.from < above.from) wider.push(breach('wider-from', { parent, at: child.from, allowed: above.from }));
  if (child.to > above.to) wider.push(breach('wider-to', { parent, at: child.to, allowed: above.to }));
  if (isAbove(child.quota, above.quota)) {
    wider.push(breach('wider-quota', { parent, asked: child.quota ?? 0, allowed: above.quota ?? 0 }));
  }
  if (isAbove(child.feeCap, above.feeCap)) {
    wider.push(breach('wider-fee-cap', { parent, asked: child.feeCap ?? 0, allowed: above.feeCap ?? 0 }));
  }
  return wider;
}

/** In which respects `use` lies outside `link`. Whether a resource is in the catalogue is the caller's to check. */
export function outside(use: Use, terms: Terms, link: string): Breach[] {
  const found: Breach[] = [];
  for (const { id: resource, domain } of use.resources) {
    if (terms.resources && !terms.resources.includes(resource)) {
      found.push(breach('outside-resources', { link, resource }));
    } else if (terms.domains && !terms.domains.includes(domain)) {
      found.push(breach('outside-domains', { link, resource, domain }));
    }
  }
  if (use.purpose !== undefined && terms.purposes && !terms.purposes.includes(use.purpose)) {
    found.push(breach('outside-purposes', { link, purpose: use.purpose, allowed: terms.purposes }));
  }
  if (terms.actions && !terms.actions.includes(use.action)) {
    const allowed = terms.actions.map(actionChoice);
    found.push(breach('outside-actions', { link, action: actionChoice(use.action), allowed }));
  }
  if (use.at < terms.from || use.at >= terms.to) {
    found.push(breach('outside-term', { link, at: use.at, from: terms.from, to: terms.to }));
  }
  return found;
}

/** An action as a message names it. */
export function actionChoice(action: string): string {
  return `actions:${action}`;
}

function isAbove(child: number | undefined, parent: number | undefined): boolean {
  return child !== undefined && parent !== undefined && child > parent;
}
