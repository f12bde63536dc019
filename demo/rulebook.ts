// SPDX-License-Identifier: Apache-2.0
import type { RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';
import { shippedRulebook } from 'yuanliu-gateway/rulebook-files/shipped';

const { source: _, ...draft } = shippedRulebook('shanghai-draft-2025');

/** The demonstration waits for nothing: it lets what is to be made good wait for 30 days. */
function within30Days(rules: RulebookBody['rules']): RulebookBody['rules'] {
  return Object.fromEntries(
    Object.entries(rules).map(([id, rule]) => [
      id,
      rule.dueWithin === undefined ? rule : { ...rule, dueWithin: 'P30D' },
    ]),
  );
}

/** Demonstration rulebook: `rulebooks/shanghai-draft-2025.yaml` with periods of no length and fewer parts. */
export const demoRulebook: RulebookBody = {
  ...draft,
  demonstration: '仅供演示：等待期限均设为零，协议必备内容从简，条文依据为征求意见稿。',
  rules: within30Days(draft.rules),
  periods: { publicity: 'P0D', filing: 'P30D', 'late-report': 'P1D' },
  limits: { 'registration-validity': 'P3Y', 'emergency-measure': 'P3D' },
  parts: { ...draft.parts, agreement: ['scope', 'duties', 'exit', 'safety'] },
};
