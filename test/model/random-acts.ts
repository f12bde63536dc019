// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { cast, departmentOf, type Member } from 'yuanliu-scripts/demo/cast';
import { CITY, demoCode, madeUpDigest } from '../builders';
import type { Call } from './act';
import {
  EARLY,
  SOON,
  agreement,
  catalogue,
  changedSharing,
  delivery,
  developers,
  grade,
  grant,
  handing,
  making,
  maybe,
  nothing,
  oneOf,
  operators,
  paper,
  parts,
  plan,
  product,
  purpose,
  reason,
  resource,
  scenario,
  sharing,
  spareProduct,
  spareResource,
  terms,
  usage,
  use,
} from './values';

export const departments = [departmentOf('金融服务', 0), departmentOf('医疗健康', 1)] as const;
const [finance, health] = departments;
/** An agency and an operator that the story does not know. */
export const strangers: readonly Member[] = [
  { ...cast.agency, code: demoCode(801), name: '另一实施机构(演示)' },
  { ...cast.operator, code: demoCode(802), name: '另一运营机构(演示)' },
];
export const everybody: readonly Member[] = [...Object.values(cast), ...departments, ...strangers];

/** An act by somebody, so long after the one before; a report may be of so long ago, or of a moment when terms change. */
export interface RandomAct {
  readonly by: Member;
  readonly act: string;
  readonly id: string;
  readonly input: Call['input'];
  readonly wait: number;
  readonly ago: number | string | undefined;
}

/** Who usually does it, or now and then anybody; on one of the records that there may be. */
function act(
  name: string,
  usual: readonly Member[],
  id: fc.Arbitrary<string>,
  input: fc.Arbitrary<object> = nothing,
): fc.Arbitrary<RandomAct> {
  const report = name === 'usage:record' || name === 'delivery:deliver';
  return fc.record({
    by: fc.oneof({ weight: 8, arbitrary: oneOf(...usual) }, { weight: 1, arbitrary: oneOf(...everybody) }),
    act: fc.constant(name),
    id,
    // what is undefined is not there once it is JSON
    input: input.map((whole) => JSON.parse(JSON.stringify(whole)) as Call['input']),
    wait: oneOf(1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 3_600_000, 25 * 3_600_000),
    ago: report
      ? maybe(oneOf<number | string>(0, 1000, 2000, 5000, 60_000, 3_600_000, 26 * 3_600_000, -1000, EARLY, SOON))
      : fc.constant(undefined),
  });
}

const { authority: office, agency, operator, developer, rival } = cast;
const both = [developer, developer, rival];
const recipients = [developer.code, rival.code, finance.code];
const providers = [finance, finance, health];

/** What ends things, and what seldom matters. */
const rare = [
  act(
    'organization:suspend',
    [office, agency],
    oneOf(...[rival, health, developer, ...strangers].map(({ code }) => code)),
    reason,
  ),
  act(
    'organization:qualify',
    [agency],
    oneOf(rival.code, developer.code),
    fc.constant({ role: 'developer', basis: paper }),
  ),
  act('plan:guide', [office], plan, fc.constant({ opinion: '意见' })),
  act(
    'plan:supersede',
    [office],
    oneOf('PLAN-1', 'PLAN-2'),
    fc.record({ by: plan.map((id) => `plan/${id}`), until: maybe(oneOf(SOON, '2028-01-01T00:00:00.000Z')) }),
  ),
  act('resource:change-sharing', providers, spareResource, fc.record({ sharing: changedSharing })),
  act('resource:withdraw', providers, spareResource, reason),
  act('agreement:suspend', [agency], agreement, reason),
  act('agreement:revoke', [agency], fc.constant('AGR-1'), reason),
  act('grant:suspend', [agency], grant, reason),
  act('grant:revoke', [agency], oneOf('GRANT-1', 'GRANT-2'), reason),
  act('product:withdraw', [operator, developer, agency], spareProduct, reason),
];

/** What brings things forward. */
const usual = [
  act('organization:reinstate', [office, agency], oneOf(...everybody.map(({ code }) => code)), reason),
  act(
    'resource:anchor',
    providers,
    resource,
    fc.record({
      title: fc.constant('资源'),
      domain: oneOf('金融服务', '医疗健康'),
      region: fc.constant(CITY),
      digest: oneOf(madeUpDigest('甲'), madeUpDigest('乙')),
      personal: oneOf(undefined, undefined, true),
    }),
  ),
  act('resource:catalogue', providers, resource, fc.record({ sharing })),
  act('resource:grade', providers, resource, fc.record({ grade })),
  act(
    'resource:regrade',
    providers,
    resource,
    fc.record({ grade, basis: fc.constant(paper), approver: maybe(oneOf('某人')) }),
  ),
  act('resource:revise', providers, resource, fc.record({ title: oneOf('资源', '资源二') })),
  act(
    'catalogue:compile',
    [agency],
    catalogue,
    fc.record({
      title: fc.constant('目录'),
      region: fc.constant(CITY),
      resources: fc.uniqueArray(resource, { minLength: 1, maxLength: 4 }),
    }),
  ),
  act('catalogue:confirm', providers, catalogue),
  act('catalogue:publish', [agency], catalogue),
  act(
    'plan:draft',
    [agency],
    plan,
    fc.record({ title: fc.constant('方案'), region: fc.constant(CITY), terms, parts: parts('plan') }),
  ),
  act('plan:approve', [office], plan, fc.constant({ document: paper })),
  act(
    'agreement:propose',
    [agency],
    agreement,
    fc.record({
      plan: plan.map((id) => `plan/${id}`),
      operator: fc.constant(operator.code),
      terms,
      parts: parts('agreement'),
    }),
  ),
  act('agreement:file', [agency], agreement, fc.constant({ document: paper })),
  act('scenario:forward', [operator], scenario, fc.constant({ opinion: '同意' })),
  act('grant:amend', [agency], grant, fc.record({ terms, reason: fc.constant('演示') })),
  act('agreement:sign', [agency, operator], agreement, fc.constant({ document: paper })),
  act('agreement:resume', [agency], agreement, reason),
  act('grant:resume', [agency], grant, reason),
  act(
    'scenario:apply',
    both,
    scenario,
    fc.record({
      title: fc.constant('场景'),
      agreement: agreement.map((id) => `agreement/${id}`),
      purpose,
      parts: parts('scenario'),
    }),
  ),
  act(
    'scenario:assess',
    [agency],
    scenario,
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          result: fc.constant('approve'),
          reason: fc.constant('演示'),
          grant: fc.record({ id: grant, terms }),
        }),
      },
      { weight: 1, arbitrary: fc.constant({ result: 'reject', reason: '演示' }) },
    ),
  ),
  act(
    'product:grade',
    [operator, developer],
    product,
    fc.record({ grade, decision: maybe(fc.constant({ basis: paper, approver: '某人' })) }),
  ),
  act(
    'product:regrade',
    [operator, developer],
    product,
    fc.record({ grade, decision: maybe(fc.constant({ basis: paper, approver: '某人' })) }),
  ),
  act(
    'product:clear-export',
    [agency, operator],
    product,
    fc.record({
      conclusion: fc.constant('准予'),
      anonymization: maybe(fc.constant({ method: '匿名', evidence: paper.digest })),
    }),
  ),
  act('product:request-release', [operator, developer], product),
  act(
    'product:check',
    [operator],
    product,
    fc.record({ result: oneOf('pass', 'pass', 'fail'), opinion: fc.constant('审核') }),
  ),
  act('product:release', [operator, developer], product, fc.constant({ channel: '平台' })),
  act('delivery:confirm', both, delivery),
  act('delivery:refuse', both, delivery, reason),
];

/** What is done with it all. */
const often = [
  act('product:develop', [operator], product, making(operators)),
  act('product:develop', both, product, making(developers)),
  act('usage:request', both, usage, use),
  act('usage:record', both, usage, use),
  act('delivery:deliver', [operator], delivery, handing(fc.oneof(operators, developers), recipients)),
  act('delivery:deliver', both, delivery, handing(developers, recipients)),
];

const weighted = (weight: number, acts: readonly fc.Arbitrary<RandomAct>[]) =>
  acts.map((arbitrary) => ({ weight, arbitrary }));

/** Any act that the model knows, more often those that are done often. */
export const randomAct: fc.Arbitrary<RandomAct> = fc.oneof(
  ...weighted(1, rare),
  ...weighted(3, usual),
  ...weighted(8, often),
);
