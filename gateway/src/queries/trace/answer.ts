// SPDX-License-Identifier: Apache-2.0
import type { Message } from 'yuanliu-chaincode/messages';
import type { AsOf } from '../../index/ledger-index.js';
import type { Made } from '../../index/read/rows.js';
import type { Relation } from './walk.js';

/** One link of an authority chain, as it was when the act rested on it. */
export interface BasisLink {
  /** `kind/id` */
  readonly ref: string;
  readonly version: number;
  readonly state: string;
  /** Its term, where it has one. */
  readonly from?: string;
  readonly to?: string;
}

/** Why the chain does not stand, as a message. Without `ref` if the viewer may not see that link. */
export interface Broken extends Message {
  readonly ref?: string;
}

/**
 * The lawful basis of an act: the authority chain above the record, from the nearest link upward, judged at the time the
 * act occurred, and again as of the time the walk is made for.
 */
export interface Basis {
  readonly stood: boolean;
  readonly broken?: Broken;
  readonly stands: boolean;
  readonly brokenNow?: Broken;
  readonly links: readonly BasisLink[];
  /** The chain has links that the viewer may not see. */
  readonly hidden?: boolean;
}

/** A registration or catalogue that speaks for a version. */
export interface Evidence {
  readonly ref: string;
  readonly kind: string;
  readonly title?: string;
  readonly state: string;
  readonly about: Readonly<Record<string, string | number | boolean>>;
}

/** One exact version on the walk. */
export interface TraceNode {
  /** `kind/id@version` */
  readonly ref: string;
  readonly kind: string;
  readonly title?: string;
  /** Its state as of the block that the walk is made for. */
  readonly state: string;
  /** Who provides, holds or uses it, for what: scalar fields of its body. */
  readonly about: Readonly<Record<string, string | number | boolean>>;
  /**
   * What made it and who did; `violations` are the rules it broke. To a viewer who may not see that act, the first act on it
   * that it may see.
   */
  readonly transaction: Made;
  /** Absent for a kind that rests on no authority, such as a resource: see `evidence`. */
  readonly basis?: Basis;
  readonly evidence?: readonly Evidence[];
}

/** A step of the walk, always told in the direction of PROV: `from` was derived from, used, rests on or names `to`. */
export interface Hop {
  readonly relation: Relation;
  readonly from: string;
  readonly to: string;
  /** Distance from the root of the node that the step leads to. */
  readonly depth: number;
  /** What the step leads to; absent if a hop before this one, or the root, shows it already. */
  readonly node?: TraceNode;
  /** The ledger holds no such version: a report named it all the same. */
  readonly missing?: boolean;
}

export interface TraceAnswer {
  /** What was asked about. */
  readonly root: string;
  /** The block that the answer is as of, and the time that present standing is judged at. */
  readonly asOf: { readonly block: number; readonly time: string };
  /** The versions the walk starts from: one for origins, else every version unless one is named. */
  readonly roots: readonly TraceNode[];
  /** Nearest first. */
  readonly hops: readonly Hop[];
  /** This is not the whole: there is a next page, or depth or a bound on the walk cut it off. */
  readonly truncated: boolean;
  /** The walk met something that the viewer may not see, and did not go on through it. */
  readonly hidden: boolean;
  readonly cursor?: string;
}

export interface TraceOptions {
  readonly asOf?: AsOf;
  /** How far from the root: at least 1. */
  readonly depth?: number;
  /** Hops of a page: 1 to 5,000; 1,000 unless given. */
  readonly limit?: number;
  readonly cursor?: string;
}
