// SPDX-License-Identifier: Apache-2.0
import type { ActContext } from '../kind/act.js';
import { backfillOf, beforeGoLive, BeforeGoLive } from '../kind/backfill.js';
import { ContractError, messageOf, saying, type Violation } from '../vocabulary/error.js';
import { addPeriod, BeyondCalendar } from '../rulebook/period.js';
import { parseRef, type Unjudged } from '../kind/record.js';
import { rulebook as rulebookKind } from '../records/rulebook/rulebook.js';
import { breach, breachIf, defineRule, type Breach, type Rule } from '../kind/rule.js';
import { limitAfter, periodAfter, RULEBOOK_ID, type RulebookBody } from '../rulebook/rulebook.js';
import type { Batched } from '../records/usage/throughout.js';
import { inVocabulary } from './worded.js';

/** What is judged: an act, or the consequence of one. */
interface Judged {
  readonly name: string;
  readonly nature: 'decision' | 'report';
  readonly rules: readonly Rule[];
}

/** What the rules found, and which of them could not be judged. */
export interface Judgement {
  readonly violations: readonly Violation[];
  readonly unjudged: readonly Unjudged[];
}

/**
 * Judges an act by its rules as the rulebook has them. A report: every breach is returned, to be recorded, and every rule
 * that cannot be judged is named. A decision: throws REFUSED with all breaches, save those that are only recorded and
 * those of recordable rules to which the rulebook gives a due date.
 */
export async function judge(
  { name, nature, rules }: Judged,
  { body: rulebook }: { readonly body: RulebookBody },
  context: ActContext<unknown, unknown>,
): Promise<Judgement> {
  const violations: Violation[] = [];
  const refusing: Violation[] = [];
  const unjudged: Unjudged[] = [];
  const judged = rules.map((rule) => ({ rule, seen: nature === 'report' ? beforeGoLive(context) : context }));
  if (nature === 'report') judged.push({ rule: lateReport, seen: context });
  else judged.push({ rule: inVocabulary, seen: context });
  for (const { rule, seen } of judged) {
    const entry = rulebook.rules[rule.id];
    // A contract may know a rule before the rulebook does, and a jurisdiction may do without it.
    if (!entry || entry.notApplicable !== undefined) continue;
    try {
      for (const found of bounded(await rule.check(seen))) {
        const violation = violationOf(rule, found, rulebook, nature, context.time);
        violations.push(violation);
        if (violation.due === undefined && !found.recorded) refusing.push(violation);
      }
    } catch (error) {
      if (nature === 'decision' || !isUnjudgeable(error)) throw error;
      unjudged.push({ rule: rule.id, article: entry.article, ...messageOf(error) });
    }
  }
  const [first] = refusing;
  if (first && nature === 'decision') {
    throw new ContractError(
      'REFUSED',
      {
        ...saying('refused', {
          act: `${parseRef(context.ref).kind}:${name}`,
          ref: context.ref,
          why: { code: first.code, params: first.params },
        }),
        article: first.article,
        violations: refusing,
      },
      first.rule,
    );
  }
  return { violations, unjudged };
}

/** Breaches of one rule that an act keeps; whoever reads the record, or asks who knew of it, reads them all. */
const MOST = 50;

function bounded(found: readonly Breach[]): readonly Breach[] {
  if (found.length <= MOST) return found;
  const rest = found.slice(MOST);
  const more = breach('more-breaches', { count: rest.length });
  return [...found.slice(0, MOST), rest.every((one) => one.recorded) ? { ...more, recorded: true } : more];
}

function isUnjudgeable(error: unknown): error is BeforeGoLive | BeyondCalendar {
  return error instanceof BeforeGoLive || error instanceof BeyondCalendar;
}

/**
 * A report long after the fact says why; one from before go-live also names its documents and comes in time (补录). A batch
 * is as late as the first of its uses.
 */
const lateReport = defineRule<Batched>(
  'late-report',
  async (context) => {
    const { body, occurredAt, time, rulebook, late, find } = context;
    const first = body.batch?.since ?? occurredAt;
    const since = first < occurredAt ? first : occurredAt;
    const backfill = since === occurredAt ? context.backfill : backfillOf(since, await find(rulebookKind, RULEBOOK_ID));
    if (backfill) {
      const until = limitAfter(backfill.goLive, backfill.rulebook, 'backfill');
      return [
        ...breachIf(!late?.documents.length, 'backfill-unexplained', { at: since }),
        ...breachIf(until !== undefined && time > until, 'backfill-over', { until: until ?? '' }),
      ];
    }
    if (since === time || late || time <= periodAfter(since, rulebook, 'late-report')) return [];
    return [breach('late-unexplained', { at: since, now: time })];
  },
  { timely: true },
);

function violationOf(
  rule: Rule,
  { code, params, recorded }: Breach,
  rulebook: RulebookBody,
  nature: Judged['nature'],
  time: string,
): Violation {
  const entry = rulebook.rules[rule.id];
  const due =
    nature === 'decision' && rule.recordable && !recorded && entry?.dueWithin
      ? addPeriod(time, entry.dueWithin, rulebook.calendar)
      : undefined;
  return {
    rule: rule.id,
    article: entry?.article ?? '',
    code,
    params,
    ...(due === undefined ? {} : { due }),
  };
}
