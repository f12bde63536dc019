// SPDX-License-Identifier: Apache-2.0
import type { Reader } from '../kind/act.js';
import { domainsOf } from './chain.js';
import type { Terms } from '../kind/terms.js';
import { sortedSet } from '../vocabulary/vocabulary.js';

/** What a link of the authority chain keeps of whose remit it is in. */
export interface Concerned {
  readonly domains?: string[] | undefined;
}

/**
 * The domains that a link is about: those of the resources that it names, else those that it names, else those of the link
 * above; none of a link to a whole catalogue, which is within every remit (整体授权).
 */
export async function concerned(
  { resources, domains }: Terms,
  above: Concerned,
  reader: Pick<Reader, 'find'>,
): Promise<Concerned> {
  const named = resources ? [...(await domainsOf(reader, resources)).values()] : domains;
  return named ? { domains: sortedSet(named) } : above.domains ? { domains: above.domains } : {};
}
