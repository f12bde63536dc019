// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SHARED_FOLDER } from './once-in-run';

/** Makes the folder that the suites of a run share; commands print English, unless a test is about the language. */
export default function runBegins(): void {
  for (const name of ['LC_ALL', 'LC_MESSAGES']) Reflect.deleteProperty(process.env, name);
  process.env['LANG'] = 'en_US.UTF-8';
  process.env[SHARED_FOLDER] = mkdtempSync(join(tmpdir(), 'yuanliu-shared-'));
}
