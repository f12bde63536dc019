// SPDX-License-Identifier: Apache-2.0

export interface BenchOptions {
  /** How many pairs of measurements to take; a bench may take fewer if one takes long, never none. */
  readonly samples: number;
}

/** Pairs of measurements: `ours[i]` and `reference[i]` were taken next to each other, in the unit of the bench. */
export interface BenchSamples {
  readonly ours: readonly number[];
  readonly reference: readonly number[];
}

/**
 * One benchmark: what we do against a reference that does the same job or its irreducible part. A file in this folder
 * exports one as its default, and `npm run bench -- NAME` finds it. Less is better for both numbers; measure them
 * interleaved in one run, so that a busy machine slows both.
 */
export interface Bench {
  readonly name: string;
  /** Of the two numbers, e.g. `µs CPU per transaction`. */
  readonly unit: string;
  /** What is measured against what, in one line. */
  readonly about: string;
  run(options: BenchOptions): Promise<BenchSamples>;
}

/** What `--json` prints: medians of both, and the ratio ours ÷ reference as the median of the pairs' ratios. */
export interface BenchReport {
  readonly name: string;
  readonly ratio: number;
  readonly unit: string;
  readonly ours: number;
  readonly reference: number;
  readonly samples: number;
  /** Smallest, middle and largest ratio of one pair. */
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @throws Error when there is no pair, or the two series differ in length. */
export function report(bench: Bench, { ours, reference }: BenchSamples): BenchReport {
  if (ours.length === 0 || ours.length !== reference.length) {
    throw new Error(`bench ${bench.name} took ${ours.length} of ours and ${reference.length} of the reference`);
  }
  const ratios = ours.map((value, index) => value / (reference[index] ?? NaN));
  return {
    name: bench.name,
    ratio: round(median(ratios)),
    unit: bench.unit,
    ours: round(median(ours)),
    reference: round(median(reference)),
    samples: ours.length,
    min: round(Math.min(...ratios)),
    median: round(median(ratios)),
    max: round(Math.max(...ratios)),
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
