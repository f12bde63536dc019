// SPDX-License-Identifier: Apache-2.0
import type { ActContext } from 'yuanliu-chaincode/kind/act';
import { judge } from 'yuanliu-chaincode/engine/judge';
import { recorded, type Rule } from 'yuanliu-chaincode/kind/rule';
import { demoRulebook } from 'yuanliu-demo/rulebook';

test('an act keeps fifty breaches of one rule, and how many more there were', async () => {
  const found = Array.from({ length: 5000 }, (_, i) => recorded('resource-core', { resource: `R-${i}` }));
  const rule: Rule = { id: 'within-chain', recordable: false, timely: false, optional: false, check: () => found };
  const context = { time: '2026-01-01T00:00:00.000Z', rulebook: demoRulebook, input: {} } as ActContext<
    unknown,
    unknown
  >;
  const { violations } = await judge(
    { name: 'test', nature: 'decision', rules: [rule] },
    { body: demoRulebook },
    context,
  );
  expect(violations).toHaveLength(51);
  expect(violations.at(-1)).toMatchObject({ rule: 'within-chain', code: 'more-breaches', params: { count: 4950 } });
});
