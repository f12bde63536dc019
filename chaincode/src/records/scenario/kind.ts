// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { kind } from '../../kind/kind.js';
import { creditCode, document, instant, name, parts, refTo, region, term, text } from '../../vocabulary/vocabulary.js';

const said = z.strictObject({ reason: text, at: instant });

export const scenarioBody = z.strictObject({
  title: name,
  developer: creditCode,
  operator: creditCode,
  agency: creditCode,
  agreement: refTo('agreement'),
  region,
  /** What the developer wants to do with the data. */
  purpose: term,
  domains: z.array(term).min(1).max(200).optional(),
  parts,
  forwarding: z.strictObject({ opinion: text, at: instant }).optional(),
  /** Why the operator sent it back (return) or would not forward it (decline). */
  refusal: said.extend({ act: z.enum(['return', 'decline']) }).optional(),
  complaints: z.array(said).optional(),
  /** Departments that the agency asks for an opinion. */
  consulted: z.array(creditCode).max(50).optional(),
  opinions: z.array(z.strictObject({ department: creditCode, opinion: text, at: instant })).optional(),
  assessment: z
    .strictObject({ result: z.enum(['approve', 'reject']), reason: text, document: document.optional(), at: instant })
    .optional(),
});

export type ScenarioBody = z.infer<typeof scenarioBody>;

/** 公共数据资源应用场景方案 — submitted through the operator, assessed by the agency (Art. 21). */
export const scenario = kind('scenario', {
  title: '应用场景方案',
  plural: 'scenarios',
  schema: 1,
  body: scenarioBody,
  states: ['applied', 'returned', 'declined', 'forwarded', 'approved', 'rejected'],
  inForce: ['approved'],
  parents: (body) => [body.agreement, `organization/${body.developer}`],
  parties: (body) => [body.developer, body.operator, body.agency, ...(body.consulted ?? [])],
});
