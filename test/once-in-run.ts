// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a run of jest keeps what its suites share: made by `run-begins.ts`, removed by `run-ends.ts`. */
export const SHARED_FOLDER = 'TEST_SHARED_FOLDER';

/**
 * A folder that is filled once in a run of jest, and only read afterwards. Suites that come for it at once each fill one;
 * the first that is done is kept.
 */
export async function onceInRun(name: string, fill: (directory: string) => Promise<void>): Promise<string> {
  const shared = process.env[SHARED_FOLDER];
  if (shared === undefined) throw new Error(`${SHARED_FOLDER} is not set: run the tests through jest.config.js`);
  const kept = join(shared, name);
  if (existsSync(kept)) return kept;
  const filling = await mkdtemp(join(shared, 'filling-'));
  await fill(filling);
  try {
    await rename(filling, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error;
    await rm(filling, { recursive: true });
  }
  return kept;
}
