// SPDX-License-Identifier: Apache-2.0
import type { z } from 'zod';
import type { Backfill } from './backfill.js';
import type { Caller } from './caller.js';
import type { Kind } from './kind.js';
import type { ActEntry, LedgerRecord, Moment } from './record.js';
import type { Rule } from './rule.js';
import type { Expiry, LimitName, PeriodName, RulebookBody } from '../rulebook/rulebook.js';
import type { Standing } from './standing.js';
import type { RoleName } from '../vocabulary/vocabulary.js';

/** Which organisations of the body may act in a role: credit codes, or undefined for any that holds the role. */
export type Party<Body> = (body: Body, id: string) => string | readonly string[] | undefined;

/** Any organisation that holds the role, within its region and remit. */
export const anyHolder = (): undefined => undefined;

/** A small fact that rules read by point, so that no act reads a list: a catalogue's entry, a link's tally. */
export interface Mark {
  readonly name: string;
  readonly key: string;
  readonly value: unknown;
}

export interface Effect<Body> {
  /** The body after the act. Completing it keeps the version; changing what it said makes the next one. */
  readonly body?: Body;
  /** The body is a new version although it may only add: what was judged by the one before was judged by that. */
  readonly revises?: true;
  /** The state after the act, where it depends; otherwise the act's `to`. */
  readonly to?: string;
  /** Other records that come into being, or to an end. */
  readonly also?: readonly Issued[];
  readonly marks?: readonly Mark[];
}

/** Reads committed ledger state: as it stands, or for a report of the past as it was then. */
export interface Reader {
  /** The record, at its exact version if `ref` names one; undefined if there is none. */
  readonly find: <Body>(kind: Kind<Body>, ref: string) => Promise<LedgerRecord<Body> | undefined>;
  /** As `find`; throws NOT_FOUND if there is none. */
  readonly read: <Body>(kind: Kind<Body>, ref: string) => Promise<LedgerRecord<Body>>;
  /** The version of a record that is current, or for a report of the past was then; undefined if it did not exist yet. */
  readonly current: <Body>(kind: Kind<Body>, id: string) => Promise<LedgerRecord<Body> | undefined>;
  readonly marked: (name: string, key: string) => Promise<unknown>;
  /** State and version of a record when it is judged; undefined if it did not exist yet. */
  readonly moment: (record: LedgerRecord) => Moment | undefined;
  /** Whether the link stands, or stood `at` a time, walking up its parents; `resting` on it is what a wind-down may keep. */
  readonly standing: (ref: string, resting?: readonly string[], at?: string) => Promise<Standing>;
}

export interface ActContext<Body, Input> extends Reader {
  readonly id: string;
  /** `kind/id` */
  readonly ref: string;
  /** The body before the act in `effect`; as the act would leave it in rules. */
  readonly body: Body;
  /** The record before the act; undefined when it is created. */
  readonly record: LedgerRecord<Exclude<Body, undefined>> | undefined;
  readonly input: Input;
  readonly caller: Caller;
  /** Ledger time: the transaction's timestamp, RFC 3339 in UTC with milliseconds. */
  readonly time: string;
  /** When it happened: as reported by a report, else ledger time. */
  readonly occurredAt: string;
  /**
   * When the ledger is judged as of, for a report of the past. Undefined: as it stands, whatever a client's clock says,
   * so that nobody slips under a suspension by a timestamp of a minute ago.
   */
  readonly asOf: string | undefined;
  /** Set for a report from before go-live (补录). */
  readonly backfill: Backfill | undefined;
  /** Why a report comes late, as it says. */
  readonly late: ActEntry['late'];
  readonly txId: string;
  /** Number of the act among those of its transaction; undefined for an act that is a transaction of its own. */
  readonly seq?: number | undefined;
  /** The rulebook that judges this act. */
  readonly rulebook: RulebookBody;
}

/** Who is asked whether a record waits for its act, and when. */
export interface Asked {
  /** Id of the record. */
  readonly id: string;
  readonly state: string;
  /** Credit code of the organisation; undefined where the question is for any holder of a role. */
  readonly by?: string | undefined;
  /** When it is asked; undefined where the question is for any time: an answer that time may bring is then yes. */
  readonly now?: string | undefined;
  /** Whether there is a record, for acts that leave one beside theirs; undefined where the question is for any time. */
  readonly has?: ((ref: string) => boolean) | undefined;
}

/**
 * Whether a record, in a state that the act starts from, waits for the act: it is the next step of a procedure that runs, asked of
 * or owed by the one who may do it. `false`: the act is possible, and nothing waits for it.
 */
export type Waits<Body> = boolean | ((body: Body, asked: Asked) => boolean);

/** Whether a record waits for an act. The state is one that the act starts from. */
export function waitsFor<Body>({ waits = false }: Pick<Act<Body>, 'waits'>, body: Body, asked: Asked): boolean {
  return typeof waits === 'function' ? waits(body, asked) : waits;
}

/** The period that the regulation gives for an act, or the date that the record states for it. Counts while the record waits. */
export interface DueDate<Body> {
  /** How long, by its name in the rulebook; a limit that the rulebook leaves unset makes nothing due. */
  readonly period: PeriodName | LimitName | typeof STATED;
  /** Id of the rule that demands the act, where one does: its article is in the rulebook. */
  readonly rule?: string;
  /**
   * When the period began; undefined while it does not run, and once the act is done.
   *
   * @param entered when the record came into its state
   */
  since(body: Body, entered: string): string | undefined;
  /** The date that the record states: for `stated`. */
  until?(body: Body): string | undefined;
}

/** In place of a period of the rulebook: the record states the date. */
export const STATED = 'stated';

interface CommonOptions<Body, State> {
  /** Name in the words of the regulation. */
  readonly title: string;
  /** Who may do it: role → which party of the body. The first role that fits is the one acted in. */
  readonly by: { readonly [R in RoleName]?: Party<Body> };
  readonly to?: State;
  /** Until when it is to be done, where the regulation or the record says so. */
  readonly due?: DueDate<Body>;
  /** From when on it may be done, where the record waits for a time first. */
  notBefore?(body: Body): string | undefined;
  /** Set near the end of what the record says, where the act renews it. */
  expiry?(body: Body, now: string): Expiry | undefined;
  /** States a fact: recorded even when it breaks rules. Default: a decision, refused when it does. */
  readonly report?: boolean;
  /** Open to a suspended organisation too: rectifying, accounting, handing over. Reports always are. */
  readonly whileSuspended?: boolean;
  /**
   * It leaves its record as it is and one of its own beside it, the first of `also`: so several may do it at once, and
   * none rewrites the record.
   */
  readonly beside?: boolean;
  /** Open beyond the region and remit of a role: to object, to speak of oneself. */
  readonly anywhere?: boolean;
  /** Fields of the input that say how it is carried out: requests that differ in them alone are the same. */
  readonly manner?: readonly string[];
}

export interface ActOptions<Body, Input, State> extends CommonOptions<Body, State> {
  readonly from: readonly State[];
  readonly waits: Waits<Body>;
  readonly input?: z.ZodType<Input>;
  readonly rules?: readonly Rule<Body, NoInfer<Input>>[];
  effect?(context: ActContext<Body, Input>): Effect<Body> | Promise<Effect<Body>>;
}

export interface CreationOptions<Body, Input, State> extends CommonOptions<Body, State> {
  /** States of an existing record that it may follow as well, e.g. a use after its permit. */
  readonly from?: readonly State[];
  /** Stated where it may follow. */
  readonly waits?: Waits<Body>;
  /** The id of a record that every channel needs: while there is none, it waits for this act. */
  readonly needed?: string;
  readonly to: State;
  readonly input: z.ZodType<Input>;
  readonly rules?: readonly Rule<Body, NoInfer<Input>>[];
  effect(context: ActContext<Body | undefined, Input>): Created<Body> | Promise<Created<Body>>;
}

type Created<Body> = Effect<Body> & { readonly body: Body };

/** An act as everything else sees it: contract transaction, route, form, worklist, matrix test. */
export interface Act<Body = unknown, Input = unknown> {
  readonly kind: Kind<Body>;
  readonly name: string;
  readonly title: string;
  readonly nature: 'decision' | 'report';
  readonly creates: boolean;
  readonly whileSuspended: boolean;
  readonly beside?: boolean;
  readonly anywhere: boolean;
  readonly manner?: readonly string[];
  readonly by: { readonly [R in RoleName]?: Party<Body> };
  readonly from: readonly string[];
  readonly to?: string;
  readonly waits?: Waits<Body>;
  readonly needed?: string;
  readonly due?: DueDate<Body>;
  notBefore?(body: Body): string | undefined;
  expiry?(body: Body, now: string): Expiry | undefined;
  readonly input: z.ZodType<Input>;
  readonly rules: readonly Rule<Body, Input>[];
  effect?(context: ActContext<Body, Input>): Effect<Body> | Promise<Effect<Body>>;
}

export interface ConsequenceOptions<Body, State> {
  readonly title: string;
  /** States of an existing record that it changes; absent, it creates the record. */
  readonly from?: readonly State[];
  readonly to: State;
  readonly rules?: readonly Rule<Body>[];
}

/**
 * What another record's act brings about: the creation of a record (a grant by an assessment, a finding by a violated
 * report) or the end of one (a registration by its successor).
 */
export interface Consequence<Body = unknown> {
  readonly kind: Kind<Body>;
  readonly name: string;
  readonly title: string;
  readonly from: readonly string[];
  readonly to: string;
  readonly rules: readonly Rule<Body>[];
  of(id: string, body: Body): Issued;
}

export interface Issued {
  readonly consequence: Consequence;
  readonly id: string;
  readonly body: unknown;
}
