// SPDX-License-Identifier: Apache-2.0
import { steps, VerificationError, type Place, type Step } from '../wire/error.js';
import type { Basis } from './trust.js';

/** What a check of a chain came to. */
export interface Verdict {
  /**
   * Whether at least the genesis block was given and nothing in any block is wrong. That makes it evidence only where the
   * genesis block was pinned: see `proven`.
   */
  readonly ok: boolean;
  readonly channel: string;
  /** Hex header hash of the genesis block; empty without one. */
  readonly genesis: string;
  /** What the caller knew of the channel's beginning. */
  readonly restsOn: Basis;
  /** The channel's endorsement and block policies, as people write them. */
  readonly policies: { readonly endorsement: string; readonly blocks: string };
  /**
   * How many organisations it takes to make blocks. One can leave out what others endorsed, or make another chain of it,
   * from the genesis block on.
   */
  readonly blockSigners: number;
  /** How many blocks and transactions were checked and hold, and how many of the transactions are valid. */
  readonly blocks: number;
  readonly transactions: number;
  readonly valid: number;
  /** The last block that holds, with every block before it. */
  readonly checked: Position | undefined;
  /** The same, if the genesis block was pinned: evidence. Without that nothing is proven. */
  readonly proven: Position | undefined;
  /** How often each step was taken, and how often it failed. */
  readonly steps: readonly StepCount[];
  /** What is wrong, all within one block: later blocks rest on it and were not looked at. */
  readonly findings: readonly VerificationError[];
  /**
   * What Fabric's peers took and an honest ledger never has, or what cannot be judged here: each is about one transaction,
   * which stands as the peers marked it. The first thousand, and how many there are.
   */
  readonly remarks: readonly VerificationError[];
  readonly remarked: number;
}

/** Where in a chain one is. */
export interface Position {
  readonly number: number;
  /** Hex. */
  readonly headerHash: string;
  /** Hex; empty for the genesis block, which has none. */
  readonly commitHash: string;
}

/** What a verdict rests on, as a sentence's end: "12 blocks, …". */
export function describeBasis({ restsOn, genesis }: Pick<Verdict, 'restsOn' | 'genesis'>): string {
  if (restsOn === 'genesis') return `proven from the pinned genesis block ${genesis}`;
  const on = restsOn === 'roots' ? 'root certificates only' : 'nothing but itself';
  return `not proven: the chain holds together and rests on ${on}; its genesis block ${genesis} is not pinned`;
}

export interface StepCount {
  readonly step: Step;
  readonly checked: number;
  readonly failed: number;
}

/** Counts the steps taken and keeps what they found. */
export class Tally {
  readonly findings: VerificationError[] = [];
  readonly remarks: VerificationError[] = [];
  remarked = 0;
  private readonly taken = new Map<Step, number>();

  get steps(): StepCount[] {
    const failed = (step: Step): number => this.findings.filter((finding) => finding.step === step).length;
    return steps.map((step) => ({ step, checked: this.taken.get(step) ?? 0, failed: failed(step) }));
  }

  /** Takes one step. What it refuses becomes a finding at that place; any other error goes through. */
  take<T>(place: Place, step: () => T): T | undefined {
    this.count(place.step);
    try {
      return step();
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      this.findings.push(error.at({ ...place, step: error.code === 'MALFORMED' ? place.step : error.step }));
      return undefined;
    }
  }

  remark(remark: VerificationError, place: Partial<Place>): void {
    this.remarked++;
    if (this.remarks.length < keptRemarks) this.remarks.push(remark.at(place));
  }

  count(step: Step): void {
    this.taken.set(step, (this.taken.get(step) ?? 0) + 1);
  }
}

const keptRemarks = 1000;
