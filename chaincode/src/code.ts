// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  main: z.string().default('index.js'),
  dependencies: z.record(z.string(), z.string()).default({}),
});

/** What a chaincode consists of, as written into its package. */
export const codeSchema = z.object({
  /** SHA-256 of `files` and `packages` as JSON: the same code has the same digest, wherever it lies. */
  digest: z.string(),
  version: z.string(),
  /** Its own files, by path, as SHA-256 of their text with LF. */
  files: z.record(z.string(), z.string()),
  /** The exact packages it stands on, as `name@version`. */
  packages: z.array(z.string()),
});

export type Code = z.infer<typeof codeSchema>;

/** Reads what a chaincode folder consists of. @throws Error if it has not been built. */
export async function readCode(folder: string): Promise<Code> {
  const { main, version } = readManifest(folder);
  if (!existsSync(join(folder, main))) throw new Error(`${folder} holds no built chaincode: run npm run build`);
  const names = ['package.json', ...(await scriptsIn(folder))].sort();
  const files: Record<string, string> = {};
  for (const name of names) {
    const text = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n'); // as a checkout wrote it
    files[name] = createHash('sha256').update(text).digest('hex');
  }
  const packages = [...(await packagesUnder(folder))].sort();
  const digest = createHash('sha256').update(JSON.stringify({ files, packages })).digest('hex');
  return { digest, version, files, packages };
}

/** The scripts that run, without what only people and compilers read. */
async function scriptsIn(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'dist'), { recursive: true });
  return names.filter((name) => name.endsWith('.js')).map((name) => `dist/${name}`);
}

/** Name and version of every package that Node would load for it. */
async function packagesUnder(folder: string, found = new Map<string, string>()): Promise<ReadonlySet<string>> {
  for (const name of Object.keys(readManifest(folder).dependencies)) {
    const home = await installed(name, folder);
    if (home === undefined || found.has(home)) continue;
    found.set(home, `${name}@${readManifest(home).version}`);
    await packagesUnder(home, found);
  }
  return new Set(found.values());
}

/** Where Node finds a package from a folder. Asking Node itself fails where a package hides its package.json. */
async function installed(name: string, from: string): Promise<string | undefined> {
  for (let folder = await realpath(from); ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return realpath(candidate);
    if (folder === dirname(folder)) return undefined; // optional, and not for this platform
  }
}

function readManifest(folder: string): z.infer<typeof manifest> {
  return manifest.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
}
