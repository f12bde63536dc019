// SPDX-License-Identifier: Apache-2.0
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Says at the end of `npm test` what it leaves out, and how to run that. */
export default function leftOut(): void {
  const suites = readdirSync(join(__dirname, 'fabric')).filter((name) => name.endsWith('.test.ts'));
  const names = suites.map((name) => name.replace('.test.ts', '')).join(', ');
  process.stderr.write(
    `\nSKIPPED here: ${suites.length} suites against real Fabric networks (${names}). ` +
      'They take minutes, and Go or FABRIC_BIN: npm run test:fabric\n',
  );
}
