// SPDX-License-Identifier: Apache-2.0
import type { ActContext } from './act.js';
import { breachIf, defineRule, type Rule } from './rule.js';

/** A list that several organisations fill has a share for each: a full share shuts out only the one that filled it. */
const ownShare = defineRule('own-share', () => []);

/** As {@link shareOf}, where the list is read from elsewhere than the body; `by` includes the entry that the act adds. */
export function shareOfAll<Body, Input>(
  list: string,
  most: number,
  by: (context: ActContext<Body, Input>) => Promise<readonly string[]>,
): Rule<Body, Input> {
  return {
    ...ownShare,
    check: async (context) => {
      const { organization } = context.caller;
      const own = (await by(context)).filter((one) => one === organization);
      return breachIf(own.length > most, 'share-full-elsewhere', { organization, most, list });
    },
  };
}

/**
 * The rule that an organisation has no more than `most` entries in a list of a record.
 *
 * @param list name of the list, for the message
 * @param by who added each entry
 */
export function shareOf<Body>(
  list: string,
  most: number,
  by: (body: Body) => readonly (string | undefined)[],
): Rule<Body> {
  return {
    ...ownShare,
    check: ({ ref, body, caller: { organization } }) =>
      breachIf(by(body).filter((one) => one === organization).length > most, 'share-full', {
        organization,
        most,
        list,
        ref,
      }),
  };
}
