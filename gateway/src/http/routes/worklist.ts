// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { kinds } from 'yuanliu-chaincode';
import { limitNames, periodNames } from 'yuanliu-chaincode/rulebook/rulebook';
import { roleNames } from 'yuanliu-chaincode/vocabulary/vocabulary';
import type { Due, Task, WorklistPage } from '../../queries/worklist/answer.js';
import type { Worklist } from '../../queries/worklist/worklist.js';
import { deadline, duty } from './procedures.js';
import { asOf, cursor, flag, limit, minBlock, time } from './query.js';
import { route, type Route } from '../route.js';
import { pageShape, place } from './shapes.js';

const due: z.ZodType<Due> = z.strictObject({
  ...deadline,
  period: z.enum([...periodNames, ...limitNames, 'calendar']).meta({
    description: "The period of the rulebook; calendar: the rulebook's holidays end then.",
  }),
  overdue: z.boolean().meta({ description: 'False where the end cannot be computed.' }),
  note: z.string().optional().meta({ description: 'What happens then, and what to do.' }),
});

const task: z.ZodType<Task> = z.strictObject({
  ref: z.string(),
  title: z.string().optional(),
  state: z.string(),
  since: z.string().meta({ description: 'When it came into that state.' }),
  due: z.string().optional().meta({ description: 'The earliest due date of its acts and duties.' }),
  acts: z.array(
    z.strictObject({
      act: z.string().meta({ description: '`kind:act`' }),
      title: z.string(),
      nature: z.enum(['decision', 'report']),
      roles: z
        .array(z.enum(roleNames))
        .meta({ description: 'The first is acted in unless `as` in the input names another.' }),
      due: due.optional(),
    }),
  ),
  duties: z
    .array(duty)
    .optional()
    .meta({ description: 'What your organisation decided it with, and must yet make good.' }),
  transaction: place,
});

const worklistPage: z.ZodType<WorklistPage> = pageShape(task).extend({
  time: z.string().meta({ description: 'The time that due dates are judged at.' }),
});

export const worklistShapes = { Worklist: worklistPage };

const kindNames = kinds.map(({ name }) => name);
const actNames = [...new Set(kinds.flatMap(({ acts }) => [...acts.keys()]))].sort();

/** What waits for the caller's organisation. */
export function worklistRoutes({ worklist }: { readonly worklist: Worklist }): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/worklist',
      operationId: 'getWorklist',
      tag: 'worklist',
      summary: '待办 — the acts that are open to your organisation, and on which records',
      description:
        'Open is an act if your organisation holds its role, the record is within your region and remit and names you where the act asks for it, and the record is in a state that the act starts from. What your organisation was let through with and must yet make good is among it. What is due comes first, the earliest first. Rules may still refuse it: a dry run of the act tells.',
      access: 'user',
      query: z.strictObject({
        kind: z.enum(kindNames).optional(),
        act: z.enum(actNames).optional().meta({ description: 'Name of the act.' }),
        role: z.enum(roleNames).optional().meta({ description: 'Only acts in this role.' }),
        dueBefore: time.optional().meta({ description: 'Only what is due before this time.' }),
        overdue: flag.optional().meta({ description: 'Only what is overdue.' }),
        limit,
        cursor,
        asOf: asOf.optional(),
        minBlock,
      }),
      answers: { 200: { description: 'One page.', schema: 'Worklist' } },
      handle: async ({ query: { minBlock: _waited, ...options }, viewer }) => ({
        body: await worklist.page(viewer, options),
      }),
    }),
  ];
}
