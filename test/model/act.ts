// SPDX-License-Identifier: Apache-2.0
import type { Facts } from './facts';
import type { Moment, World } from './world';

/** One act as it is asked for: who, in which role, does what to which record, with what input. */
export interface Call {
  readonly by: string;
  readonly role: string;
  readonly act: string;
  readonly id: string;
  readonly input: Asked;
}

/** What inputs say, as far as the model reads them. */
export interface Asked extends Omit<Facts, 'grade' | 'sharing'> {
  readonly grade?: { readonly class: string; readonly level?: number };
  readonly sharing?: { readonly type: string; readonly document?: object; readonly approver?: string };
  readonly resources?: readonly string[];
  readonly occurredAt?: string;
  readonly result?: string;
  /** Of a draft, that is approved. */
  readonly version?: number;
  readonly grant?: { readonly id: string; readonly terms: Facts['terms'] };
  readonly decision?: object;
  readonly anonymization?: object;
  readonly environment?: string;
  readonly approver?: string;
  readonly to?: string;
  /** What supersedes a plan, and until when that goes on. */
  readonly by?: string;
  readonly until?: string;
  readonly windDown?: { readonly keeps: readonly string[]; readonly until: string };
  readonly changes?: Asked;
  readonly document?: { readonly digest: string };
  readonly held?: readonly object[];
  readonly leadingGroup?: object;
  readonly about?: string;
  readonly controller?: string;
  readonly over?: string;
  readonly basis?: string;
  readonly state?: boolean;
  readonly since?: string;
  readonly late?: { readonly documents: readonly string[] };
  readonly add?: readonly string[];
  readonly measure?: { readonly halts: string; readonly until: string };
  readonly batch?: {
    readonly log: string;
    readonly first: number;
    readonly root: string;
    readonly previous?: string;
    readonly since: string;
  };
  readonly letter?: object;
  /** Which objection, counted from 1, and what comes of it. */
  readonly objection?: number;
  readonly outcome?: string;
}

/** An act being done: what it finds. */
export interface Deed {
  readonly world: World;
  readonly call: Call;
  readonly ref: string;
  readonly input: Asked;
  readonly before: Moment | undefined;
  /** What the record said before; nothing when it is created. */
  readonly was: Facts;
  readonly time: string;
  /** Set for a report of the past. */
  readonly asOf: string | undefined;
}

interface Change {
  readonly ref: string;
  readonly state: string;
  readonly facts: Facts;
  readonly malformed?: boolean;
  readonly broken?: readonly string[];
}

/** What an act leaves. */
export interface Left {
  readonly to: string;
  readonly facts: Facts;
  /** Another record that it creates, with the rules that this must meet. */
  readonly creates?: {
    readonly ref: string;
    readonly state: string;
    readonly facts: Facts;
    readonly broken: readonly string[];
  };
  /** Other records that it brings into another state, with the rules that these must meet. */
  readonly changes?: readonly Change[] | undefined;
  /** A record of its own that it leaves in place of its record, which stays as it is for everybody else. */
  readonly beside?: Change;
  /** A finding that it opens for those whom it concerns. */
  readonly opens?: boolean;
  /** Further effects, once it is accepted. */
  readonly then?: () => void;
}

/** An act of the model: who may, from where, what it leaves, and which rules that breaks. */
export interface Act {
  /** Role → the organisations of the record that may do it in this role; undefined for any that holds it. */
  readonly who: Readonly<Record<string, (was: Facts, id: string) => readonly (string | undefined)[] | undefined>>;
  /** Absent: it creates the record. */
  readonly from?: readonly string[];
  /** A creation that may also follow a record in one of these states. */
  readonly follows?: readonly string[];
  readonly report?: true;
  /** Open beyond one's region and remit. */
  readonly anywhere?: true;
  /** Open to a suspended organisation. */
  readonly always?: true;
  /** What it asks for is nonsense, whoever asks. */
  malformed?(input: Asked): boolean;
  leaves(deed: Deed): Left | 'NOT_FOUND' | 'INPUT_INVALID';
  /** Ids of the rules broken by what it would leave; `~id` if it is recorded with a due date rather than refused. */
  broken?(deed: Deed, left: Left): readonly string[];
}

export const any = (): undefined => undefined;

/** The ids of those conditions that hold. */
export function those(conditions: Readonly<Record<string, boolean>>): string[] {
  return Object.keys(conditions).filter((id) => conditions[id]);
}
