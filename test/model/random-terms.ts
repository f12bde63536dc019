// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { ids, PURPOSE } from '../builders';
import type { Scene } from './random-act';
import { after, EARLY, maybe, oneOf, resource, SOON } from './values';
import type { Terms } from './facts';

const ALL = ['use', 'develop', 'deliver'];
const LAST = '2029-01-01T00:00:00.000Z';
const anyTerms: fc.Arbitrary<Terms> = fc.record({
  catalogue: oneOf(ids.catalogue, ids.catalogue, ids.catalogue, 'C-1'),
  domains: maybe(fc.subarray(['金融服务', '医疗健康'], { minLength: 1 })),
  resources: maybe(fc.uniqueArray(resource, { minLength: 1, maxLength: 4 })),
  purposes: maybe(fc.subarray([PURPOSE, '商业营销'], { minLength: 1 })),
  actions: maybe(oneOf(ALL, ALL, ['develop', 'deliver'], ['use', 'develop'])),
  from: oneOf('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', EARLY),
  to: oneOf(SOON, LAST, LAST, '2031-01-01T00:00:00.000Z'),
  quota: maybe(fc.integer({ min: 1, max: 30 })),
});

/** What a link may say more or less than the one above it; a millisecond or a single use beside it, too. */
const changes: readonly ((terms: Terms, some: Terms) => Partial<Terms>)[] = [
  () => ({}),
  (_, { from }) => ({ from }),
  (_, { to }) => ({ to }),
  ({ from }) => ({ from: after(from, 1) }),
  ({ from }) => ({ from: after(from, -1) }),
  ({ to }) => ({ to: after(to, 1) }),
  ({ to }) => ({ to: after(to, -1) }),
  (_, { quota }) => (quota === undefined ? {} : { quota }),
  ({ quota = 5 }) => ({ quota }),
  ({ quota = 5 }) => ({ quota: quota + 1 }),
  (_, { domains }) => (domains ? { domains } : {}),
  (_, { resources }) => (resources ? { resources } : {}),
  (_, { purposes }) => (purposes ? { purposes } : {}),
  (_, { actions }) => (actions ? { actions } : {}),
  (_, { catalogue }) => ({ catalogue }),
];

/** Any terms, or those of the link above with one thing changed. */
export function termsUnder(parent: (scene: Scene) => string | undefined): fc.Arbitrary<(scene: Scene) => Terms> {
  const change = fc.integer({ min: -3, max: changes.length - 1 });
  return fc
    .tuple(anyTerms, change, change, oneOf(true, true, true, false))
    .map(([some, one, other, isNear]) => (scene) => {
      const above = scene.world.now(parent(scene) ?? '')?.facts.terms;
      if (!above || !isNear) return some;
      const near = { ...above, ...changes[one]?.(above, some) };
      return { ...near, ...changes[other]?.(near, some) };
    });
}

export const terms = termsUnder(() => undefined);

/** What an agreement or grant is under. */
export const above =
  (kind: string, parent: 'plan' | 'agreement') =>
  ({ world, id }: Scene): string =>
    `${parent}/${world.now(`${kind}/${id}`)?.facts[parent] ?? ''}`;
