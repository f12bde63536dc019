// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { kinds } from 'yuanliu-chaincode/kinds';
import type { Act } from 'yuanliu-chaincode/kind/act';
import { commonInput } from 'yuanliu-chaincode/kind/input';
import { withArticle } from 'yuanliu-chaincode/vocabulary/vocabulary';
import { mostBytes } from '../../acts/act-size.js';
import type { ActAnswer, Acts } from '../../acts/perform.js';
import type { Limits } from '../../config/config.js';
import type { Admission } from '../middleware/admission.js';
import { actInputName, kindName } from './components.js';
import { exampleOf } from './example.js';
import type { Operations } from './operations.js';
import { Problem, unauthenticated } from '../../errors/problem.js';
import { dryRun, minBlock } from './query.js';
import { route, type Answer, type Route } from '../route.js';
import { say } from '../../messages/index.js';
import { firstOf, issuesOf } from '../../messages/issues.js';

export interface ActServices {
  readonly acts: Acts;
  readonly admission: Admission;
  readonly operations: Operations;
  readonly limits: Limits;
}

/** A route for every act of every kind: `POST /api/v1/{records}/{id}/{act}`. */
export function actRoutes(services: ActServices): Route[] {
  return kinds.flatMap((kind) => [...kind.acts.values()].map((act) => actRoute(act, services)));
}

function actRoute(act: Act, { acts, admission, operations, limits }: ActServices): Route {
  const { kind } = act;
  const answer = `${kindName(kind)}Answer`;
  return route({
    method: 'post',
    path: `/api/v1/${kind.plural}/{id}/${act.name}`,
    operationId: `${kind.name}-${act.name}`,
    tag: kind.plural,
    summary: `${act.title} — ${act.name} ${withArticle(kind.name)}`,
    description: describe(act),
    act,
    access: 'user',
    query: z.strictObject({ dryRun, minBlock }),
    headers: {
      'Idempotency-Key': IDEMPOTENCY,
      Prefer: 'respond-async: answer 202 at once, do not wait for the commit.',
    },
    body: {
      mediaType: 'application/json',
      schema: actInputName(act),
      limit: Math.min(limits.actBytes, mostBytes(act)),
      example: exampleOf(act),
    },
    answers: {
      200: {
        description: 'Dry run: what the act would leave. Nothing was written.',
        schema: `${kindName(kind)}DryRun`,
      },
      201: { description: 'Committed.', schema: answer, headers: ANSWER_HEADERS },
      202: { description: 'Not committed in time: an operation to poll.', schema: 'Operation' },
    },
    handle: async ({ params: { id = '' }, query, text, subject, header }) => {
      if (!subject) throw unauthenticated();
      const request = { act, id, json: text, subject, ...keyOf(header('Idempotency-Key')) };
      if (query.dryRun) {
        const rehearsal = await admission.admit(subject.organization, () => acts.rehearse(request));
        return { body: { dryRun: true, ...rehearsal } };
      }
      return operations.answer(
        (sent) =>
          admission
            .admit(subject.organization, () => acts.perform(request, sent))
            .then((done) => created(act, id, done)),
        subject,
        header('Prefer'),
      );
    },
  });
}

const IDEMPOTENCY =
  'Repeating the request under the same key gives its first answer. 1 to 128 visible ASCII characters; scope: your organisation.';

const ANSWER_HEADERS = {
  Location: 'The record.',
  'Idempotency-Replayed': '`true` if this is the first answer to a repeated request.',
};

function describe({ nature, by, creates, from, to, rules }: Act): string {
  const lines = [
    nature === 'report'
      ? 'A report: recorded even when it breaks rules.'
      : 'A decision: refused when it breaks a rule.',
    `By: ${Object.keys(by).join(', ')}.`,
    `From: ${[...(creates ? ['(new)'] : []), ...from].join(', ')}${to === undefined ? '' : `; to: ${to}`}.`,
  ];
  return [...lines, ...(rules.length > 0 ? [`Rules: ${rules.map(({ id }) => id).join(', ')}.`] : [])].join('\n\n');
}

function created({ kind }: Act, id: string, { replayed, ...body }: ActAnswer): Answer {
  const headers = {
    Location: `/api/v1/${kind.plural}/${id}`,
    ...(replayed ? { 'Idempotency-Replayed': 'true' } : {}),
  };
  return { status: 201, headers, body };
}

function keyOf(header: string | undefined): { readonly idempotencyKey?: string } {
  const parsed = commonInput.shape.idempotencyKey.safeParse(header);
  if (parsed.success) return parsed.data === undefined ? {} : { idempotencyKey: parsed.data };
  const issues = issuesOf(parsed.error).map((issue) => ({ ...issue, path: 'Idempotency-Key' }));
  const { why } = firstOf(issues);
  throw new Problem('INPUT_INVALID', { ...say('key-unfit', { why }), issues });
}
