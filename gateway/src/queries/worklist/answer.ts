// SPDX-License-Identifier: Apache-2.0
import type { Message } from 'yuanliu-chaincode/messages';
import type { RoleName } from 'yuanliu-chaincode/vocabulary/vocabulary';
import type { Deadline } from '../../index/read/rows.js';
import type { Page, PageOptions, Place } from '../../index/ledger-index.js';
import type { Duty } from '../procedures/answer.js';

/** Until when an act is to be done. */
export interface Due extends Omit<Deadline, 'period'> {
  /** The period of the rulebook; `calendar` where the rulebook's holidays end then. */
  readonly period: Deadline['period'] | 'calendar';
  /** As of the answer; false where the end cannot be computed. */
  readonly overdue: boolean;
  /** What happens then, and what to do. */
  readonly note?: Message;
}

/** An act that is open to an organisation: it has the role, the record has the state. */
export interface OpenAct {
  /** `kind:act` */
  readonly act: string;
  /** 中文 */
  readonly title: string;
  readonly nature: 'decision' | 'report';
  /** The roles that it may be done in; the first is the one taken unless `as` names another. */
  readonly roles: readonly RoleName[];
  /** Whether the record waits for it: the next step of a procedure, asked or owed. Else it is only possible. */
  readonly waits: boolean;
  readonly due?: Due;
  /** From when on it may be done; absent if it may be done now. */
  readonly notBefore?: string;
}

/** What may be done on one record. */
export interface RecordActs {
  /** `kind/id@version` */
  readonly ref: string;
  readonly state: string;
  /** What waits first, then what is only possible. */
  readonly acts: readonly OpenAct[];
  /** The block that it is as of. */
  readonly asOf: number;
  /** The time that due dates are judged at. */
  readonly time: string;
}

/** A record that every channel needs and that this one lacks: the organisation may make it. */
export interface Needed {
  /** `kind/id` */
  readonly ref: string;
  readonly act: string;
  /** 中文 */
  readonly title: string;
  readonly roles: readonly RoleName[];
}

/** A record that waits for an organisation, or for which it has something to make good. */
export interface Task {
  /** `kind/id@version` */
  readonly ref: string;
  readonly title?: string;
  readonly state: string;
  /** When it came into that state. */
  readonly since: string;
  /** The earliest due date of its acts and duties. */
  readonly due?: string;
  /** The acts that it waits for: any of them is the next step. */
  readonly acts: readonly OpenAct[];
  /** What it was let through with, and must yet meet. */
  readonly duties?: readonly Duty[];
  /** What left it so. */
  readonly transaction: Place;
}

export interface WorklistOptions extends PageOptions {
  /** Only records of one kind. */
  readonly kind?: string;
  /** Only one act: its name. */
  readonly act?: string;
  /** Only acts in one role. */
  readonly role?: RoleName;
  /** Only what is due before an instant. */
  readonly dueBefore?: string;
  /** Only what is overdue. */
  readonly overdue?: boolean;
}

export interface WorklistPage extends Page<Task> {
  /** Absent if there is none, and on every page but the first. */
  readonly needed?: readonly Needed[];
  /** The time that due dates are judged at. */
  readonly time: string;
}
