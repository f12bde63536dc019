// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { ActContext, Reader } from '../../kind/act.js';
import { restingOf, whyOf } from '../../chain/chain.js';
import { kindNamed } from '../../kind/kind.js';
import { parseRef } from '../../kind/record.js';
import { breach, breachIf, defineRule } from '../../kind/rule.js';
import { shareable } from '../../chain/shareable.js';
import type { Link } from '../../kind/standing.js';
import { text } from '../../vocabulary/vocabulary.js';
import { product } from './product.js';
import { certificate, price, type charge, type ProductBody } from './body.js';
import { productOf } from './grading.js';

const holder = (body: ProductBody): string => body.holder;

/** What charges: the price that is set for a product, or a delivery that was charged for. */
type Charging = ProductBody | Handed;
interface Handed {
  readonly product: string;
  readonly from: string;
  readonly authority: string;
  readonly charge?: Charge;
}
type Charge = z.infer<typeof charge>;
type Asked = Partial<z.infer<typeof price>>;

function chargeOf({ body, input }: ActContext<Charging, object>): Charge | undefined {
  if ('product' in body) return body.charge;
  const { use, terms }: Asked = input;
  if (!use || terms?.mode !== 'charged') return undefined;
  return { use, ...(terms.law === undefined ? {} : { law: terms.law }) };
}

/** A basic product is free, under conditions, for public governance and welfare (Art. 19). */
export const freeForWelfare = defineRule<Charging, object>('free-for-welfare', async (context) => {
  const charged = chargeOf(context);
  if (!charged || charged.use === 'industry') return [];
  const basic = (await productOf(context))?.body.tier === 'basic';
  return breachIf(basic, 'basic-is-free', { use: `use:${charged.use}` });
});

/** A product is charged for only under an agreement in force, its own, unless a special law lets it be (Art. 11). */
export const chargedUnderAgreement = defineRule<Charging, object>('charged-under-agreement', async (context) => {
  const charged = chargeOf(context);
  if (!charged || charged.law !== undefined) return [];
  const { authority } = context.body;
  const charger = 'product' in context.body ? context.body.from : context.body.holder;
  const { broken, chain } = await context.standing(authority, restingOf(context));
  if (!(await isHeld(chain, charger, context))) {
    return [breach('charger-holds-nothing', { organization: charger, authority })];
  }
  return broken ? [breach('charged-while-broken', { why: whyOf(broken) })] : [];
});

/** Whether an organisation is the one to exercise a link of a chain. */
async function isHeld(chain: readonly Link[], by: string, { find }: Pick<Reader, 'find'>): Promise<boolean> {
  for (const { ref } of chain) {
    const kind = kindNamed(parseRef(ref).kind);
    const link = kind?.holder && (await find(kind, ref));
    if (link && kind.holder?.(link.body) === by) return true;
  }
  return false;
}

/** 定价 — the price that is asked for one sort of use, in fen, or free under conditions. */
export const setPrice = product.act('price', {
  title: '定价',
  waits: false,
  by: { operator: holder, developer: holder },
  from: ['cleared', 'checked', 'released'],
  input: price,
  rules: [freeForWelfare, chargedUnderAgreement, shareable],
  effect: ({ body, input, time }) => ({ body: { ...body, prices: [...(body.prices ?? []), { ...input, at: time }] } }),
});

/** 知识产权登记 — the certificate of the product's registration as data intellectual property (Art. 23). */
export const certifyIp = product.act('certify-ip', {
  title: '知识产权登记',
  waits: false,
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
  waits: false,
  by: { operator: holder, developer: holder, 'implementing-agency': (body) => body.agency },
  from: ['released'],
  to: 'withdrawn',
  whileSuspended: true,
  input: z.strictObject({ reason: text }),
  effect: ({ body, input, caller, time }) => ({
    body: { ...body, withdrawal: { ...input, by: caller.organization, at: time } },
  }),
});
