// SPDX-License-Identifier: Apache-2.0

/** Something that a doctor looked at. */
export interface Finding {
  readonly verdict: 'right' | 'notice' | 'wrong';
  readonly what: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** A finding as it is told in a terminal. */
export function findingLine({ verdict, what, remedy }: Finding): string {
  const mark = { right: '✓', notice: '!', wrong: '✗' }[verdict];
  return `${mark} ${what}${remedy === undefined ? '' : `\n  → ${remedy}`}`;
}
