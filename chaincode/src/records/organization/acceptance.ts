// SPDX-License-Identifier: Apache-2.0
import type { ActContext, Mark } from '../../kind/act.js';
import { organization } from './organization.js';

/** Mark on `ORGANIZATION/AGENCY/ROLE`: when the organisation acted on a qualification for that role by that agency. */
const ACCEPTED = 'accepted';

/** An organisation that acts under an agency, in a role for which the agency qualifies. */
export interface Accepting {
  readonly organization: string;
  readonly agency: string;
  readonly role: 'developer' | 'operator';
}

const keyOf = ({ organization: id, agency, role }: Accepting): string => `${id}/${agency}/${role}`;

/**
 * What an act leaves by which an organisation acts on its qualification: a mark, the first time and once after each later
 * qualification. Until then a qualification is the agency's word alone, and gives the agency no right.
 */
export async function acceptanceMarks(
  accepting: Accepting,
  { find, marked, time }: Pick<ActContext<unknown, unknown>, 'find' | 'marked' | 'time'>,
): Promise<readonly Mark[]> {
  const { agency, role } = accepting;
  const record = await find(organization, accepting.organization);
  const given = record?.body.qualifications.filter((one) => one.by === agency && one.role === role) ?? [];
  const accepted = await acceptedAt(accepting, { marked });
  if (given.every(({ since }) => accepted !== undefined && since <= accepted)) return [];
  return [{ name: ACCEPTED, key: keyOf(accepting), value: { at: time } }];
}

/** When an organisation last acted on a qualification; undefined if it did not, or before marks of it were kept. */
export async function acceptedAt(
  accepting: Accepting,
  { marked }: Pick<ActContext<unknown, unknown>, 'marked'>,
): Promise<string | undefined> {
  return ((await marked(ACCEPTED, keyOf(accepting))) as { readonly at: string } | undefined)?.at;
}
