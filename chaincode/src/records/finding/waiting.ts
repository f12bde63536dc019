// SPDX-License-Identifier: Apache-2.0
import { STATED, type Asked } from '../../kind/act.js';

/** What of a finding decides for whom it waits. */
interface Concerning {
  readonly against?: string | undefined;
  readonly raisedBy?: string | undefined;
  readonly order?: { readonly by: string; readonly due: string; readonly at: string } | undefined;
}

/** A finding waits for those who oversee it, and not for the one concerned or the one that reported it. For `waits`. */
export function forOverseer({ against, raisedBy }: Concerning, { state, by }: Asked): boolean {
  return by === undefined || (by !== against && !(state === 'incident' && by === raisedBy));
}

/** Of these, an appeal does not wait for the one that raised the finding or ordered its rectification. For `waits`. */
export function forAnotherOverseer(body: Concerning, asked: Asked): boolean {
  const { by } = asked;
  return forOverseer(body, asked) && (by === undefined || ![body.raisedBy, body.order?.by].includes(by));
}

/** By when a finding is rectified: the date of the order. */
export const ordered = {
  period: STATED,
  rule: 'rectified-in-time',
  since: ({ order }: Concerning) => order?.at,
  until: ({ order }: Concerning) => order?.due,
} as const;
