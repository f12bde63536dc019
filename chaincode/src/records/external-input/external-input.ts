// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { says } from '../../vocabulary/issue.js';
import { kind } from '../../kind/kind.js';
import { creditCode, digest, document, instant, name, region, text } from '../../vocabulary/vocabulary.js';

const externalInputBody = z.strictObject({
  title: name,
  holder: creditCode,
  /** Where the holder has it from: a ministry, another province, a company. */
  source: z.strictObject({
    from: z.enum(['national', 'other-region', 'non-public', 'open']),
    name,
  }),
  /** The licence, contract or consent to use it: by digest, never its terms. */
  licence: document,
  /** Whether any of it is personal information. */
  personal: z.boolean(),
  /** In which the licence allows its use; open-ended without `to`. */
  period: z
    .strictObject({ from: instant, to: instant.optional() })
    .refine(({ from, to }) => to === undefined || from < to, says('period-ends-early')),
  region,
  /** Digest of the content, as the holder computed it. */
  digest: digest.optional(),
  withdrawal: z.strictObject({ reason: text, at: instant }).optional(),
});
export type ExternalInputBody = z.infer<typeof externalInputBody>;

/** 外部数据 — data that is not the city's public data, lawfully obtained and fused with it (Art. 16, 31). */
export const externalInput = kind('external-input', {
  title: '外部数据',
  plural: 'external-inputs',
  schema: 1,
  body: externalInputBody,
  states: ['declared', 'withdrawn'],
  inForce: ['declared'],
  ended: ['withdrawn'],
  offices: ['implementing-agency'],
  holder: (body) => body.holder,
  parties: (body) => [body.holder],
  digests: (body) => [body.licence.digest, ...(body.digest === undefined ? [] : [body.digest])],
});

const holder = (body: { holder: string }): string => body.holder;

/** 申报 — the one who brings it in says where it is from and by which right. */
export const declare = externalInput.creation('declare', {
  title: '申报',
  by: { operator: holder, developer: holder },
  to: 'declared',
  input: externalInputBody.omit({ holder: true, withdrawal: true }),
  effect: ({ input, caller }) => ({ body: { ...input, holder: caller.organization } }),
});

/** 撤回 — no new product is made from it; what was made stays on record. */
export const withdraw = externalInput.act('withdraw', {
  title: '撤回',
  waits: false,
  by: { operator: holder, developer: holder },
  from: ['declared'],
  to: 'withdrawn',
  whileSuspended: true,
  input: z.strictObject({ reason: text }),
  effect: ({ body, input, time }) => ({ body: { ...body, withdrawal: { ...input, at: time } } }),
});
