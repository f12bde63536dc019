// SPDX-License-Identifier: Apache-2.0
// Builds the programs after an installation. Plain JavaScript: it runs where TypeScript may be missing.
const { spawnSync } = require('node:child_process');

let compiler;
try {
  compiler = require.resolve('typescript/bin/tsc');
} catch {
  console.error(
    'yuanliu cannot be built without its development packages: run `npm ci --include=dev`; `npm prune --omit=dev` then leaves what running needs.',
  );
  process.exit(1);
}
process.exit(spawnSync(process.execPath, [compiler, '-b'], { stdio: 'inherit' }).status ?? 1);
