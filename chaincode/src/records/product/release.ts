// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { chainStands, withinChain } from '../../chain/chain.js';
import { byUnrelatedTo } from '../../chain/decided-by-another.js';
import { parseRef } from '../../kind/record.js';
import { breach, breachIf, defineRule, type Breach, type Rule } from '../../kind/rule.js';
import { name, text } from '../../vocabulary/vocabulary.js';
import { product } from './product.js';
import type { ProductBody } from './body.js';
import { anonymized, notGradedDown, productOf, type AboutProduct } from './grading.js';
import { noRedevelopment } from './redevelopment.js';
import { resource } from '../resource/resource.js';
import { shareable } from '../../chain/shareable.js';

/** 发布申请 — a developer asks the operator to check it before release (Art. 23). */
export const requestRelease = product.act('request-release', {
  title: '发布申请',
  waits: ({ tier }, { state }) => tier === 'derived' || state === 'returned',
  by: { operator: (body) => body.holder, developer: (body) => body.holder },
  from: ['cleared', 'returned'],
  to: 'release-requested',
  rules: [chainStands, withinChain, shareable, notGradedDown],
});

/** What stands against a product is no reason not to fail it. */
function toPass(rule: Rule<ProductBody>): Rule<ProductBody, { result: 'pass' | 'fail' }> {
  return { ...rule, check: (context) => (context.input.result === 'fail' ? [] : rule.check(context)) };
}

/** 发布审核 — the operator checks it against its scenario: compliance, security, consistency (Art. 23). Its own, the agency. */
export const check = product.act('check', {
  title: '发布审核',
  waits: (body, { by }) => by !== body.holder,
  by: {
    operator: (body) => body.operator,
    'implementing-agency': (body) => (body.holder === body.operator ? body.agency : []),
  },
  from: ['release-requested'],
  input: z.strictObject({ result: z.enum(['pass', 'fail']), opinion: text }),
  rules: [...[shareable, notGradedDown].map(toPass), byUnrelatedTo((body) => body.holder)],
  effect: ({ body, input, caller, time }) => ({
    body: { ...body, check: { ...input, by: caller.organization, at: time } },
    to: input.result === 'pass' ? 'checked' : 'returned',
  }),
});

/** A derived product is released after the operator's signed check against its scenario (Art. 23). */
export const checkedFirst = product.rule('release-checked', ({ body, record }) =>
  breachIf(body.tier === 'derived' && record?.state !== 'checked', 'not-checked'),
);

/**
 * 原始公共数据资源 not lawfully opened does not go to market (Art. 26): in the version used, as it is now, through another product,
 * or by a delivery after it was closed.
 */
export const notRaw = defineRule<AboutProduct>('raw-to-market', async (context) => {
  const body = (await productOf(context))?.body;
  if (!body) return [];
  const { find, current } = context;
  const direct = body.inputs.filter((ref) => ref.startsWith('resource/'));
  const used = new Set(direct.map((ref) => parseRef(ref).id));
  const through = body.sources.filter(({ resource: id }) => !used.has(id)).map(({ resource: id }) => `resource/${id}`);
  const found: Breach[] = [];
  for (const ref of [...direct, ...through]) {
    const now = await current(resource, parseRef(ref).id);
    const input = used.has(parseRef(ref).id) ? await find(resource, ref) : now;
    if (!input || (body.form !== 'raw' && input.body.digest !== body.digest)) continue;
    if (!input.body.lawfullyOpened || !now?.body.lawfullyOpened) {
      found.push(breach('raw-to-market', { input: ref }));
    }
  }
  return found;
});

/** 发布 — it goes to market. */
export const release = product.act('release', {
  title: '发布',
  waits: ({ tier }, { state }) => tier === 'basic' || state === 'checked',
  by: { operator: (body) => body.holder, developer: (body) => body.holder },
  from: ['cleared', 'checked'],
  to: 'released',
  input: z.strictObject({ channel: name }),
  rules: [chainStands, withinChain, shareable, checkedFirst, notRaw, notGradedDown, anonymized, noRedevelopment],
  effect: ({ body, input, time }) => ({ body: { ...body, channel: input.channel, releasedAt: time } }),
});
