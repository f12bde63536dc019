// SPDX-License-Identifier: Apache-2.0

/** Why a database does not open: another process has it, its files do not hold together, or the system refuses. */
export interface OpenFailure {
  readonly kind: 'locked' | 'damaged' | 'refused';
  /** LevelDB's or the system's own words. */
  readonly reason: string;
}

/** Reads what LevelDB threw. */
export function openFailureOf(error: unknown): OpenFailure {
  const cause = error instanceof Error ? (error.cause as { code?: string; message?: string } | undefined) : undefined;
  const reason = cause?.message ?? String(error);
  if (cause?.code === 'LEVEL_LOCKED') return { kind: 'locked', reason };
  const isDamaged = cause?.code === 'LEVEL_CORRUPTION' || reason.endsWith(MISSING);
  return { kind: isDamaged ? 'damaged' : 'refused', reason };
}

/** Whether an error is LevelDB's, about files that do not hold what was written: a wrong checksum, a missing file. */
export function isCorruption(error: unknown): boolean {
  const { code, message = '' } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  return code === 'LEVEL_CORRUPTION' || code === 'LEVEL_IO_ERROR' || /^(?:Corruption|IO error):/.test(String(message));
}

/** Gives back the room that deleted entries took. What this package does in Node its types, which are for browsers too, lack. */
export async function compact(db: object, range: { readonly gte: string; readonly lt: string }): Promise<void> {
  await (db as { compactRange(from: string, to: string): Promise<void> }).compactRange(range.gte, range.lt);
}

/** LevelDB makes what a new database needs: only what its own files name, and is not there, ends like this. It has no code. */
const MISSING = 'No such file or directory';

/** A LevelDB iterator, as far as it is asked here. */
export interface Entries<Value> {
  nextv(size: number): Promise<(readonly [string, Value])[]>;
  close(): Promise<void>;
}

/** Entries in key order, many at a time. */
export type Pages<Value = Uint8Array> = AsyncIterable<readonly (readonly [string, Value])[]>;

/** What a database held at one moment, whatever is written meanwhile. Let go of it with `release`. */
export interface Copy {
  readonly pages: Pages;
  release(): Promise<void>;
}

/** All that an iterator gives; closes it in the end, or when it is given up. */
export async function* pagesOf<Value>(entries: Entries<Value>): Pages<Value> {
  try {
    for (let page = await entries.nextv(AT_ONCE); page.length > 0; page = await entries.nextv(AT_ONCE)) yield page;
  } finally {
    await entries.close();
  }
}

const AT_ONCE = 1000;
