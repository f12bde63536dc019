// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { chainStands, shareable, withinChain } from '../chain.js';
import { byUnrelatedTo } from '../decided-by-another.js';
import { breach, breachIf, type Breach } from '../rule.js';
import { name, text } from '../vocabulary.js';
import { product } from './product.js';
import { anonymized, notGradedDown } from './product-grading.js';
import { resource } from './resource.js';

/** 发布申请 — a developer asks the operator to check it before release (Art. 23). */
export const requestRelease = product.act('request-release', {
  title: '发布申请',
  by: { operator: (body) => body.holder, developer: (body) => body.holder },
  from: ['cleared', 'returned'],
  to: 'release-requested',
  rules: [chainStands, withinChain],
});

/** 发布审核 — the operator checks it against its scenario: compliance, security, consistency (Art. 23). Its own, the agency. */
export const check = product.act('check', {
  title: '发布审核',
  by: {
    operator: (body) => body.operator,
    'implementing-agency': (body) => (body.holder === body.operator ? body.agency : []),
  },
  from: ['release-requested'],
  input: z.strictObject({ result: z.enum(['pass', 'fail']), opinion: text }),
  rules: [byUnrelatedTo((body) => body.holder)],
  effect: ({ body, input, caller, time }) => ({
    body: { ...body, check: { ...input, by: caller.organization, at: time } },
    to: input.result === 'pass' ? 'checked' : 'returned',
  }),
});

/** A derived product is released after the operator's signed check against its scenario (Art. 23). */
export const checkedFirst = product.rule('release-checked', ({ body, record }) =>
  breachIf(
    body.tier === 'derived' && record?.state !== 'checked',
    'the operator has not checked it',
    'ask for it: product:request-release',
  ),
);

/** 原始公共数据资源 not lawfully opened, in the version used and as it is now, does not go to market (Art. 26). */
export const notRaw = product.rule('raw-to-market', async ({ body, find, current }) => {
  const found: Breach[] = [];
  for (const ref of body.inputs) {
    const input = await find(resource, ref);
    if (!input || (body.form !== 'raw' && input.body.digest !== body.digest)) continue;
    const now = await current(resource, input.id);
    if (!input.body.lawfullyOpened || !now?.body.lawfullyOpened) {
      found.push(breach(`${ref} would go to market unprocessed`, 'process it, or have it lawfully opened'));
    }
  }
  return found;
});

/** 发布 — it goes to market. */
export const release = product.act('release', {
  title: '发布',
  by: { operator: (body) => body.holder, developer: (body) => body.holder },
  from: ['cleared', 'checked'],
  to: 'released',
  input: z.strictObject({ channel: name }),
  rules: [chainStands, withinChain, shareable, checkedFirst, notRaw, notGradedDown, anonymized],
  effect: ({ body, input, time }) => ({ body: { ...body, channel: input.channel, releasedAt: time } }),
});
