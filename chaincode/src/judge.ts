// SPDX-License-Identifier: Apache-2.0
import type { ActContext } from './act.js';
import { ContractError, type Violation } from './error.js';
import type { ActCall } from './input.js';
import { addPeriod } from './period.js';
import { breach, defineRule, type Breach, type Rule } from './rule.js';
import { periodAfter, type RulebookBody } from './rulebook.js';

/** What is judged: an act, or the consequence of one. */
interface Judged {
  readonly name: string;
  readonly nature: 'decision' | 'report';
  readonly rules: readonly Rule[];
}

/**
 * Judges an act by its rules as the rulebook has them. A report: every breach is returned, to be recorded. A decision:
 * throws REFUSED with all breaches, save those of recordable rules to which the rulebook gives a due date.
 */
export async function judge(
  { name, nature, rules }: Judged,
  { body: rulebook }: { readonly body: RulebookBody },
  context: ActContext<unknown, unknown>,
): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  for (const rule of rules) {
    if (!rulebook.rules[rule.id]) continue; // not yet adopted: a contract may know a rule before the rulebook does
    for (const found of await rule.check(context))
      violations.push(violationOf(rule, found, rulebook, nature, context.time));
  }
  const refusing = nature === 'decision' ? violations.filter(({ due }) => due === undefined) : [];
  const [first] = refusing;
  if (first) {
    throw new ContractError(
      'REFUSED',
      {
        message: `${name} ${context.ref} is refused: ${first.message}`,
        article: first.article,
        ...(first.remedy === undefined ? {} : { remedy: first.remedy }),
        violations: refusing,
      },
      first.rule,
    );
  }
  return violations;
}

/** A report long after the fact says why (补录). */
const lateReportRule = defineRule('late-report', () => []);

/** The violation of a report that comes later than the rulebook allows and does not say why. */
export function lateReport(
  act: { readonly nature: string },
  call: ActCall,
  rulebook: RulebookBody,
  { occurredAt, time }: { readonly occurredAt: string; readonly time: string },
): readonly Violation[] {
  const inTime = time <= periodAfter(occurredAt, rulebook, 'late-report');
  if (act.nature !== 'report' || occurredAt === time || inTime || call.late) return [];
  const found = breach(`it happened at ${occurredAt}, long before ${time}`, 'say in `late` why, with the documents');
  return [violationOf(lateReportRule, found, rulebook, 'report', time)];
}

function violationOf(
  rule: Rule,
  { message, remedy }: Breach,
  rulebook: RulebookBody,
  nature: Judged['nature'],
  time: string,
): Violation {
  const entry = rulebook.rules[rule.id];
  const due =
    nature === 'decision' && rule.recordable && entry?.dueWithin ? addPeriod(time, entry.dueWithin) : undefined;
  return {
    rule: rule.id,
    article: entry?.article ?? '',
    message,
    ...(remedy === undefined ? {} : { remedy }),
    ...(due === undefined ? {} : { due }),
  };
}
