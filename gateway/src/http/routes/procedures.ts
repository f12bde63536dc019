// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { kinds } from 'yuanliu-chaincode/kinds';
import { STATED } from 'yuanliu-chaincode/kind/act';
import type { Worded } from 'yuanliu-chaincode/messages';
import { limitNames, periodNames } from 'yuanliu-chaincode/rulebook/rulebook';
import { creditCode } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { deviations } from '../../index/read/rows.js';
import { dutyStatuses, type Duty, type Procedure, type ProceduresPage } from '../../queries/procedures/answer.js';
import type { Procedures } from '../../queries/procedures/procedures.js';
import { actEvent } from './event-text.js';
import { asOf, cursor, limit, minBlock } from './query.js';
import { route, type Route } from '../route.js';
import { inWords, pageShape } from './shapes.js';

/** Until when an act is, or was, to be done. */
export const deadline = {
  by: z.string(),
  since: z.string().meta({ description: 'When the period began.' }),
  period: z
    .enum([...periodNames, ...limitNames, STATED])
    .meta({ description: 'The period of the rulebook; stated: the record states the date.' }),
  rule: z.string().optional().meta({ description: 'The rule that demands the act.' }),
  article: z.string().optional().meta({ description: 'The article that the rulebook gives the rule.' }),
  unjudged: z.strictObject(inWords).optional().meta({
    description: 'Why the end cannot be computed, and what to do; `by` is then the earliest that it may be.',
  }),
};

export const duty: z.ZodType<Worded<Duty>> = z.strictObject({
  rule: z.string(),
  article: z.string(),
  ...inWords,
  due: z.string().meta({ description: 'Until when it must be made good.' }),
  status: z.enum(dutyStatuses).meta({ description: 'met-late: made good, but after its date.' }),
  unjudged: z
    .strictObject(inWords)
    .optional()
    .meta({ description: 'Why nobody can tell whether it was made good: then it counts as owed.' }),
});

const procedure: z.ZodType<Worded<Procedure>> = actEvent.extend({
  deviations: z.array(z.enum(deviations)).meta({
    description:
      'late 逾期: after its time; skipped 未先行: let through or reported before what should have come first; backfilled 补录: a report from before go-live; unjudged 未能判定: a rule could not be judged.',
  }),
  wasDue: z.strictObject(deadline).optional().meta({ description: 'The period that was over when it was done.' }),
  duties: z.array(duty).meta({ description: 'What who decided it must make good, and whether that was done.' }),
});

const proceduresPage: z.ZodType<Worded<ProceduresPage>> = pageShape(procedure).extend({
  time: z.string().meta({ description: 'The time that duties are judged at.' }),
});

export const procedureShapes = { Procedure: procedure, Procedures: proceduresPage };

/** What did not go by the ordinary course. */
export function procedureRoutes({ procedures }: { readonly procedures: Procedures }): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/procedures',
      operationId: 'getProcedures',
      tag: 'procedures',
      summary: '程序执行情况 — acts that were late, skipped a step, were backfilled or could not be judged',
      description:
        'Shows what the caller may see, the newest first; without a token, what the public may see. A decision that was let through with a due date says what its organisation owes, and whether that was made good.',
      access: 'anyone',
      query: z.strictObject({
        deviation: z.enum(deviations).optional(),
        organization: creditCode.optional().meta({ description: 'Only acts of this organisation.' }),
        kind: z.enum(kinds.map(({ name }) => name)).optional(),
        rule: z
          .string()
          .min(1)
          .max(100)
          .optional()
          .meta({ description: 'Only acts that broke this rule, missed its time, or that it could not judge.' }),
        duty: z.enum(dutyStatuses).optional().meta({ description: 'Only acts with a duty of this status.' }),
        limit,
        cursor,
        asOf: asOf.optional(),
        minBlock,
      }),
      answers: { 200: { description: 'One page.', schema: 'Procedures' } },
      handle: async ({ query: { minBlock: _waited, ...options }, viewer }) => ({
        body: await procedures.page(viewer, options),
      }),
    }),
  ];
}
