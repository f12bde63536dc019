// SPDX-License-Identifier: Apache-2.0
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SHARED_FOLDER } from './once-in-run';

/** Removes what the suites of a run shared, and says what `npm test` leaves out and how to run that. */
export default function runEnds(): void {
  const shared = process.env[SHARED_FOLDER];
  if (shared !== undefined) rmSync(shared, { recursive: true, force: true });
  const suites = readdirSync(join(__dirname, 'fabric')).filter((name) => name.endsWith('.test.ts'));
  const names = suites.map((name) => name.replace('.test.ts', '')).join(', ');
  process.stderr.write(
    `\nLEFT OUT here: long searches (npm run test:long), and ${suites.length} suites against real Fabric networks (${names}). ` +
      'Those take Go or FABRIC_BIN: npm run test:fabric\n',
  );
}
