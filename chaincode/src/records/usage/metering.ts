// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { countOn, meteredCounts, meteredMark, quotas, tallies, withinQuota, type Quota } from '../../chain/quota.js';
import { exerciseOf } from '../../chain/chain.js';
import type { ActContext, Mark } from '../../kind/act.js';
import { recorded, type Breach, type Rule } from '../../kind/rule.js';
import { idOf } from '../../vocabulary/vocabulary.js';
import { findingOf } from '../finding/violated.js';
import { leftToMeter } from './correction.js';
import { usage, type UsageBody } from './usage.js';

/** Reports that one act meters besides the one that it is on: two point reads and a mark each. */
const MOST = 199;

const input = z.strictObject({
  /** Of the same user, under the same authority, in the order in which they are counted. */
  reports: z.array(idOf('usage')).max(MOST),
});
type Metering = ActContext<UsageBody, z.infer<typeof input>>;

/** What an act of metering comes to. */
interface Metered {
  readonly marks: readonly Mark[];
  /** Links that reports went beyond, with what is taken of them then, and those reports. */
  readonly exceeded: readonly { readonly link: Quota; readonly by: readonly string[] }[];
}

/** Counts the reports that are left to be metered, each as if it had come by itself; those metered before, once. */
async function metered(context: Metering): Promise<Metered> {
  const { id, body, input: asked, find, marked } = context;
  let links = await quotas(context, await exerciseOf(context));
  const marks: Mark[] = [];
  const exceeded = new Map<string, string[]>();
  for (const one of new Set([id, ...asked.reports])) {
    const report = one === id ? body : (await find(usage, one))?.body;
    if (!report?.unmetered || report.user !== body.user || report.authority !== body.authority) continue;
    if ((await meteredCounts(one, { marked })) !== undefined) continue;
    const { inside } = report.unmetered;
    const counted = countOn(links, { quantity: leftToMeter(report), inside });
    links = counted.after;
    marks.push(meteredMark(one, counted.counts));
    for (const { ref } of counted.exceeded) exceeded.set(ref, [...(exceeded.get(ref) ?? []), `usage/${one}`]);
  }
  const beyond = links.flatMap((link) => {
    const by = exceeded.get(link.ref);
    return by ? [{ link, by }] : [];
  });
  return { marks: marks.length > 0 ? [...marks, ...tallies(links)] : [], exceeded: beyond };
}

const breachOf = ({ link: { ref: link, taken, quota }, by }: Metered['exceeded'][number]): Breach =>
  recorded('quota-exceeded-metered', { link, taken, quota, count: by.length, reports: by });

/** What was reported stays so, whatever it broke: metering finds it, and refuses nothing. */
const withinQuotaMetered: Rule<UsageBody, z.infer<typeof input>> = {
  ...withinQuota,
  check: async (context) => (await metered(context)).exceeded.map(breachOf),
};

const user = (body: UsageBody): string => body.user;

/**
 * 计量入账 — counts reports that left that to be done, so that many at once conflict with none. A quota that they went beyond
 * is a breach on record, and opens a finding against their user, as it would have at the report.
 */
export const meter = usage.act('meter', {
  title: '计量入账',
  by: {
    developer: user,
    operator: user,
    department: user,
    supplier: user,
    platform: user,
    'implementing-agency': (body) => body.agency ?? [],
  },
  from: ['recorded'],
  waits: false, // the gateway that left it to be metered sees to it
  anywhere: true,
  whileSuspended: true,
  input,
  rules: [withinQuotaMetered],
  effect: async (context) => {
    const { ref, record, body } = context;
    const { marks, exceeded } = await metered(context);
    const violations = exceeded.map((one) => ({ rule: withinQuota.id, ...breachOf(one) }));
    const violated = { about: `${ref}@${record?.version ?? 1}`, against: body.user, body, violations };
    const { also, marks: more } = await findingOf(violated, context);
    return { marks: [...marks, ...more], also };
  },
});
