// SPDX-License-Identifier: Apache-2.0
import type { Act } from './act';
import type { Facts } from './facts';
import type { World } from './world';

const holder = (was: Facts) => [was.holder];
const byHolder = { operator: holder, developer: holder };

/** An external input is its maker's own, within the period of its licence. */
export function isUnlicensed(world: World, exact: string, by: string, at: string): boolean {
  const facts = exact.startsWith('external-input/') ? world.version(exact)?.facts : undefined;
  if (!facts) return false;
  const { from = '', to } = facts.period ?? {};
  return facts.holder !== by || at < from || (to !== undefined && at >= to);
}

/** Data that is not the city's, with the right to use it. */
export const externalInputActs: Readonly<Record<string, Act>> = {
  'external-input:declare': {
    who: byHolder,
    leaves: ({ call, input: { personal, period, digest, region } }) => ({
      to: 'declared',
      facts: { holder: call.by, personal, period, digest, region },
    }),
  },
  'external-input:withdraw': {
    who: byHolder,
    from: ['declared'],
    always: true,
    leaves: ({ was, time }) => ({ to: 'withdrawn', facts: { ...was, withdrawn: time } }),
  },
};
