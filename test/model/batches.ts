// SPDX-License-Identifier: Apache-2.0
import { those, type Act, type Deed } from './act';
import { allows, termsOf, walk } from './chain';
import { isUnfiled } from './link-rules';
import { GO_LIVE } from './periods';
import { sourcesOf } from './products';
import { byUser, counting, isUnder, useRules } from './uses';
import type { Facts } from './facts';

/** One's authority did not stand or allow it at a time since the first use: then, or at an instant when anything changed. */
function wasForbidden({ world, call, time, asOf }: Deed, facts: Facts, since: string): boolean {
  const end = asOf ?? time;
  const { subject = '', authority = '', purpose = '', action = '' } = facts;
  if (!isUnder(world, authority, [call.by])) return false;
  const resources = sourcesOf(world, subject, call.by);
  const from = since < GO_LIVE ? GO_LIVE : since; // what was before cannot be judged
  return [from, ...world.instants].some((at) => {
    if (at < from || at >= end) return false;
    const { stands, links } = walk(world, authority, time, at, [subject.replace(/@.*$/, '')]);
    const terms = links.flatMap(({ moment }) => termsOf(moment.facts) ?? []);
    return !stands || terms.some((one) => !allows(world, one, { resources, purpose, action, at }));
  });
}

/** Uses reported in batches, by the root of their traces, in logs that leave none out. */
export const batchActs: Readonly<Record<string, Act>> = {
  'usage:anchor': {
    who: byUser,
    report: true,
    anywhere: true,
    leaves: (deed) => {
      const { world, call, input } = deed;
      const { log = '', first = 0, root = '' } = input.batch ?? {};
      const left = counting(deed, 'recorded');
      const then = (): void => {
        left.then?.();
        const last = world.logs.get(`${call.by}/${log}`);
        if (first < (last?.next ?? 1)) return; // one that comes again moves nothing back
        world.logs.set(`${call.by}/${log}`, { next: first + (input.quantity ?? 1), root });
      };
      return { ...left, then };
    },
    broken: (deed, left) => {
      const { world, call, input, asOf, time } = deed;
      const { log = '', first, previous, since = '' } = input.batch ?? {};
      const { authority = '' } = left.facts;
      const end = asOf ?? time;
      const last = world.logs.get(`${call.by}/${log}`) ?? { next: 1, root: undefined };
      return those({
        ...useRules(deed, left),
        'agreement-filed': isUnder(world, authority, [call.by]) && isUnfiled(world, authority, end),
        'batch-continues': first !== last.next || previous !== last.root || since > end,
        'batch-throughout': wasForbidden(deed, left.facts, since),
      });
    },
  },
};
