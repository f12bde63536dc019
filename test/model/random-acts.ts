// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { cast } from 'yuanliu-demo/cast';
import { CITY, madeUpDigest } from '../builders';
import { act, departments, DISTRICT, strangers, type Offered, type Repertoire } from './random-act';
import { declaring, reinstating, suspending } from './random-organizations';
import { authorizing, cuttingOff } from './random-links';
import { bringing, developing, marketing, withdrawing } from './random-products';
import { registering, unregistering } from './random-registrations';
import { receiving, reporting, using } from './random-uses';
import {
  agreement,
  changedSharing,
  grade,
  grant,
  maybe,
  oneOf,
  paper,
  reason,
  resource,
  sharing,
  spareResource,
} from './values';

const [finance, health] = departments;
const { agency } = cast;
const providers = [finance, finance, health, ...strangers.filter(({ role }) => role === 'department')];

/** What ends things, and what seldom matters. */
const rare = [
  ...suspending,
  act('resource:change-sharing', providers, spareResource, fc.record({ sharing: changedSharing })),
  act('resource:withdraw', providers, spareResource, reason),
  ...cuttingOff,
  ...withdrawing,
  ...unregistering,
];

/** What brings things forward. */
const usual = [
  act(
    'resource:anchor',
    providers,
    resource,
    fc.record({
      title: fc.constant('资源'),
      domain: oneOf('金融服务', '医疗健康'),
      region: oneOf(CITY, CITY, CITY, CITY, DISTRICT),
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
  ...authorizing,
  ...marketing,
  ...receiving,
];

/** What lets things go on. */
const restoring = [
  ...reinstating,
  act('agreement:resume', [agency], agreement, reason),
  act('grant:resume', [agency], grant, reason),
];

const weighted = (weight: number, acts: readonly Offered[]): readonly Repertoire[] =>
  acts.map((one) => ({ ...one, weight }));

/** Acts that end something are mostly done to what they name, and seldom to whatever there is: else little would go on. */
const sparing = ({ name, arbitrary }: Offered): Offered => ({
  name,
  arbitrary: arbitrary.map((one) =>
    one.aimed !== undefined && one.aimed % 6 > 0 ? { ...one, aimed: undefined } : one,
  ),
});

/** Any act that the model knows, more often those that are done often. */
export const repertoire = [
  ...weighted(1, rare.map(sparing)),
  ...weighted(1, [...bringing, ...declaring, ...reporting]),
  ...weighted(3, usual),
  ...weighted(6, registering),
  ...weighted(8, [...developing, ...using, ...restoring]),
];
