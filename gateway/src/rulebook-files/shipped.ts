// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RulebookBody } from 'yuanliu-chaincode/rulebook/rulebook';
import { readRulebookFile } from './read.js';

/** The rulebooks that come with Yuanliu, by the name of their file in `rulebooks/`. */
export const shippedRulebooks = ['shanghai-draft-2025', 'national-2025'] as const;

/** The file of a shipped rulebook. */
export function shippedFile(name: (typeof shippedRulebooks)[number]): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const file = join(folder, 'rulebooks', `${name}.yaml`);
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) throw new Error(`rulebooks/${name}.yaml is missing: install Yuanliu whole`);
  }
}

/** What a shipped rulebook says. Throws for one that does not fit this contract, naming file, line and problem. */
export function shippedRulebook(name: (typeof shippedRulebooks)[number]): RulebookBody {
  const { body, problems, file } = readRulebookFile(shippedFile(name));
  if (body) return body;
  const found = problems.map(
    ({ line, path, code, params }) => `${file}:${line} ${path} ${code} ${Object.values(params).join(' ')}`,
  );
  throw new Error(found.join('\n'));
}
