// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { chainStands, withinChain } from '../chain.js';
import { kind } from '../kind.js';
import { breachIf, defineRule } from '../rule.js';
import { creditCode, digest, name, refTo, region, term, versionTo } from '../vocabulary.js';
import { filed } from './agreement.js';
import { authorityOf, placeOf } from './grant.js';
import { DELIVERED, product } from './product.js';
import { sourceInUse } from './product-body.js';

const deliveryBody = z.strictObject({
  product: versionTo('product'),
  from: creditCode,
  to: creditCode,
  authority: refTo('grant', 'agreement'),
  /** Of the authority; absent if a report names one that does not exist. */
  agreement: refTo('agreement').optional(),
  region: region.optional(),
  domains: z.array(term),
  purpose: term,
  /** How it was handed over: 接口, 文件, … */
  channel: name.optional(),
  /** Digest of what was handed over, as the sender computed it. */
  digest: digest.optional(),
});

/** 交付 — a product handed to somebody. */
export const delivery = kind('delivery', {
  title: '交付',
  plural: 'deliveries',
  schema: 1,
  body: deliveryBody,
  states: ['delivered', 'confirmed'],
  inForce: ['delivered', 'confirmed'],
  parents: (body) => [body.authority, body.product],
  edges: (body) => [{ relation: 'used', to: body.product }],
  parties: (body) => [body.from, body.to],
  digests: (body) => (body.digest === undefined ? [] : [body.digest]),
  exercise: async (body, reader, at) => {
    const record = await reader.find(product, body.product);
    const resources = (record?.body.sources ?? []).map(sourceInUse);
    return {
      authority: body.authority,
      actors: [body.from, body.to],
      use: { resources, purpose: body.purpose, action: 'deliver', at },
      quantity: 0,
    };
  },
});

/** What is delivered or used is a product that exists at that version and was released (Art. 23). */
export const productReleased = defineRule<{ readonly product?: string; readonly subject?: string }>(
  'product-released',
  async ({ body, find, moment, occurredAt }) => {
    const ref = body.product ?? body.subject ?? '';
    if (!ref.startsWith('product/')) return [];
    const record = await find(product, ref);
    const released = record !== undefined && moment(record)?.state === 'released';
    // what is not released is not public: whether it exists is not said
    return breachIf(!released, `${ref} was no released product at ${occurredAt}`, 'name a product that is released');
  },
);

/** Personal information is delivered only anonymized (Art. 22). */
export const deliveredAnonymized = delivery.rule('personal-delivered', async ({ body, find }) => {
  const record = await find(product, body.product);
  return breachIf(
    record?.body.personal === true && record.body.export?.anonymization === undefined,
    `${body.product} holds personal information that is not anonymized`,
    'recall it, anonymize it, deliver the anonymized version',
  );
});

/** Whoever hands a product over holds it. */
export const deliversOwn = delivery.rule('delivers-own', async ({ body, find }) => {
  const record = await find(product, body.product);
  return breachIf(
    record?.body.holder !== body.from,
    `${body.product} is not held by ${body.from}`,
    'let its holder deliver it',
  );
});

/** 交付 — states that a product was handed over. */
export const deliver = delivery.creation('deliver', {
  title: '交付',
  report: true,
  by: { operator: (body) => body.from, developer: (body) => body.from },
  to: 'delivered',
  input: deliveryBody.pick({ product: true, to: true, authority: true, purpose: true, channel: true, digest: true }),
  rules: [chainStands, withinChain, productReleased, deliversOwn, deliveredAnonymized, filed],
  effect: async ({ input, caller, find, ref, time }) => {
    const authority = await authorityOf(input.authority, { find });
    const made = await find(product, input.product);
    return {
      body: { ...input, ...placeOf(authority), from: caller.organization, domains: made?.body.domains ?? [] },
      marks: made
        ? [made.id, `${made.id}/${input.to}`].map((key) => ({ name: DELIVERED, key, value: { by: ref, at: time } }))
        : [],
    };
  },
});

/** 签收 — the recipient confirms that it has it. */
export const confirm = delivery.act('confirm', {
  title: '签收',
  by: {
    developer: (body) => body.to,
    operator: (body) => body.to,
    department: (body) => body.to,
    supplier: (body) => body.to,
    platform: (body) => body.to,
  },
  from: ['delivered'],
  to: 'confirmed',
  input: z.strictObject({ digest: digest.optional() }),
});
