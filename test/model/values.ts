// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { demoRulebook } from 'yuanliu-demo/rulebook';
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
export const registration = serial('REG', 25);
export const delivery = fc.oneof(oneOf<string>(ids.toDeveloper), serial('D', 30));
export const external = serial('X', 8);
export const finding = serial('F', 40);
export const usage = serial('U', 60);

const version = oneOf('@1', '@1', '@1', '@1', '@1', '@2', '@3');
export const exact = (kind: string, id: fc.Arbitrary<string>) =>
  fc.tuple(id, version).map(([one, at]) => `${kind}/${one}${at}`);
const granted = grant.map((id) => `grant/${id}`);
const agreed = agreement.map((id) => `agreement/${id}`);
/** Of a developer, or of an operator; now and then of the other. */
export const developers = fc.oneof({ weight: 6, arbitrary: granted }, { weight: 1, arbitrary: agreed });
export const operators = fc.oneof({ weight: 1, arbitrary: granted }, { weight: 6, arbitrary: agreed });
export const purpose = oneOf(PURPOSE, PURPOSE, PURPOSE, '商业营销');
export const action = oneOf('use', 'use', 'use', 'resell');
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

/** So many milliseconds after a time. */
export function after(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString();
}

export const EARLY = '2026-06-05T00:00:00.000Z';
export const SOON = '2026-06-08T00:00:00.000Z';
export function parts(of: keyof typeof demoRulebook.parts): fc.Arbitrary<object> {
  const whole = demoRulebook.parts[of];
  return oneOf(whole, whole, whole, whole, whole.slice(1)).map((names) =>
    Object.fromEntries(names.map((name) => [name, { digest: madeUpDigest(name) }])),
  );
}
