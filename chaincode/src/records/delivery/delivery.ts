// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { Mark } from '../../kind/act.js';
import { chainStands, withinChain } from '../../chain/chain.js';
import { kind } from '../../kind/kind.js';
import { parseRef } from '../../kind/record.js';
import { breachIf, defineRule } from '../../kind/rule.js';
import {
  creditCode,
  digest,
  instant,
  name,
  refTo,
  region,
  term,
  text,
  versionTo,
} from '../../vocabulary/vocabulary.js';
import { filed } from '../agreement/agreement.js';
import { authorityOf, placeOf } from '../grant/grant.js';
import { DELIVERED, isDelivered, USED, withDelivery, withoutDelivery } from './delivered.js';
import { judgedByUse } from '../product/judged-by-use.js';
import { product, productKnownTo } from '../product/product.js';
import { charge, sourceInUse } from '../product/body.js';
import { isPersonal, notGradedDown } from '../product/grading.js';
import { chargedUnderAgreement, freeForWelfare } from '../product/market.js';
import { notRaw } from '../product/release.js';
import { noRedevelopment } from '../product/redevelopment.js';
import { shareable } from '../../chain/shareable.js';

const deliveryBody = z.strictObject({
  product: versionTo('product'),
  from: creditCode,
  to: creditCode,
  authority: refTo('grant', 'agreement'),
  /** Of the authority; absent if that is none of theirs, or does not exist. */
  agreement: refTo('agreement').optional(),
  region: region.optional(),
  domains: z.array(term),
  purpose: term,
  /** How it was handed over: 接口, 文件, … */
  channel: name.optional(),
  /** Digest of what was handed over, as the sender computed it. */
  digest: digest.optional(),
  /** A clause that binds the recipient to this sender alone, for market supervision to look at (Art. 17). */
  exclusivity: text.optional(),
  /** Set if it was charged for. */
  charge: charge.optional(),
  receipt: z.strictObject({ digest: digest.optional(), at: instant }).optional(),
  refusal: z.strictObject({ reason: text, digest: digest.optional(), at: instant }).optional(),
});

/** 交付 — a product handed to somebody. */
export const delivery = kind('delivery', {
  title: '交付',
  plural: 'deliveries',
  schema: 1,
  body: deliveryBody,
  states: ['delivered', 'confirmed', 'refused'],
  inForce: ['delivered', 'confirmed'],
  parents: (body) => [body.authority, body.product],
  edges: (body) => [{ relation: 'used', to: body.product }],
  parties: (body) => [body.from, body.to],
  digests: (body) => (body.digest === undefined ? [] : [body.digest]),
  exercise: async (body, reader, at) => {
    const record = await productKnownTo(body.from, body.product, reader);
    const resources = (record?.body.sources ?? []).map(sourceInUse);
    return {
      authority: body.authority,
      actors: actorsOf(body, record?.body.holder),
      use: { resources, purpose: body.purpose, action: 'deliver', at },
      product: record?.id,
      quantity: 0,
    };
  },
});

/** Under whose authority a product is handed over: its holder's or the recipient's; nobody else's report leans on the latter. */
function actorsOf({ from, to }: { readonly from: string; readonly to: string }, holder: string | undefined): string[] {
  return holder === from ? [from, to] : [from];
}

/** What is delivered or used is a product that exists at that version and was released (Art. 23). */
export const productReleased = defineRule<{ readonly product?: string; readonly subject?: string }>(
  'product-released',
  async ({ body, find, moment, occurredAt }) => {
    const ref = body.product ?? body.subject ?? '';
    if (!ref.startsWith('product/')) return [];
    const record = await find(product, ref);
    const released = record !== undefined && moment(record)?.state === 'released';
    // what is not released is not public: whether it exists is not said
    return breachIf(!released, 'not-released', { product: ref, at: occurredAt });
  },
);

/** Personal information is delivered only anonymized (Art. 22). */
export const deliveredAnonymized = delivery.rule('personal-delivered', async (context) =>
  breachIf(await isPersonal(context), 'delivered-personal', { product: context.body.product }),
);

/** Whoever hands a product over holds it. */
export const deliversOwn = delivery.rule('delivers-own', async ({ body, find }) => {
  const record = await find(product, body.product);
  return breachIf(record?.body.holder !== body.from, 'not-held', { product: body.product, from: body.from });
});

/** 垄断协议 — a clause of exclusivity is put before those who watch the market (Art. 17). */
export const notExclusive = delivery.rule('exclusivity-clause', ({ body }) =>
  breachIf(body.exclusivity !== undefined, 'exclusive'),
);

const sender = (body: { from: string }): string => body.from;

/** 交付 — states that a product was handed over; by a department or its institution too, which is then held to Art. 11. */
export const deliver = delivery.creation('deliver', {
  title: '交付',
  report: true,
  by: { operator: sender, developer: sender, department: sender, supplier: sender },
  anywhere: true,
  to: 'delivered',
  input: deliveryBody.pick({
    product: true,
    to: true,
    authority: true,
    purpose: true,
    channel: true,
    digest: true,
    exclusivity: true,
    charge: true,
  }),
  rules: [
    chainStands,
    withinChain,
    shareable,
    productReleased,
    deliversOwn,
    deliveredAnonymized,
    notGradedDown,
    notRaw,
    noRedevelopment,
    freeForWelfare,
    chargedUnderAgreement,
    notExclusive,
    filed,
  ],
  effect: async (context) => {
    const { input, caller, find, marked, ref, occurredAt } = context;
    const authority = await authorityOf(input.authority, { find });
    const from = caller.organization;
    const made = await productKnownTo(from, input.product, { find });
    const actors = actorsOf({ from, to: input.to }, made?.body.holder);
    const { agency: _, ...place } = await placeOf(authority, actors, context);
    const body = { ...input, ...place, from, domains: made?.body.domains ?? [] };
    if (made?.body.holder !== from) return { body }; // on record, and makes nobody a lawful holder
    const marks: Mark[] = [];
    for (const key of [made.id, `${made.id}/${input.to}`]) {
      const value = withDelivery(await marked(DELIVERED, key), { by: ref, at: occurredAt });
      if (value) marks.push({ name: DELIVERED, key, value });
    }
    return { body, marks: [...marks, ...(await judgedByUse(made, { ...context, body }))] };
  },
});

const recipient = (body: { to: string }): string => body.to;
const byRecipient = {
  developer: recipient,
  operator: recipient,
  department: recipient,
  supplier: recipient,
  platform: recipient,
};

/** What was received is what was sent. */
export const receivedAsSent = delivery.rule<{ digest?: string | undefined }>('received-as-sent', ({ body, input }) =>
  breachIf(body.digest !== undefined && input.digest !== undefined && body.digest !== input.digest, 'not-as-sent', {
    digest: body.digest ?? '',
  }),
);

/** 签收 — the recipient confirms that it has it. */
export const confirm = delivery.act('confirm', {
  title: '签收',
  waits: true,
  by: byRecipient,
  anywhere: true,
  from: ['delivered'],
  to: 'confirmed',
  whileSuspended: true,
  input: z.strictObject({ digest: digest.optional() }),
  rules: [receivedAsSent],
  effect: ({ body, input, time }) => ({ body: { ...body, receipt: { ...input, at: time } } }),
});

/** What the recipient has used, or developed further, it has: unless it had it by another delivery, it cannot refuse it. */
export const usedNotRefused = delivery.rule('used-not-refused', async ({ body, ref, marked }) => {
  const key = `${parseRef(body.product).id}/${body.to}`;
  const mark = await marked(DELIVERED, key);
  const others = withoutDelivery(mark, ref) ?? mark;
  return breachIf(!isDelivered(others) && (await marked(USED, key)) !== undefined, 'used-already', {
    organization: body.to,
    product: body.product,
  });
});

/** 拒收 — the recipient says that it did not get it, or not what was sent: it is not its to use. */
export const refuse = delivery.act('refuse', {
  title: '拒收',
  waits: true,
  by: byRecipient,
  anywhere: true,
  from: ['delivered'],
  to: 'refused',
  whileSuspended: true,
  input: z.strictObject({ reason: text, digest: digest.optional() }),
  rules: [usedNotRefused],
  effect: async ({ body, input, ref, time, marked }) => {
    const { id } = parseRef(body.product);
    const marks: Mark[] = [];
    for (const key of [id, `${id}/${body.to}`]) {
      const value = withoutDelivery(await marked(DELIVERED, key), ref);
      if (value) marks.push({ name: DELIVERED, key, value });
    }
    return { body: { ...body, refusal: { ...input, at: time } }, marks };
  },
});
