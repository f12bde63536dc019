// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { breachIf } from '../rule.js';
import { text } from '../vocabulary.js';
import { product } from './product.js';
import { certificate, price, type ProductBody } from './product-body.js';

const holder = (body: ProductBody): string => body.holder;

/** A basic product is free, under conditions, for public governance and welfare (Art. 19). */
export const freeForWelfare = product.rule<z.infer<typeof price>>('free-for-welfare', ({ body, input }) =>
  breachIf(
    body.tier === 'basic' && input.use !== 'industry' && input.terms.mode === 'charged',
    `a basic product is free for ${input.use}, under conditions`,
    'price it as free, with its conditions',
  ),
);

/** A product is charged for only under an agreement in force (Art. 11). */
export const chargedUnderAgreement = product.rule<z.infer<typeof price>>(
  'charged-under-agreement',
  async ({ body, input, standing }) => {
    if (input.terms.mode === 'free') return [];
    const { broken } = await standing(body.authority);
    return breachIf(broken !== undefined, broken?.why ?? '', 'charge once the agreement and the grant are in force');
  },
);

/** 定价 — the price that is asked for one sort of use, in fen, or free under conditions. */
export const setPrice = product.act('price', {
  title: '定价',
  by: { operator: holder, developer: holder },
  from: ['cleared', 'checked', 'released'],
  input: price,
  rules: [freeForWelfare, chargedUnderAgreement],
  effect: ({ body, input, time }) => ({ body: { ...body, prices: [...(body.prices ?? []), { ...input, at: time }] } }),
});

/** 知识产权登记 — the certificate of the product's registration as data intellectual property (Art. 23). */
export const certifyIp = product.act('certify-ip', {
  title: '知识产权登记',
  by: { operator: holder, developer: holder },
  from: ['checked', 'released'],
  input: certificate,
  effect: ({ body, input, time }) => ({
    body: { ...body, certificates: [...(body.certificates ?? []), { ...input, at: time }] },
  }),
});

/** 撤回 — taken off the market, at every version; what was delivered stays on record. */
export const withdraw = product.act('withdraw', {
  title: '撤回',
  by: { operator: holder, developer: holder, 'implementing-agency': (body) => body.agency },
  from: ['released'],
  to: 'withdrawn',
  whileSuspended: true,
  input: z.strictObject({ reason: text }),
  effect: ({ body, input, caller, time }) => ({
    body: { ...body, withdrawal: { ...input, by: caller.organization, at: time } },
  }),
});
