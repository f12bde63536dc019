// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { kinds } from 'yuanliu-chaincode/kinds';
import { STATED } from 'yuanliu-chaincode/kind/act';
import type { Kind } from 'yuanliu-chaincode/kind/kind';
import type { Worded } from 'yuanliu-chaincode/messages';
import { limitNames, periodNames } from 'yuanliu-chaincode/rulebook/rulebook';
import { roleNames } from 'yuanliu-chaincode/vocabulary/vocabulary';
import type { Due, Needed, OpenAct, RecordActs, Task, WorklistPage } from '../../queries/worklist/answer.js';
import type { Worklist } from '../../queries/worklist/worklist.js';
import { deadline, duty } from './procedures.js';
import { notFound } from '../../errors/problem.js';
import { asOf, cursor, flag, limit, minBlock, time } from './query.js';
import { route, type Route } from '../route.js';
import { refOf } from './records.js';
import { inWords, pageShape, place } from './shapes.js';

const due: z.ZodType<Worded<Due>> = z.strictObject({
  ...deadline,
  period: z.enum([...periodNames, ...limitNames, STATED, 'calendar']).meta({
    description:
      "The period of the rulebook; stated: the record states the date; calendar: the rulebook's holidays end then.",
  }),
  overdue: z.boolean().meta({ description: 'False where the end cannot be computed.' }),
  note: z.strictObject(inWords).optional().meta({ description: 'What happens then, and what to do.' }),
});

const roles = z
  .array(z.enum(roleNames))
  .meta({ description: 'The first is acted in unless `as` in the input names another.' });

const openAct: z.ZodType<Worded<OpenAct>> = z.strictObject({
  act: z.string().meta({ description: '`kind:act`' }),
  title: z.string(),
  nature: z.enum(['decision', 'report']),
  roles,
  waits: z
    .boolean()
    .meta({ description: 'Whether the record waits for it: the next step of a procedure. Else it is only possible.' }),
  due: due.optional(),
  notBefore: z.string().optional().meta({ description: 'From when on it may be done; absent if it may be done now.' }),
});

const recordActs: z.ZodType<Worded<RecordActs>> = z.strictObject({
  ref: z.string(),
  state: z.string(),
  acts: z.array(openAct).meta({ description: 'First what waits, then what is only possible.' }),
  asOf: z.number(),
  time: z.string().meta({ description: 'The time that due dates are judged at.' }),
});

const needed: z.ZodType<Needed> = z.strictObject({
  ref: z.string().meta({ description: '`kind/id` of the record to make.' }),
  act: z.string().meta({ description: '`kind:act`' }),
  title: z.string(),
  roles,
});

const task: z.ZodType<Worded<Task>> = z.strictObject({
  ref: z.string(),
  title: z.string().optional(),
  state: z.string(),
  since: z.string().meta({ description: 'When it came into that state.' }),
  due: z.string().optional().meta({ description: 'The earliest due date of its acts and duties.' }),
  acts: z.array(openAct).meta({ description: 'What it waits for: any of these is the next step.' }),
  duties: z
    .array(duty)
    .optional()
    .meta({ description: 'What your organisation decided it with, and must yet make good.' }),
  transaction: place,
});

const worklistPage: z.ZodType<Worded<WorklistPage>> = pageShape(task).extend({
  time: z.string().meta({ description: 'The time that due dates are judged at.' }),
  needed: z.array(needed).optional().meta({
    description: 'What every channel needs, this one lacks, and your organisation may make. On the first page.',
  }),
});

export const worklistShapes = { Worklist: worklistPage, RecordActs: recordActs };

const kindNames = kinds.map(({ name }) => name);
const actNames = [...new Set(kinds.flatMap(({ acts }) => [...acts.keys()]))].sort();

/** What waits for the caller's organisation, and what it may do on one record. */
export function worklistRoutes({ worklist }: { readonly worklist: Worklist }): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/v1/worklist',
      operationId: 'getWorklist',
      tag: 'worklist',
      summary: '待办 — the records that wait for your organisation, and for which acts',
      description:
        'A record waits for you if the next step of its procedure is an act of your role, within your region and remit, and it names you where the act asks for it. What your organisation was let through with and must yet make good is among it. What is due comes first, the earliest first. What you may do on a record without its waiting for you is at `/api/v1/{records}/{id}/acts`. Rules may still refuse an act: its dry run shows that.',
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
    ...kinds.map((kind) => actsRoute(kind, worklist)),
  ];
}

function actsRoute(kind: Kind, worklist: Worklist): Route {
  return route({
    method: 'get',
    path: `/api/v1/${kind.plural}/{id}/acts`,
    operationId: `${kind.name}-acts`,
    tag: kind.plural,
    summary: `${kind.title} 可办事项 — the acts that are open to your organisation on one ${kind.name}`,
    description:
      'Open is an act if your organisation holds its role, within your region and remit, the record names you where the act asks for it, and is in a state that the act starts from. `waits` is true for what is on your worklist. Rules may still refuse an act: its dry run shows that.',
    access: 'user',
    query: z.strictObject({ asOf: asOf.optional(), minBlock }),
    answers: { 200: { description: 'What may be done on it.', schema: 'RecordActs' } },
    handle: ({ params, query, viewer }) => {
      const ref = refOf(kind, params['id']);
      const found = worklist.actsOn(ref, viewer, query.asOf === undefined ? {} : { asOf: query.asOf });
      if (!found) throw notFound(ref);
      return { body: found };
    },
  });
}
