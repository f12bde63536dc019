// SPDX-License-Identifier: Apache-2.0
import type { ActContext } from '../kind/act.js';
import { affiliation } from './control.js';
import { breachIf, defineRule, recorded, type Breach, type Rule } from '../kind/rule.js';

/**
 * An organisation decides on nothing that it applied for, made, holds or reported itself. The rulebook may let such a
 * decision through with a due date, by which another is to have looked at it.
 */
const decidedByAnother = defineRule('decided-by-another', () => [], { recordable: true });

type Own = string | undefined;

/** The rule for one act: `own` names whose matter is decided. */
export function byAnotherThan<Body, Input = unknown>(
  own: (context: ActContext<Body, Input>) => readonly Own[] | Promise<readonly Own[]>,
): Rule<Body, Input> {
  return {
    ...decidedByAnother,
    check: async (context) => {
      const { organization } = context.caller;
      const isOwn = (await own(context)).includes(organization);
      return breachIf(isOwn, 'own-matter', { organization });
    },
  };
}

/** As {@link byAnotherThan}; that an affiliate of whose matter it is decides, is on record. */
export function byUnrelatedTo<Body>(own: (body: Body) => string): Rule<Body> {
  const byAnother = byAnotherThan<Body>(({ body }) => [own(body)]);
  return {
    ...byAnother,
    check: async (context) => {
      const found: Breach[] = [...(await byAnother.check(context))];
      const { body, caller, time } = context;
      if (found.length > 0) return found;
      const affiliated = await affiliation(context, caller.organization, own(body), time);
      if (!affiliated) return [];
      const { organization } = caller;
      return [recorded('affiliate-decides', { organization, other: own(body), path: affiliated.path.join(' > ') })];
    },
  };
}
