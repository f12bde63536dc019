// SPDX-License-Identifier: Apache-2.0
import type { ActContext } from './act.js';
import { ContractError, saying } from '../vocabulary/error.js';
import type { LedgerRecord } from './record.js';
import type { RulebookBody } from '../rulebook/rulebook.js';

/** What is known of a report from before the ledger went live (补录). */
export interface Backfill {
  readonly goLive: string;
  /** The rulebook of today: it says until when the past may be backfilled. */
  readonly rulebook: RulebookBody;
}

/** A rule asked the ledger for what was in force before it went live, which only documents can tell. */
export class BeforeGoLive extends ContractError {
  constructor(occurredAt: string, goLive: string) {
    super('WRONG_STATE', saying('before-go-live', { at: occurredAt, goLive }));
  }
}

/** Set if a report is of a time before go-live: the rulebook's date, or else when the first one was adopted. */
export function backfillOf(
  asOf: string | undefined,
  current: LedgerRecord<RulebookBody> | undefined,
): Backfill | undefined {
  const goLive = current?.body.goLive ?? current?.timeline[0]?.at;
  return asOf !== undefined && current && goLive !== undefined && asOf < goLive
    ? { goLive, rulebook: current.body }
    : undefined;
}

/**
 * The context in which a backfilled report's rules are judged: what they take from the report and from exact versions
 * they can judge; asked what the ledger held then (a mark, a state, a chain, the time), it throws BeforeGoLive.
 */
export function beforeGoLive(context: ActContext<unknown, unknown>): ActContext<unknown, unknown> {
  const { backfill, occurredAt } = context;
  if (!backfill) return context;
  const unknown = (): never => {
    throw new BeforeGoLive(occurredAt, backfill.goLive);
  };
  return Object.defineProperty(
    { ...context, current: unknown, marked: unknown, moment: unknown, standing: unknown },
    'asOf',
    {
      get: unknown,
      enumerable: true,
    },
  );
}
