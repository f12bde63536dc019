// SPDX-License-Identifier: Apache-2.0

/** A time in which something held: a registration, an entry of a catalogue. */
export interface Span {
  readonly from: string;
  /** Absent: it still holds. May be ahead, where it expires by itself. */
  readonly until?: string;
  /** An act ended it, so that it does not hold any more whatever a client's clock says. */
  readonly ended?: true;
}

/** Reads a mark's spans; one written before spans were kept has only `since`. */
export function spansOf(mark: unknown): readonly Span[] {
  const { spans, since } = (mark ?? {}) as { readonly spans?: readonly Span[]; readonly since?: string };
  return spans ?? (since === undefined ? [] : [{ from: since }]);
}

/** Whether it held as of a past time, or holds now: then it must not have been ended, nor have expired by `time`. */
export function holds(
  spans: readonly Span[],
  { asOf, time }: { readonly asOf: string | undefined; readonly time: string },
): boolean {
  if (asOf !== undefined) return spans.some(({ from, until }) => from <= asOf && (until === undefined || asOf < until));
  const last = spans.at(-1);
  return last !== undefined && !last.ended && (last.until === undefined || time < last.until);
}

/** The spans once it holds from `time` on, until a time if it expires; a span that still holds is extended. */
export function begun(spans: readonly Span[], time: string, until?: string): readonly Span[] {
  const going = holds(spans, { asOf: undefined, time });
  const from = going ? (spans.at(-1)?.from ?? time) : time;
  return [...(going ? spans.slice(0, -1) : spans), { from, ...(until === undefined ? {} : { until }) }];
}

/** The spans once an act has ended it at `time`. */
export function ended(spans: readonly Span[], time: string): readonly Span[] {
  const last = spans.at(-1);
  if (!last) return spans;
  const until = last.until !== undefined && last.until < time ? last.until : time;
  return [...spans.slice(0, -1), { from: last.from, until, ended: true }];
}
