// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import type { ActContext, Issued } from '../../kind/act.js';
import type { Mark } from '../../kind/act.js';
import { LISTED, listingsOf } from '../../chain/listed.js';
import { changedMarks } from '../../chain/since-judged.js';
import { holds } from '../../kind/spans.js';
import { document, grade, name, text } from '../../vocabulary/vocabulary.js';
import { catalogue } from '../catalogue/catalogue.js';
import { scopeChanged } from '../catalogue/publish.js';
import {
  changedSharing,
  designatedBy,
  flagged,
  loweredByDecision,
  metadata,
  notBelowItems,
  provider,
  resource,
  type ResourceBody,
} from './resource.js';
import { unshareable } from '../../chain/shareable.js';

/** 修订 — new content or better metadata: what changes makes the next version. */
export const revise = resource.act('revise', {
  title: '修订',
  waits: false,
  whileSuspended: true,
  by: { department: provider, supplier: provider },
  from: ['anchored', 'catalogued', 'graded'],
  input: z.strictObject({ ...metadata, designatedBy }).partial(),
  rules: [notBelowItems, loweredByDecision],
  effect: async (context) => {
    const body = flagged({ ...context.body, ...context.input });
    return { body, marks: await changedMarks(context.record, body, context) };
  },
});

/** 变更共享条件 — its conditions of sharing are others: what a law bars from now on leaves every scope, until that is lifted. */
export const changeSharing = resource.act('change-sharing', {
  title: '变更共享条件',
  waits: false,
  whileSuspended: true,
  by: {
    department: ({ provider: held, designatedBy: by }) => (by === undefined ? held : [held, by]),
    supplier: provider,
  },
  from: ['catalogued', 'graded'],
  input: z.strictObject({ sharing: changedSharing.required({ basis: true }) }),
  rules: [loweredByDecision],
  effect: async (context) => {
    const body = { ...context.body, ...context.input };
    return { body, ...(await scopeNoted(context, { body })) };
  },
});

/** 变更定级 — another class or level, by a decision with its basis, and its approver where anything is lowered. */
export const regrade = resource.act('regrade', {
  title: '变更定级',
  waits: false,
  whileSuspended: true,
  by: { department: provider, supplier: provider },
  from: ['graded'],
  input: z.strictObject({
    grade,
    basis: document,
    approver: name.optional(),
    /** Grades and personal flags of the fields, where they change. */
    items: metadata.items,
    personal: metadata.personal,
  }),
  rules: [notBelowItems, loweredByDecision],
  effect: async (context) => {
    const { body, input: asked, time } = context;
    const { basis, approver, ...input } = asked;
    const decision = {
      from: body.grade ?? input.grade,
      to: input.grade,
      basis,
      ...(approver === undefined ? {} : { approver }),
    };
    const regrades = [...(body.regrades ?? []), { ...decision, at: time }];
    const regraded = flagged({ ...body, ...input, gradeBasis: basis, regrades });
    return { body: regraded, ...(await scopeNoted(context, { body: regraded })) };
  },
});

/** 撤回 — no new product is made from it; what was made stays on record. */
export const withdraw = resource.act('withdraw', {
  title: '撤回',
  waits: false,
  whileSuspended: true,
  by: { department: provider, supplier: provider },
  from: ['anchored', 'catalogued', 'graded'],
  to: 'withdrawn',
  input: z.strictObject({ reason: text }),
  effect: async (context) => {
    const body = { ...context.body, withdrawal: { ...context.input, at: context.time } };
    return { body, ...(await scopeNoted(context, { body, withdrawn: true })) };
  },
});

/**
 * Changes of one entry that a catalogue tells of until its next revision. An odd number: the last one says that the entry is
 * not available, and from then on the resource tells. So a provider that toggles a bar does not grow, change or outdate
 * another's record.
 */
const MOST_CHANGES = 5;

/**
 * What an act that changes a resource tells those who rest on it: products made from it by the marks that they read, and
 * where it leaves the scope or comes back, the published catalogues that list it.
 */
async function scopeNoted(
  context: ActContext<ResourceBody, unknown>,
  { body, withdrawn = false }: { readonly body: ResourceBody; readonly withdrawn?: boolean },
): Promise<{ readonly marks: readonly Mark[]; readonly also: readonly Issued[] }> {
  const { id, body: before, record, time, marked, read } = context;
  const marks = await changedMarks(record, body, context);
  const available = !withdrawn && unshareable(body) === undefined;
  if (available === (unshareable(before) === undefined)) return { marks, also: [] };
  const also: Issued[] = [];
  for (const [whole, { spans, section }] of listingsOf(await marked(LISTED, id))) {
    if (!holds(spans, { asOf: undefined, time })) continue;
    const listing = section ?? whole;
    const { body: listed } = await read(catalogue, listing);
    const told = listed.changes ?? [];
    const own = told.filter((one) => one.resource === id);
    if (own.length >= MOST_CHANGES && own.at(-1)?.available === false) continue;
    const kept = own.slice(1 - MOST_CHANGES); // written before: the oldest went first
    const changes = [
      ...told.filter((one) => one.resource !== id || kept.includes(one)),
      { resource: id, available, at: time },
    ];
    also.push(scopeChanged.of(listing, { ...listed, changes }));
  }
  return { marks, also };
}
