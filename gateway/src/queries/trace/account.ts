// SPDX-License-Identifier: Apache-2.0
import type { Violation } from 'yuanliu-chaincode/vocabulary/error';
import type { ActEntry } from 'yuanliu-chaincode/kind/record';
import type { RoleHeld } from 'yuanliu-chaincode/records/organization/organization';
import type { Place } from '../../index/ledger-index.js';
import type { Basis } from './answer.js';

/**
 * Why an act is on the chain: on what was asked about, on something it came from, on a link of authority above either, on a
 * registration or catalogue that speaks for it, or on the record whose act brought one of these about.
 */
export type Part = 'subject' | 'origin' | 'authority' | 'evidence' | 'cause';

/** An act that made a link of authority what it was: put it in force, or recorded a document on it. */
export interface Approval {
  readonly ref: string;
  readonly act: string;
  readonly title: string;
  readonly organization: string;
  readonly user: string;
  readonly role: string;
  readonly txId: string;
  readonly time: string;
  /** What it recorded: numbers and digests of documents. */
  readonly documents: readonly { readonly title?: string; readonly number?: string; readonly digest: string }[];
}

/** A broken rule that the ledger knew of already. */
export interface KnownViolation extends Violation {
  readonly ref: string;
  readonly act: string;
  readonly txId: string;
  /** Whether the ledger would have shown it to the organisation that acts. */
  readonly shown: boolean;
}

/** A finding that was open then. */
export interface KnownFinding {
  readonly ref: string;
  readonly about: string;
  readonly state: string;
  readonly since: string;
  readonly summary: string;
  /** Whether the ledger would have shown it to the organisation that acts: not while it was sealed from it. */
  readonly shown: boolean;
}

/** The role that somebody acted in, as the ledger gave it to the organisation before the act. */
export interface Office extends Omit<RoleHeld, 'role'> {
  readonly organization: string;
  readonly state: string;
}

/** One act on the chain, and what is needed to judge whoever did it (尽职免责). */
export interface AccountableAct {
  /** `kind/id@version` that the act left. */
  readonly ref: string;
  readonly part: Part;
  readonly recordTitle?: string;
  /** The act in the words of the regulation. */
  readonly title: string;
  readonly state: string;
  readonly act: ActEntry;
  readonly transaction: Place;
  /** For a consequence: the record whose act caused it. */
  readonly causedBy?: string;
  /** Absent where the ledger held no such role: the founding. */
  readonly office?: Office;
  /** The authority chain above the record, judged when the act occurred. Absent where it rests on none. */
  readonly basis?: Basis;
  /** Who approved the links of that chain, as far as they were approved then. */
  readonly approvals: readonly Approval[];
  /** What the ledger held by then of the record, what it was made of, and the links it rests on. */
  readonly known: {
    readonly violations: readonly KnownViolation[];
    readonly findings: readonly KnownFinding[];
    /** How many older ones of both are left out: only the last hundred of each are told. */
    readonly more?: number;
  };
}

export interface AccountabilityAnswer {
  readonly root: string;
  readonly asOf: { readonly block: number; readonly time: string };
  /** In the order of the ledger: what came before an act could be known to it. */
  readonly items: readonly AccountableAct[];
  /** This is not the whole: there is a next page, or depth or a bound on the walk cut it off. */
  readonly truncated: boolean;
  /** The chain has acts or records that the viewer may not see. Sealed findings are as if they were not there. */
  readonly hidden: boolean;
  readonly cursor?: string;
}
