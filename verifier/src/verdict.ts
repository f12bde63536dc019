// SPDX-License-Identifier: Apache-2.0
import { steps, VerificationError, type Place, type Step } from './error.js';

/** What a check of a chain came to. */
export interface Verdict {
  /** Whether at least the genesis block was given and nothing in any block is wrong. */
  readonly ok: boolean;
  readonly channel: string;
  /** The channel's endorsement and block policies, as people write them. */
  readonly policies: { readonly endorsement: string; readonly blocks: string };
  /** How many blocks and transactions are proven, and how many of the transactions are valid. */
  readonly blocks: number;
  readonly transactions: number;
  readonly valid: number;
  /** The last block that is proven, with every block before it. */
  readonly proven: Proven | undefined;
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

export interface Proven {
  readonly number: number;
  /** Hex. */
  readonly headerHash: string;
  /** Hex; empty for the genesis block, which has none. */
  readonly commitHash: string;
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
