// SPDX-License-Identifier: Apache-2.0
import { parseRef } from '../kind/record.js';
import { breachIf, defineRule } from '../kind/rule.js';
import { partedNames } from '../rulebook/rulebook.js';

/** A plan, agreement or scenario has every part that the rulebook requires of it. */
export const requiredParts = defineRule<{ readonly parts: Readonly<Record<string, unknown>> }>(
  'required-parts',
  ({ body, ref, rulebook }) => {
    const which = partedNames.find((name) => name === parseRef(ref).kind);
    const missing = (which ? rulebook.parts[which] : []).filter((part) => !Object.hasOwn(body.parts, part));
    return breachIf(missing.length > 0, 'parts-missing', { parts: missing });
  },
);
