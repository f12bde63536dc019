// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';

export interface BenchOptions {
  /** How many pairs of measurements to take; a bench may take fewer if one takes long, never none. */
  readonly samples: number;
  /** Folder of the Fabric network to measure on, for a bench that needs one: without it, it brings one up for itself. */
  readonly network?: string;
}

/** Pairs of measurements: `ours[i]` and `reference[i]` were taken next to each other, in the unit of the bench. */
export interface BenchSamples {
  readonly ours: readonly number[];
  readonly reference: readonly number[];
  /** What else the same run told, by what it is, each in its own unit. */
  readonly also?: Readonly<Record<string, Omit<BenchSamples, 'also'> & { readonly unit: string }>>;
}

/**
 * One benchmark: what we do against a reference that does the same job or its irreducible part. A file in this folder
 * exports one as its default, and `npm run bench -- NAME` finds it. The unit tells whether less is better, as of time, or
 * more, as of transactions per second. Measure both numbers interleaved in one run, so that a busy machine slows both.
 */
export interface Bench {
  readonly name: string;
  /** Of the two numbers, e.g. `µs CPU per transaction`. */
  readonly unit: string;
  /** What is measured against what, in one line. */
  readonly about: string;
  run(options: BenchOptions): Promise<BenchSamples>;
}

/** Medians of both, and the ratio ours ÷ reference as the median of the pairs' ratios. */
export interface Comparison {
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

/** What `--json` prints. */
export interface BenchReport extends Comparison {
  readonly name: string;
  readonly also?: Readonly<Record<string, Comparison>>;
}

/** @throws Error when there is no pair, or two series differ in length. */
export function report({ name, unit }: Pick<Bench, 'name' | 'unit'>, { also, ...samples }: BenchSamples): BenchReport {
  const others = Object.entries(also ?? {}).map(([what, other]) => [what, compare(name, other)] as const);
  return { name, ...compare(name, { ...samples, unit }), ...(also ? { also: Object.fromEntries(others) } : {}) };
}

function compare(name: string, { ours, reference, unit }: BenchSamples & { readonly unit: string }): Comparison {
  if (ours.length === 0 || ours.length !== reference.length) {
    throw new Error(`bench ${name} took ${ours.length} of ours and ${reference.length} of the reference`);
  }
  const ratios = ours.map((value, index) => value / (reference[index] ?? NaN));
  return {
    ratio: round(median(ratios)),
    unit,
    ours: round(median(ours)),
    reference: round(median(reference)),
    samples: ours.length,
    min: round(Math.min(...ratios)),
    median: round(median(ratios)),
    max: round(Math.max(...ratios)),
  };
}

/** Takes so many pairs of measurements, ours and the reference in turn. */
export async function inPairs(
  samples: number,
  measure: Readonly<Record<'ours' | 'reference', () => Promise<number>>>,
): Promise<BenchSamples> {
  const ours: number[] = [];
  const reference: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    ours.push(await measure.ours());
    reference.push(await measure.reference());
  }
  return { ours, reference };
}

/** Milliseconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

/** Microseconds of CPU that the whole process took, LevelDB's threads included: what they do afterwards is waited for. */
export async function cpuOf(work: () => Promise<void> | void): Promise<number> {
  const start = process.cpuUsage();
  await work();
  for (let waits = 0; waits < 100; waits++) {
    const before = process.cpuUsage();
    await delay(10);
    const { user, system } = process.cpuUsage(before);
    if (user + system < 1000) break;
  }
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
