// SPDX-License-Identifier: Apache-2.0
import { holds, spansOf, type Span } from '../kind/spans.js';

/** Mark on a resource that was entered in published catalogues. */
export const LISTED = 'listed';

/** That and when a catalogue lists a resource. */
interface Listing {
  readonly spans: readonly Span[];
  /** Which of its sections does; absent where it has none, or did when it was entered. */
  readonly section?: string;
}
/** In which catalogues, by id. */
export type Listed = Readonly<Record<string, Listing>>;

/** The catalogues that list a resource, or did, by its mark. */
export function listingsOf(mark: unknown): ReadonlyMap<string, Listing> {
  const listed = (mark ?? {}) as Listed;
  return new Map(Object.entries(listed).map(([id, one]) => [id, { ...one, spans: spansOf(one) }]));
}

/** Whether a catalogue lists a resource now, or did as of a time. */
export function isListed(
  mark: unknown,
  catalogue: string,
  at: { readonly asOf: string | undefined; readonly time: string },
): boolean {
  return holds(listingsOf(mark).get(catalogue)?.spans ?? [], at);
}
