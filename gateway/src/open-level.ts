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
  return { kind: cause?.code === 'LEVEL_CORRUPTION' ? 'damaged' : 'refused', reason };
}
