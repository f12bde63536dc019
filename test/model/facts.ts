// SPDX-License-Identifier: Apache-2.0
import type { Asked } from './act';

/** What a link of the authority chain allows. */
export interface Terms {
  readonly catalogue: string;
  readonly domains?: readonly string[];
  readonly resources?: readonly string[];
  readonly purposes?: readonly string[];
  readonly actions?: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly quota?: number;
}

/** That one organisation controls another, as declared. */
export interface Control {
  readonly controlled: string;
  readonly controller: string;
  readonly basis: string;
  readonly state?: boolean | undefined;
  readonly since: string;
  readonly until?: string;
  readonly isDetermined?: true;
}

export interface WindDown {
  readonly keeps: readonly string[];
  readonly until: string;
}

/** What a record says, as far as the model cares. Grades are ranks: 1 to 4 general, 5 important, 6 core. */
export interface Facts {
  readonly title?: string;
  /** That a grant is for. */
  readonly scenario?: string;
  readonly role?: string;
  /** Where it is, and for an organisation where it acts. */
  readonly region?: string | undefined;
  readonly remit?: readonly string[] | undefined;
  readonly domains?: readonly string[] | undefined;
  readonly suspendedBy?: string | undefined;
  readonly qualifiedBy?: readonly string[];
  /** `AGENCY/ROLE` by which it is qualified, each time, and when. */
  readonly qualified?: readonly { readonly by: string; readonly at: string }[];
  readonly controls?: readonly Control[] | undefined;
  /** In which a licence allows use. */
  readonly period?: { readonly from: string; readonly to?: string } | undefined;
  readonly provider?: string;
  readonly domain?: string;
  readonly digest?: string;
  readonly personal?: boolean;
  readonly sharing?: string;
  /** Who approved that sharing. */
  readonly approver?: string | undefined;
  readonly grade?: number | undefined;
  readonly entries?: readonly string[];
  /** At which version each entry was entered. */
  readonly versions?: Readonly<Record<string, number>>;
  /** The catalogue that one is a section of. */
  readonly partOf?: string | undefined;
  /** What the sections of a catalogue hold; absent where it has none. */
  readonly sections?: string;
  /** What readers of a catalogue are told of its entries. */
  readonly noted?: readonly string[];
  readonly providers?: readonly string[];
  readonly confirmed?: readonly string[];
  readonly terms?: Terms;
  readonly parts?: Readonly<Record<string, unknown>> | undefined;
  readonly guided?: readonly string[] | undefined;
  readonly supersededUntil?: string | undefined;
  readonly plan?: string;
  readonly agency?: string;
  readonly operator?: string;
  readonly developer?: string;
  readonly signed?: readonly string[];
  /** Which text each party signed. */
  readonly texts?: Readonly<Record<string, string>>;
  /** Signed by both, it is to be filed until then. */
  readonly fileBy?: string;
  readonly filed?: string;
  readonly agreement?: string;
  readonly holder?: string;
  readonly derived?: boolean;
  readonly authority?: string;
  readonly purpose?: string;
  readonly inputs?: readonly string[];
  readonly sources?: readonly Source[];
  /** Products that it comes from, as they were graded when it was made. */
  readonly through?: readonly { readonly id: string; readonly grade: number }[];
  readonly form?: string;
  readonly inherited?: number | undefined;
  readonly gradings?: readonly Grading[];
  readonly cleared?: string;
  readonly anonymized?: boolean;
  readonly product?: string;
  readonly sender?: string;
  readonly recipient?: string;
  readonly user?: string;
  readonly subject?: string;
  readonly action?: string;
  readonly quantity?: number;
  /** What a use took from quotas, by link; and what it takes since its agency corrected it. */
  readonly counted?: Readonly<Record<string, number>>;
  readonly corrections?: readonly { readonly quantity: number; readonly counted: Readonly<Record<string, number>> }[];
  readonly applicant?: string;
  readonly agent?: string | undefined;
  readonly type?: string;
  /** What it changes, corrects, renews or cancels. */
  readonly of?: string | undefined;
  /** Until when the registrar is to take each step that it came to. */
  readonly dueBy?: readonly string[];
  /** In which states a supplement was asked for. */
  readonly askedIn?: readonly string[];
  readonly objections?: readonly string[];
  /** Which objections are settled, counted from 1. */
  readonly settled?: readonly number[];
  readonly publicUntil?: string;
  readonly validUntil?: string;
  readonly code?: string | undefined;
  /** When it was done last. */
  readonly signings?: Readonly<Record<string, string>>;
  /** State → when the link was cut to it last, and what goes on in it until when. */
  readonly cuts?: Readonly<Record<string, { readonly at: string; readonly windDown: WindDown | undefined }>>;
  /** An emergency measure. */
  readonly halt?: { readonly by: string; readonly until: string };
  /** A text that the other party is to sign. */
  readonly amendment?: {
    readonly by: string;
    readonly at: string;
    readonly changes: Asked | undefined;
    readonly paper: string | undefined;
    /** Who proposed this and what it took the place of. */
    readonly proposals: readonly string[];
  };
  /** What a revision drops. */
  readonly drop?: readonly string[];
  readonly checked?: string;
  readonly released?: string;
  readonly withdrawn?: string;
}

/** A resource that a product comes from, as it was graded and flagged when the product was made. */
export interface Source {
  readonly id: string;
  readonly grade: number;
  readonly personal: boolean;
}

/** A grade given to a product; over what its sources demanded, if that was decided. */
export interface Grading {
  readonly grade: number;
  readonly decided: boolean;
  readonly demanded: number;
  readonly at: string;
}
