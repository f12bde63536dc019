// SPDX-License-Identifier: Apache-2.0
import type { Violation } from 'yuanliu-chaincode/vocabulary/error';
import type { Message } from 'yuanliu-chaincode/messages';
import type { Deadline, Deviation } from '../../index/read/rows.js';
import type { ActEvent, Page, PageOptions } from '../../index/ledger-index.js';

/** `met-late`: it was made good, but after its date. */
export const dutyStatuses = ['open', 'overdue', 'met', 'met-late'] as const;
export type DutyStatus = (typeof dutyStatuses)[number];

/** What must be made good after a decision was let through: whoever decided owes it. */
export interface Duty extends Violation {
  readonly due: string;
  readonly status: DutyStatus;
  /** Why nobody can tell whether it was made good: then it counts as owed. */
  readonly unjudged?: Message;
}

/** An act that departs from the ordinary course. */
export interface Procedure extends Omit<ActEvent, 'id'> {
  readonly deviations: readonly Deviation[];
  /** The period that was over when it was done. */
  readonly wasDue?: Deadline;
  readonly duties: readonly Duty[];
}

export interface ProceduresOptions extends PageOptions {
  readonly deviation?: Deviation;
  /** Only acts of one organisation: its credit code. */
  readonly organization?: string;
  /** Only acts on records of one kind. */
  readonly kind?: string;
  /** Only acts that broke this rule, missed its time, or that it could not judge. */
  readonly rule?: string;
  /** Only acts with a duty of this status. */
  readonly duty?: DutyStatus;
}

export interface ProceduresPage extends Page<Procedure> {
  /** The time that duties are judged at. */
  readonly time: string;
}
