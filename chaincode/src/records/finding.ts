// SPDX-License-Identifier: Apache-2.0
import { z } from 'zod';
import { anyHolder, type Issued } from '../act.js';
import { kind } from '../kind.js';
import { versionRef, type LedgerRecord } from '../record.js';
import { creditCode, document, instant, region, term, text } from '../vocabulary.js';

/** Any record, at a version or not. */
const aboutRef = z
  .string()
  .regex(/^[a-z][a-z-]{0,30}\/[0-9A-Za-z._-]{1,64}(?:@[1-9][0-9]{0,8})?$/, 'is not a reference like usage/ID');

const findingBody = z.strictObject({
  about: aboutRef,
  /** Who answers for it. */
  against: creditCode.optional(),
  region: region.optional(),
  domains: z.array(term).max(200).optional(),
  /** Rules broken, where a report showed it. */
  rules: z.array(z.string()).max(100),
  summary: text,
  evidence: document.optional(),
  /** Who raised it; nobody did if a report opened it. */
  raisedBy: creditCode.optional(),
  outcome: text.optional(),
  closedAt: instant.optional(),
});

/** 监管发现问题 — opened by a report that breaks rules, or raised by those who oversee (Art. 25, 26). */
export const finding = kind('finding', {
  title: '监管发现问题',
  plural: 'findings',
  schema: 1,
  body: findingBody,
  states: ['open', 'served', 'closed'],
  sealed: ['open'],
  parties: (body) => (body.against === undefined ? [] : [body.against]),
});

const opened = finding.consequence('open', { title: '立案', to: 'open' });

const overseers = { supervisor: anyHolder, 'data-authority': anyHolder };

/** 提出 */
export const raise = finding.creation('raise', {
  title: '提出',
  by: { ...overseers, 'implementing-agency': anyHolder },
  to: 'open',
  input: findingBody.pick({ about: true, against: true, region: true, domains: true, summary: true, evidence: true }),
  effect: ({ input, caller }) => ({ body: { ...input, rules: [], raisedBy: caller.organization } }),
});

/** Those who oversee, and an agency what it raised itself: an open finding is sealed from it otherwise. */
const answerable = { ...overseers, 'implementing-agency': (body: { raisedBy?: string }) => body.raisedBy ?? [] };

/** 送达 — the one concerned learns of it and may answer. */
export const serve = finding.act('serve', { title: '送达', by: answerable, from: ['open'], to: 'served' });

/** 办结 */
export const close = finding.act('close', {
  title: '办结',
  by: answerable,
  from: ['open', 'served'],
  to: 'closed',
  input: z.strictObject({ outcome: text }),
  effect: ({ body, input, time }) => ({ body: { ...body, outcome: input.outcome, closedAt: time } }),
});

/** The finding that a violated report opens; none for a report that breaks no rule. */
export function openFinding(report: LedgerRecord): readonly Issued[] {
  const { violations, organization, txId } = report.act;
  if (violations.length === 0) return [];
  const { region: place, domains } = report.body as { region?: string; domains?: string[] };
  const rules = [...new Set(violations.map(({ rule }) => rule))];
  return [
    opened.of(`F-${txId.slice(0, 24)}`, {
      about: versionRef(report),
      against: organization,
      ...(place === undefined ? {} : { region: place }),
      ...(domains === undefined ? {} : { domains }),
      rules,
      summary: violations
        .map(({ rule, message }) => `${rule}: ${message}`)
        .join('\n')
        .slice(0, 4000),
    }),
  ];
}
