// SPDX-License-Identifier: Apache-2.0
import { stat } from 'node:fs/promises';

/** Something that a doctor looked at. */
export interface Finding {
  readonly verdict: 'right' | 'notice' | 'wrong';
  readonly what: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** Whether a folder and the secrets in it are its owner's alone; what is not there is passed over. */
export async function privacyFinding(root: string, secrets: readonly string[]): Promise<Finding> {
  const open: string[] = [];
  for (const path of [root, ...secrets]) {
    const found = await stat(path).catch(() => undefined);
    if (found && (found.mode & OTHERS) !== 0) open.push(path);
  }
  if (open.length === 0) return { verdict: 'right', what: `${root} and the keys in it are its owner’s alone` };
  return { verdict: 'wrong', what: `others can read ${open.join(', ')}`, remedy: `chmod -R go= ${root}` };
}

const OTHERS = 0o077;

/** A finding as it is told in a terminal. */
export function findingLine({ verdict, what, remedy }: Finding): string {
  const mark = { right: '✓', notice: '!', wrong: '✗' }[verdict];
  return `${mark} ${what}${remedy === undefined ? '' : `\n  → ${remedy}`}`;
}
