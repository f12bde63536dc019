// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { cast } from 'yuanliu-demo/cast';
import { CITY, madeUpDigest } from '../builders';
import { act, fitting, inputOf, refsOf, strangers, timed, type Scene } from './random-act';
import {
  after,
  developers,
  exact,
  external,
  grade,
  maybe,
  oneOf,
  operators,
  paper,
  product,
  purpose,
  reason,
  resource,
  spareProduct,
} from './values';

const { agency, operator, developer, rival } = cast;
const both = [developer, developer, developer, rival, ...strangers.filter(({ role }) => role === 'developer')];

/** The versions that records of a kind are at, in one of these states. */
export const versionsOf = (scene: Scene, kind: string, ...states: readonly string[]): string[] =>
  refsOf(scene, kind, ...states).map((ref) => `${ref}@${scene.world.now(ref)?.version ?? 1}`);

/** The authorities in force that are the caller's own. */
export const ownAuthorities = (scene: Scene): string[] =>
  [...refsOf(scene, 'grant', 'in-force'), ...refsOf(scene, 'agreement', 'signed')].filter((ref) => {
    const { developer: holder, operator: other } = scene.world.now(ref)?.facts ?? {};
    return scene.by === (ref.startsWith('grant/') ? holder : other);
  });

/** Public data, or products; now and then what is not public with them. */
const source = (kind: 'resource' | 'product'): fc.Arbitrary<(scene: Scene) => string> => {
  const any = fc.oneof(exact('resource', resource), exact('product', product), exact('external-input', external));
  const [first, other] = [kind, kind === 'resource' ? 'external-input' : 'product'];
  return fc.oneof(
    {
      weight: 3,
      arbitrary: fitting(any, (scene) => versionsOf(scene, first, kind === 'resource' ? 'graded' : 'released')),
    },
    { weight: 1, arbitrary: fitting(any, (scene) => versionsOf(scene, other, 'declared', 'released')) },
  );
};

/** What is made of something, under an authority. */
const making = (authority: fc.Arbitrary<string>, kind: 'resource' | 'product') =>
  inputOf({
    title: fc.constant('产品'),
    authority: fitting(authority, ownAuthorities),
    purpose,
    inputs: fc
      .array(source(kind), { minLength: 1, maxLength: 2 })
      .map((all) => (scene: Scene) => all.map((one) => one(scene))),
    environment: oneOf('域内', '域内', '域内', undefined),
    process: fc.constant(madeUpDigest('流程')),
    digest: oneOf(madeUpDigest('产品'), madeUpDigest('产品'), madeUpDigest('甲')),
    form: oneOf('dataset', 'dataset', 'raw'),
  });

const grading = fc.record({ grade, decision: maybe(fc.constant({ basis: paper, approver: '某人' })) });

/** How products are made. */
export const developing = [
  act('product:develop', [operator], product, making(operators, 'resource')),
  act('product:develop', both, product, making(developers, 'product')),
  timed(act('product:develop', [operator], product, making(operators, 'resource')), 'registration'),
  timed(act('product:develop', both, product, making(developers, 'resource')), 'external-input'),
];

const DAY = 86_400_000;
const licensed = fc
  .record({ personal: oneOf(false, false, true), from: oneOf(-DAY, 0, 1), to: maybe(oneOf(2, 60_000, DAY)) })
  .map(({ personal, from, to }) => ({ time }: Scene) => ({
    title: '外部数据',
    source: { from: 'non-public', name: '某企业(演示)' },
    licence: paper,
    personal,
    region: CITY,
    period: { from: after(time, from), to: to === undefined ? undefined : after(time, to) },
  }));

/** What is brought in beside public data. */
export const bringing = [act('external-input:declare', [operator, ...both], external, licensed)];

/** How they come to the market. */
export const marketing = [
  act('product:grade', [operator, developer], product, grading),
  act('product:regrade', [operator, developer], product, grading),
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
    [operator, agency],
    product,
    fc.record({ result: oneOf('pass', 'pass', 'fail'), opinion: fc.constant('审核') }),
  ),
  act('product:release', [operator, developer], product, fc.constant({ channel: '平台' })),
];

export const withdrawing = [
  act('external-input:withdraw', [operator, ...both], external, reason),
  act('product:withdraw', [operator, developer, agency], spareProduct, reason),
];
