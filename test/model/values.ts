// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { demoRulebook } from 'yuanliu-scripts/demo/rulebook';
import { ids, madeUpDigest, PURPOSE } from '../builders';

export const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
export const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 2 });
const serial = (prefix: string, last: number): fc.Arbitrary<string> =>
  fc.integer({ min: 1, max: last }).map((n) => `${prefix}-${n}`);

export const resource = serial('R', 7);
/** Those that the story does not rest on: histories go far where these end and the others do not. */
export const spareResource = oneOf('R-4', 'R-5', 'R-6', 'R-7');
export const catalogue = oneOf(ids.catalogue, ids.catalogue, 'C-1', 'C-2');
export const plan = oneOf(ids.plan, 'PLAN-1', 'PLAN-2');
export const agreement = oneOf(ids.agreement, ids.agreement, 'AGR-1', 'AGR-2', 'AGR-3');
export const scenario = oneOf(ids.scenario, 'SCN-1', 'SCN-2', 'SCN-3', 'SCN-4');
export const grant = oneOf(ids.grant, ids.grant, 'GRANT-1', 'GRANT-2', 'GRANT-3');
export const product = oneOf(ids.basic, ids.derived, 'P-1', 'P-2', 'P-3', 'P-4');
export const spareProduct = oneOf('P-1', 'P-2', 'P-3', 'P-4');
export const delivery = fc.oneof(oneOf<string>(ids.toDeveloper), serial('D', 30));
export const usage = serial('U', 40);

const version = oneOf('@1', '@1', '@1', '@1', '@1', '@2', '@3');
const exact = (kind: string, id: fc.Arbitrary<string>) =>
  fc.tuple(id, version).map(([one, at]) => `${kind}/${one}${at}`);
const granted = grant.map((id) => `grant/${id}`);
const agreed = agreement.map((id) => `agreement/${id}`);
/** Of a developer, or of an operator; now and then of the other. */
export const developers = fc.oneof({ weight: 6, arbitrary: granted }, { weight: 1, arbitrary: agreed });
export const operators = fc.oneof({ weight: 1, arbitrary: granted }, { weight: 6, arbitrary: agreed });
export const purpose = oneOf(PURPOSE, PURPOSE, PURPOSE, '商业营销');
const action = oneOf('use', 'use', 'use', 'resell');
export const grade = oneOf(
  { class: 'general', level: 1 },
  { class: 'general', level: 2 },
  { class: 'general', level: 2 },
  { class: 'general', level: 3 },
  { class: 'general', level: 4 },
  { class: 'general', level: 4 },
  { class: 'important' },
  { class: 'important' },
  { class: 'core' },
);
const open = { type: 'conditional', basis: '依法' };
const barred = { type: 'barred', basis: '依法' };
export const paper = { digest: madeUpDigest('文书') };
export const sharing = oneOf(open, open, open, open, barred);
const lifted = { ...open, document: paper, approver: '某人' };
export const changedSharing = oneOf(open, open, lifted, lifted, barred);
export const reason = fc.constant({ reason: '演示' });
export const nothing = fc.constant({});

export const EARLY = '2026-06-03T00:00:00.000Z';
export const SOON = '2026-06-05T00:00:00.000Z';
export const terms = fc.record({
  catalogue: oneOf(ids.catalogue, ids.catalogue, ids.catalogue, 'C-1'),
  domains: maybe(fc.subarray(['金融服务', '医疗健康'], { minLength: 1 })),
  resources: maybe(fc.uniqueArray(resource, { minLength: 1, maxLength: 4 })),
  purposes: maybe(fc.subarray([PURPOSE, '商业营销'], { minLength: 1 })),
  actions: maybe(fc.subarray(['use', 'develop', 'deliver'], { minLength: 2 })),
  from: oneOf('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', EARLY),
  to: oneOf(SOON, '2029-01-01T00:00:00.000Z', '2029-01-01T00:00:00.000Z', '2031-01-01T00:00:00.000Z'),
  quota: maybe(fc.integer({ min: 1, max: 30 })),
});

export function parts(of: keyof typeof demoRulebook.parts): fc.Arbitrary<object> {
  const whole = demoRulebook.parts[of];
  return oneOf(whole, whole, whole, whole, whole.slice(1)).map((names) =>
    Object.fromEntries(names.map((name) => [name, { digest: madeUpDigest(name) }])),
  );
}

/** A use, of whatever there may be. */
export const use = fc.record({
  subject: fc.oneof(
    { weight: 2, arbitrary: exact('product', oneOf<string>(ids.basic, ids.derived)) },
    { weight: 2, arbitrary: exact('product', product) },
    { weight: 1, arbitrary: exact('resource', resource) },
  ),
  authority: developers,
  purpose,
  action,
  quantity: fc.integer({ min: 1, max: 9 }),
});

/** What is made of something, under an authority. */
export const making = (authority: fc.Arbitrary<string>) =>
  fc.record({
    title: fc.constant('产品'),
    authority,
    purpose,
    inputs: fc.array(
      fc.oneof(exact('resource', oneOf('R-1', 'R-2', 'R-3')), exact('resource', resource), exact('product', product)),
      { minLength: 1, maxLength: 2 },
    ),
    environment: oneOf('域内', '域内', '域内', undefined),
    process: fc.constant(madeUpDigest('流程')),
    digest: oneOf(madeUpDigest('产品'), madeUpDigest('产品'), madeUpDigest('甲')),
    form: oneOf('dataset', 'dataset', 'raw'),
  });

/** Something handed to somebody, under an authority. */
export const handing = (authority: fc.Arbitrary<string>, recipients: readonly string[]) =>
  fc.record({ product: exact('product', product), to: oneOf(...recipients), authority, purpose });
