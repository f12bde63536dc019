// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHARED_FOLDER } from './once-in-run';

/** Makes the folder that the suites of a run share. */
export default function runBegins(): void {
  process.env[SHARED_FOLDER] = mkdtempSync(join(tmpdir(), 'yuanliu-shared-'));
}
