// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { ActContext } from '../../kind/act.js';
import { byUnrelatedTo } from '../../chain/decided-by-another.js';
import { demanded, gradingOf, strictest } from '../../chain/inheritance.js';
import type { LedgerRecord } from '../../kind/record.js';
import { breachIf, defineRule } from '../../kind/rule.js';
import { shareable } from '../../chain/shareable.js';
import { regradedMarks } from '../../chain/since-judged.js';
import { grade, gradeRank, text, type Grade } from '../../vocabulary/vocabulary.js';
import { organization } from '../organization/organization.js';
import { product, productKnownTo } from './product.js';
import { anonymization, gradingDecision, type ProductBody } from './body.js';

/** What a rule on products is about: the product of the act, or the one that a delivery names. */
export type AboutProduct = ProductBody | { readonly product: string; readonly from: string };

/** The product that an act is about, as who delivers it may know it. */
export async function productOf({ id, body, find }: ActContext<AboutProduct, unknown>): Promise<Product | undefined> {
  return 'product' in body ? productKnownTo(body.from, body.product, { find }) : { id, body };
}
type Product = Pick<LedgerRecord<ProductBody>, 'id' | 'body'>;

/**
 * A product is not graded below its highest input, as that is graded now, without a decision with basis and approver. On the
 * market it is not graded below what it was without one either, and by a suspended organisation not at all.
 */
export const notGradedDown = defineRule<AboutProduct>('graded-down', async (context) => {
  const about = await productOf(context);
  const own = about && gradingOf(about.body, context.asOf);
  if (!own) return [];
  const { body } = about;
  const { grade: needed } = await strictest(about, context, context);
  return [
    ...breachIf(gradeRank(own.grade) < gradeRank(needed), 'grade-below-input'),
    ...breachIf(
      isLowered(context, own.grade) && context.record?.state === 'released' && own.decision === undefined,
      'grade-lower-released',
    ),
    ...breachIf(
      isLowered(context, own.grade) && (await context.find(organization, body.holder))?.state !== 'admitted',
      'grade-lower-suspended',
      { organization: body.holder },
    ),
  ];
});

/** Whether an act on a product leaves it graded lower than it was. */
function isLowered({ record }: ActContext<AboutProduct, unknown>, after: Grade): boolean {
  const before = record && !('product' in record.body) ? gradingOf(record.body) : undefined;
  return before !== undefined && gradeRank(after) < gradeRank(before.grade);
}

const holder = (body: ProductBody): string => body.holder;
const gradeInput = z.strictObject({ grade, decision: gradingDecision.optional() });

/** 定级 */
export const gradeProduct = product.act('grade', {
  title: '定级',
  waits: true,
  by: { operator: holder, developer: holder },
  from: ['developed'],
  to: 'graded',
  input: gradeInput,
  rules: [notGradedDown],
  effect: async ({ id, body, input, current, marked }) => {
    const { grade: over } = await demanded({ id, body }, { current, marked });
    const decision = input.decision && { gradingDecision: input.decision };
    return { body: { ...body, grade: input.grade, ...decision, ...(over ? { gradedOver: over } : {}) } };
  },
});

/**
 * 变更定级 — another grade for the same product: what it is made from was graded otherwise, or it was graded wrongly. What was
 * checked is checked again; what was cleared and is graded lower now is cleared again.
 */
export const regradeProduct = product.act('regrade', {
  title: '变更定级',
  waits: false,
  by: { operator: holder, developer: holder },
  from: ['graded', 'cleared', 'release-requested', 'returned', 'checked', 'released'],
  whileSuspended: true,
  input: gradeInput,
  rules: [notGradedDown],
  effect: async (context) => {
    const { id, body, input, record, time } = context;
    const { grade: over } = await demanded({ id, body }, context);
    const regrades = [...(body.regrades ?? []), { ...input, ...(over ? { over } : {}), at: time }];
    const isLower = gradeRank(input.grade) < gradeRank(gradingOf(body)?.grade);
    const to =
      record?.state === 'checked' ? 'returned' : record?.state === 'cleared' && isLower ? 'graded' : record?.state;
    const marks = await regradedMarks({ id, before: gradingOf(body)?.grade, after: input.grade }, context);
    return { body: { ...body, regrades }, ...(to === undefined ? {} : { to }), marks };
  },
});

/** Whether a product holds personal information that is not anonymized: of a source flagged since it was made, too. */
export async function isPersonal(context: ActContext<AboutProduct, unknown>): Promise<boolean> {
  const about = await productOf(context);
  return about !== undefined && !about.body.export?.anonymization && (await demanded(about, context, context)).personal;
}

/** Personal information leaves the operation domain only anonymized, with evidence (Art. 22). */
export const anonymized = product.rule('personal-leaves', async (context) =>
  breachIf(await isPersonal(context), 'personal-not-anonymized'),
);

/**
 * 出域审查 — whether it may leave the operation domain, decided by another than its holder: the agency clears what the
 * operator made. It is cleared anew before its release where something has come up since.
 */
export const clearExport = product.act('clear-export', {
  title: '出域审查',
  waits: (body, { state, by }) => state === 'graded' && by !== body.holder,
  by: { 'implementing-agency': (body) => body.agency, operator: (body) => body.operator },
  from: ['graded', 'cleared', 'returned', 'checked'],
  to: 'cleared',
  input: z.strictObject({ conclusion: text, anonymization: anonymization.optional() }),
  rules: [anonymized, notGradedDown, shareable, byUnrelatedTo(holder)],
  effect: ({ body, input, caller, time }) => ({
    body: { ...body, export: { ...input, by: caller.organization, at: time } },
  }),
});
