// SPDX-License-Identifier: Apache-2.0
import { saying } from 'yuanliu-chaincode/vocabulary/error';
import { issueOf } from 'yuanliu-chaincode/vocabulary/issue';
import { z } from 'zod';
import { kinds } from 'yuanliu-chaincode/kinds';
import { finding } from 'yuanliu-chaincode/records/finding/finding';
import type { Kind } from 'yuanliu-chaincode/kind/kind';
import { recordId } from 'yuanliu-chaincode/vocabulary/vocabulary';
import type { Limits } from '../../config/config.js';
import { filterNames } from '../../index/read/filters.js';
import type { LedgerIndex } from '../../index/ledger-index.js';
import type { Trace } from '../../queries/trace/trace.js';
import type { Direction } from '../../queries/trace/walk.js';
import { kindName } from './components.js';
import { newPlaces, type Places } from '../middleware/places.js';
import { notFound, Problem } from '../../errors/problem.js';
import { asOf, cursor, limit, minBlock, whole } from './query.js';
import { route, type Route } from '../route.js';
import { say } from '../../messages/index.js';

export interface RecordServices {
  readonly index: LedgerIndex;
  readonly trace: Trace;
  readonly limits: Pick<Limits, 'traces'>;
}

interface Asking {
  readonly trace: Trace;
  /** Those who ask where something leads: a walk may be long, and its answer large. */
  readonly walkers: Places;
}

/** Reads of every kind: lists, one record, its history, and the questions about it. */
export function recordRoutes(services: RecordServices): Route[] {
  const { trace, limits } = services;
  const walkers = newPlaces({
    each: limits.traces,
    inAll: ORGANIZATIONS * limits.traces,
    strangers: { each: Math.ceil(limits.traces / 4), inAll: 2 * limits.traces },
    none: () => tooMany(limits.traces),
  });
  const asking = { trace, walkers };
  return kinds.flatMap((kind) => [
    listRoute(kind, services),
    oneRoute(kind, services),
    historyRoute(kind, services),
    walkRoute(kind, asking, 'origins', '来源 — everything it came from'),
    walkRoute(kind, asking, 'destinations', '去向 — everywhere it went'),
    walkRoute(
      kind,
      asking,
      'impact',
      '影响 — everything that depends on it, should it be suspended, revoked or regraded',
    ),
    accountabilityRoute(kind, asking),
  ]);
}

const VISIBLE = 'Shows what the caller may see; without a token, what the public may see.';

function listRoute(kind: Kind, { index }: RecordServices): Route {
  const filters = Object.fromEntries(filterNames(kind).map((field) => [field, filter(kind, field)]));
  const own = {
    sort: z.enum(['id', 'changed']).optional().meta({ description: 'By id, or by last change with the newest first.' }),
    limit,
    cursor,
    asOf: asOf.optional(),
    minBlock,
  };
  return route({
    method: 'get',
    path: `/api/v1/${kind.plural}`,
    operationId: `${kind.name}-list`,
    tag: kind.plural,
    summary: `${kind.title} — list of ${kind.plural}`,
    description: `${VISIBLE} All filters given must match.`,
    access: 'anyone',
    query: z.strictObject({ ...filters, ...own }),
    answers: { 200: { description: 'One page.', schema: `${kindName(kind)}List` } },
    handle: async ({ query, viewer }) => {
      const page = Object.fromEntries(
        Object.entries(query).filter(([name]) => Object.hasOwn(own, name) && name !== 'minBlock'),
      );
      const given = Object.entries(query).filter((pair): pair is [string, string] => !Object.hasOwn(own, pair[0]));
      return { body: await index.list(kind.name, { ...page, viewer, filters: Object.fromEntries(given) }) };
    },
  });
}

function filter(kind: Kind, field: string): z.ZodOptional<z.ZodString | z.ZodEnum> {
  if (field === 'state') return z.enum(kind.states).optional();
  const description = field === 'party' ? 'Credit code of an organisation that the record names.' : undefined;
  return z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta(description === undefined ? {} : { description });
}

function oneRoute(kind: Kind, { index }: RecordServices): Route {
  return route({
    method: 'get',
    path: `/api/v1/${kind.plural}/{id}`,
    operationId: `${kind.name}-get`,
    tag: kind.plural,
    summary: `${kind.title} — one ${kind.name}`,
    description: VISIBLE,
    access: 'anyone',
    query: z.strictObject({ version, asOf: asOf.optional(), minBlock }),
    answers: { 200: { description: 'As it is, or as it was.', schema: `${kindName(kind)}View` } },
    handle: ({ params, query, viewer }) => {
      const ref = refOf(kind, params['id'], query.version);
      const found = index.record(ref, viewer, query.asOf === undefined ? {} : { asOf: query.asOf });
      if (!found) throw notFound(ref);
      const counted = kind.name === finding.name ? index.counted(found.record.id) : undefined;
      return { body: counted ? { ...found, counted } : found };
    },
  });
}

function historyRoute(kind: Kind, { index }: RecordServices): Route {
  return route({
    method: 'get',
    path: `/api/v1/${kind.plural}/{id}/history`,
    operationId: `${kind.name}-history`,
    tag: kind.plural,
    summary: `${kind.title} — every act on one ${kind.name}`,
    description: VISIBLE,
    access: 'anyone',
    query: z.strictObject({ limit, cursor, asOf: asOf.optional(), minBlock }),
    answers: { 200: { description: 'From the first act on.', schema: 'History' } },
    handle: ({ params, query: { minBlock: _waited, ...page }, viewer }) => ({
      body: index.history(refOf(kind, params['id']), viewer, page),
    }),
  });
}

function walkRoute(kind: Kind, { trace, walkers }: Asking, way: Direction, words: string): Route {
  return route({
    method: 'get',
    path: `/api/v1/${kind.plural}/{id}/${way}`,
    operationId: `${kind.name}-${way}`,
    tag: kind.plural,
    summary: `${words}: of one ${kind.name}`,
    description: `${VISIBLE} Every hop comes with its lawful basis and its transaction. The walk stops at what the caller may not see and says \`hidden: true\`, never how much.`,
    access: 'anyone',
    query: z.strictObject({
      version,
      asOf: asOf.optional(),
      depth: whole(1, 1000).optional().meta({ description: 'How far to go; as far as it leads unless given.' }),
      limit: whole(1, 5000).optional().meta({ description: 'Hops at most; 1000 unless given.' }),
      cursor,
      minBlock,
    }),
    answers: { 200: { description: 'Nearest first.', schema: 'Trace' } },
    handle: async (asked) => {
      const { params, query, viewer } = asked;
      const { version: exact, minBlock: _waited, ...options } = query;
      const ref = refOf(kind, params['id'], exact);
      return { body: await walkers.hold(asked, () => trace[way](ref, viewer, options)) };
    },
  });
}

function accountabilityRoute(kind: Kind, { trace, walkers }: Asking): Route {
  return route({
    method: 'get',
    path: `/api/v1/${kind.plural}/{id}/accountability`,
    operationId: `${kind.name}-accountability`,
    tag: kind.plural,
    summary: `责任 — every act on the chain of one ${kind.name}, and who answers for it`,
    description: `${VISIBLE} The acts on it, on what it came from, on the authority above, and on what speaks for these, in the order of the ledger: who did each, in which office, under which authority, who approved that, and what the ledger held by then that could have warned them. \`hidden: true\` says that there is more on the chain, never how much.`,
    access: 'anyone',
    query: z.strictObject({
      version,
      asOf: asOf.optional(),
      depth: whole(1, 1000).optional().meta({ description: 'How far back to go; to the sources unless given.' }),
      limit,
      cursor,
      minBlock,
    }),
    answers: { 200: { description: 'In the order of the ledger.', schema: 'Accountability' } },
    handle: async (asked) => {
      const { params, query, viewer } = asked;
      const { version: exact, minBlock: _waited, ...options } = query;
      const ref = refOf(kind, params['id'], exact);
      return { body: await walkers.hold(asked, () => trace.accountability(ref, viewer, options)) };
    },
  });
}

/** So many organisations can ask as much as each may at the same time; others wait for their turn. */
const ORGANIZATIONS = 8;

function tooMany(each: number): Problem {
  const details = say('too-many-traces', { each, strangers: Math.ceil(each / 4) });
  return new Problem('RATE_LIMITED', details, { 'Retry-After': '1' });
}

const version = whole(1).optional().meta({ description: 'An exact version; the current one unless given.' });

/** @throws Problem `INPUT_INVALID` for an id that no record can have. */
/** The reference that a path names. Throws Problem for what is no id. */
export function refOf(kind: Kind, id: string | undefined, exact?: number): string {
  const checked = recordId.safeParse(id);
  if (checked.success) return `${kind.name}/${checked.data}${exact === undefined ? '' : `@${exact}`}`;
  const issues = checked.error.issues.map((issue) => issueOf(issue, ['id']));
  throw new Problem('INPUT_INVALID', { ...saying('id-unfit'), issues });
}
