// SPDX-License-Identifier: Apache-2.0
import type { ActContext } from 'yuanliu-chaincode/kind/act';
import { messageOf, type Violation } from 'yuanliu-chaincode/vocabulary/error';
import { BeyondCalendar } from 'yuanliu-chaincode/rulebook/period';
import { readerOf, type Committed } from 'yuanliu-chaincode/kind/reader';
import { kindNamed } from 'yuanliu-chaincode/kind/kind';
import { parseRef, type ActEntry, type LedgerRecord } from 'yuanliu-chaincode/kind/record';
import { knownRules, type Rule } from 'yuanliu-chaincode/kind/rule';
import { RULEBOOK_ID, type RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';
import type { RoleName } from 'yuanliu-chaincode/vocabulary/vocabulary';

import type { IndexReader } from '../../index/read/index-reader.js';
import type { Duty } from './answer.js';

/** When duties are judged: as of a block, at a time. */
export interface Occasion {
  readonly asOf: number;
  readonly now: string;
}

/**
 * What a decision was let through with a date for, and whether it has been made good: by the contract's own rule, on the
 * index's records, of the record as it stands: a later version may have dropped what was wrong. Once its date is over, how
 * it was then counts. Where the rulebook lacks the working days that the rule asks for, that is said of the duty.
 *
 * @param record as the decision left it
 */
export async function dutiesOf(store: IndexReader, record: LedgerRecord, { asOf, now }: Occasion): Promise<Duty[]> {
  const duties: Duty[] = [];
  for (const violation of record.act.violations) {
    if (violation.due !== undefined) {
      duties.push({ ...violation, due: violation.due, ...(await judged(violation.due, violation)) });
    }
  }
  return duties;

  async function judged(due: string, violation: Violation): Promise<Pick<Duty, 'status' | 'unjudged'>> {
    const isOver = due < now;
    try {
      if (isOver) {
        const then = { asOf: Math.min(store.resolve(due), asOf), now: due };
        if (await isMet(store, record, violation, then)) return { status: 'met' };
      }
      const met = await isMet(store, record, violation, { asOf, now });
      if (isOver) return { status: met ? 'met-late' : 'overdue' };
      return { status: met ? 'met' : 'open' };
    } catch (error) {
      if (!(error instanceof BeyondCalendar)) throw error;
      return { status: isOver ? 'overdue' : 'open', unjudged: messageOf(error) };
    }
  }
}

async function isMet(
  store: IndexReader,
  left: LedgerRecord,
  { rule: ruleId }: Violation,
  { asOf, now }: Occasion,
): Promise<boolean> {
  const { kind, id } = left;
  const ref = `${kind}/${id}`;
  const rules = rulesOf(left, ruleId);
  const record = store.recordAsOf(ref, asOf)?.view.record;
  const rulebook = store.recordAsOf(`rulebook/${RULEBOOK_ID}`, asOf)?.view.record.body as RulebookBody | undefined;
  if (rules.length === 0 || !record || !rulebook) return false;
  const act = lastDone(store, left, record);
  const context: ActContext<unknown, unknown> = {
    ...readerOf(committedBy(store, asOf), undefined, now),
    id,
    ref,
    body: record.body,
    record,
    input: {},
    caller: { ...act, role: act.role as RoleName, msp: '' },
    time: now,
    occurredAt: now,
    asOf: undefined,
    backfill: undefined,
    late: undefined,
    txId: act.txId,
    rulebook,
  };
  for (const rule of rules) {
    if (!(await rule.check(context)).every(({ recorded }) => recorded)) return false;
  }
  return true;
}

/** The rule as the act applies it: what it compares may depend on the act. */
function rulesOf({ kind, act }: LedgerRecord, ruleId: string): readonly Rule[] {
  const own =
    kindNamed(kind)
      ?.acts.get(act.name)
      ?.rules.filter(({ id }) => id === ruleId) ?? [];
  const known = knownRules.get(ruleId);
  return own.length > 0 || !known ? own : [known];
}

/** The act that left the duty, or the last time that it was done again: another may have decided since. */
function lastDone(store: IndexReader, left: LedgerRecord, now: LedgerRecord): ActEntry {
  for (let number = now.history; number > left.history; number--) {
    const act = store.history(`${left.kind}/${left.id}`, number)?.record.act;
    if (act?.name === left.act.name) return act;
  }
  return left.act;
}

/** The ledger as it was after a block. Of marks, those that the index keeps: the ones that rules with due dates ask for. */
function committedBy(store: IndexReader, asOf: number): Committed {
  return {
    record: (ref) => {
      const { kind, id, version } = parseRef(ref);
      return Promise.resolve(store.recordAsOf(`${kind}/${id}`, asOf, { version })?.view.record);
    },
    mark: (name, key) => {
      return Promise.resolve(store.mark(name, key, asOf));
    },
  };
}
