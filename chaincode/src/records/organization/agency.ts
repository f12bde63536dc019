// SPDX-License-Identifier: Apache-2.0
import type { ActContext } from '../../kind/act.js';
import type { LedgerRecord } from '../../kind/record.js';
import { AGREED, agreement } from '../agreement/agreement.js';
import { acceptedAt } from './acceptance.js';
import type { OrganizationBody } from './organization.js';
import { scenario } from '../scenario/kind.js';

/** States of an agreement that has not ended. */
const UNENDED = ['signed', 'halted', 'suspended'];

type Reading = Pick<ActContext<unknown, unknown>, 'find' | 'marked' | 'time'>;
type Subject = Pick<LedgerRecord<OrganizationBody>, 'id' | 'body'>;

/**
 * Whether an agency answers for an operator or developer: they have an agreement that has not ended, or the organisation has
 * acted on a qualification by the agency that lasts. What the agency did alone gives it no right over another.
 *
 * @param under an agreement or scenario of the two, for what they did before marks of it were kept
 */
export async function answersFor(
  agency: string,
  { id, body }: Subject,
  reading: Reading,
  under?: string,
): Promise<boolean> {
  const { find, marked, time } = reading;
  const lasts = (until: string | undefined): boolean => until === undefined || time < until;
  const agreed = ((await marked(AGREED, `${id}/${agency}`)) ?? []) as readonly string[];
  for (const ref of [...agreed, ...(under === undefined ? [] : [under])]) {
    const found = await find(agreement, ref);
    if (!found || found.body.agency !== agency || found.body.operator !== id) continue;
    if (UNENDED.includes(found.state) && lasts(found.body.terms.to)) return true;
  }
  const stated = under === undefined ? undefined : await statedAcceptance(agency, id, under, reading);
  for (const { role, by, since, until } of body.qualifications) {
    if (by !== agency || !lasts(until)) continue;
    const accepted = await acceptedAt({ organization: id, agency, role }, reading);
    const acted = [accepted, stated?.role === role ? stated.at : undefined];
    if (acted.some((at) => at !== undefined && since <= at)) return true;
  }
  return false;
}

/** When and in which role an organisation acted under an agency, as an agreement or scenario of the two shows. */
async function statedAcceptance(agency: string, id: string, under: string, { find }: Reading) {
  const agreed = (await find(agreement, under))?.body;
  if (agreed?.agency === agency && agreed.operator === id) {
    return { role: 'operator', at: agreed.signatures.find((one) => one.organization === id)?.at } as const;
  }
  const applied = await find(scenario, under);
  if (applied?.body.agency !== agency || applied.body.developer !== id) return undefined;
  return { role: 'developer', at: applied.timeline.findLast(({ state }) => state === 'applied')?.at } as const;
}
