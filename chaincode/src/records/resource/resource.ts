// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { refusal } from '../../vocabulary/error.js';
import { kind } from '../../kind/kind.js';
import { breachIf } from '../../kind/rule.js';
import {
  creditCode,
  digest,
  document,
  grade,
  gradeRank,
  highestGrade,
  instant,
  isCreditCode,
  name,
  recordId,
  region,
  term,
  text,
} from '../../vocabulary/vocabulary.js';
import { organization } from '../organization/organization.js';

/** One 信息项 of a resource. */
const item = z.strictObject({
  name,
  type: name.optional(),
  personal: z.boolean().optional(),
  grade: grade.optional(),
});

/** 政务信息资源目录 metadata; what is not known stays absent. */
export const metadata = {
  title: name,
  domain: term,
  category: term.optional(),
  summary: text.optional(),
  format: name.optional(),
  items: z.array(item).max(1000).optional(),
  openness: name.optional(),
  updateCycle: name.optional(),
  publishedOn: z.iso.date().optional(),
  related: z.array(recordId).max(100).optional(),
  /** Digest of the content, as the provider computed it. */
  digest: digest.optional(),
  /** Whether any of it is personal information. */
  personal: z.boolean().optional(),
  /** Whether it was lawfully opened to the public as it is (依法依规公开). */
  lawfullyOpened: z.boolean().optional(),
};

export const sharing = z.strictObject({
  /** 无条件共享 · 有条件共享 · 不予共享; `barred` where a law or regulation forbids sharing. */
  type: z.enum(['unconditional', 'conditional', 'withheld', 'barred']),
  basis: text.optional(),
});

/** Other conditions of sharing, with the decision that lifts a bar in law where one does. */
export const changedSharing = sharing.extend({ document: document.optional(), approver: name.optional() });

/** 指定 — the department under whose designation a supplier provides it (Art. 15), and which decides what law bars. */
export const designatedBy = creditCode.optional();

const resourceBody = z.strictObject({
  ...metadata,
  provider: creditCode,
  designatedBy,
  region,
  /** 资源代码, given when catalogued. */
  code: name.optional(),
  sharing: changedSharing.optional(),
  grade: grade.optional(),
  gradeBasis: document.optional(),
  /** Decisions to grade it otherwise, each with its basis; the approver where it went down. */
  regrades: z
    .array(z.strictObject({ from: grade, to: grade, basis: document, approver: name.optional(), at: instant }))
    .max(200)
    .optional(),
  withdrawal: z.strictObject({ reason: text, at: instant }).optional(),
});

export type ResourceBody = z.infer<typeof resourceBody>;

/** 公共数据资源 — a resource that a department or supplier holds, on chain by its metadata and digest (Art. 14). */
export const resource = kind('resource', {
  title: '公共数据资源',
  plural: 'resources',
  schema: 1,
  body: resourceBody,
  states: ['anchored', 'catalogued', 'graded', 'withdrawn'],
  inForce: ['graded'],
  ended: ['withdrawn'],
  offices: ['registrar', 'implementing-agency', 'operator'],
  holder: (body) => body.provider,
  parties: (body) => [body.provider, ...(body.designatedBy === undefined ? [] : [body.designatedBy])],
  digests: (body) => (body.digest === undefined ? [] : [body.digest]),
});

export const provider = (body: { provider: string }): string => body.provider;

/** 上链 — the provider puts a resource it holds on chain. */
export const anchor = resource.creation('anchor', {
  title: '上链',
  by: { department: provider, supplier: provider },
  to: 'anchored',
  input: z.strictObject({ ...metadata, region, designatedBy }),
  effect: ({ id, input, caller }) => {
    requireOwnName(id, caller.organization);
    return { body: flagged({ ...input, provider: caller.organization }) };
  },
});

/** An id that names an organisation, as imports make them, is that organisation's: no other takes it first. */
function requireOwnName(id: string, own: string): void {
  const other = id.split(/[._-]/).find((part) => isCreditCode(part) && part !== own);
  if (other === undefined) return;
  throw refusal('INPUT_INVALID', 'id-of-another', { ref: `resource/${id}`, other, own });
}

/** Personal information in one field makes the resource personal (就高从严). */
export function flagged(body: ResourceBody): ResourceBody {
  return body.items?.some(({ personal }) => personal) ? { ...body, personal: true } : body;
}

/** 编目 — it gets its code and its conditions of sharing. */
export const catalogueEntry = resource.act('catalogue', {
  title: '编目',
  waits: true,
  by: { department: provider, supplier: provider },
  from: ['anchored'],
  to: 'catalogued',
  input: z.strictObject({ code: name.optional(), sharing }),
  effect: ({ body, input }) => ({ body: { ...body, ...input } }),
});

/** 就高从严: a resource is graded at least as its highest field. */
export const notBelowItems = resource.rule('grade-not-below-items', ({ body }) => {
  const top = highestGrade((body.items ?? []).flatMap((one) => (one.grade ? [one.grade] : [])));
  const below = top !== undefined && body.grade !== undefined && gradeRank(body.grade) < gradeRank(top);
  return breachIf(below, 'below-its-items');
});

/** 定级 — its class and level by GB/T 43697-2024. */
export const gradeResource = resource.act('grade', {
  title: '定级',
  waits: true,
  by: { department: provider, supplier: provider },
  from: ['catalogued'],
  to: 'graded',
  input: z.strictObject({ grade, basis: document.optional() }),
  rules: [notBelowItems],
  effect: ({ body, input }) => ({
    body: { ...body, grade: input.grade, ...(input.basis ? { gradeBasis: input.basis } : {}) },
  }),
});

/** What `after` grades or flags lower than `before` did: a field's grade or personal flag, or the resource's own. */
function lowered(after: ResourceBody, before: ResourceBody | undefined): string[] {
  const fields = (before?.items ?? []).filter((was) => {
    const is = after.items?.find((one) => one.name === was.name);
    return is && (gradeRank(is.grade) < gradeRank(was.grade) || (was.personal === true && is.personal !== true));
  });
  return [
    ...(gradeRank(after.grade) < gradeRank(before?.grade) ? ['its grade'] : []),
    ...(before?.personal === true && after.personal !== true ? ['its personal flag'] : []),
    ...fields.map((field) => `field ${field.name}`),
  ];
}

/**
 * A grade or a personal flag is lowered, and a bar in law lifted, only by a decision that names its approver; the latter by
 * a department. A suspended organisation does neither, nor opens what was not open.
 */
export const loweredByDecision = resource.rule('lowered-by-decision', async ({ body, record, caller, find }) => {
  const which = lowered(body, record?.body);
  const lifts = record?.body.sharing?.type === 'barred' && body.sharing?.type !== 'barred';
  const chosen = record?.body.designatedBy; // while a bar stands, its provider chooses no other to lift it
  const rechooses = chosen !== undefined && body.designatedBy !== chosen && record?.body.sharing?.type === 'barred';
  const opens = body.lawfullyOpened === true && record?.body.lawfullyOpened !== true;
  if (which.length === 0 && !lifts && !opens && !rechooses) return [];
  const own = await find(organization, caller.organization);
  const decided = body.regrades !== undefined && body.regrades.length > (record?.body.regrades?.length ?? 0);
  const { document: paper, approver } = body.sharing ?? {};
  return [
    ...breachIf(own?.state !== 'admitted', 'provider-suspended', { organization: caller.organization }),
    ...breachIf(which.length > 0 && !(decided && body.regrades?.at(-1)?.approver !== undefined), 'lowers', {
      what: which,
    }),
    ...breachIf(rechooses, 'names-another-department', { chosen: chosen ?? '' }),
    ...breachIf(lifts && (!paper || approver === undefined), 'lifts-a-bar'),
    ...breachIf(lifts && caller.role !== 'department', 'lifts-a-bar-as', { role: caller.role }),
  ];
});
