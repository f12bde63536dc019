#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Starts the yuanliu command, or says in a sentence that it is not built.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const program = join(__dirname, '..', 'cli', 'dist', 'yuanliu.js');
if (existsSync(program)) require(program);
else {
  console.error(
    'yuanliu is not built: run `npm ci --include=dev`; `npm prune --omit=dev` then leaves what running needs.',
  );
  process.exitCode = 1;
}
