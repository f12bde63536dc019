// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Why Go cannot be used here and what to do about it; undefined if it can. */
export function missingGo(): string | undefined {
  const { status, stdout } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
  const hint = 'install Go 1.24 or later from https://go.dev/dl and have `go` on the PATH';
  if (status !== 0) return `no Go on this machine: ${hint}`;
  const [, major = '0', minor = '0'] = /^go(\d+)\.(\d+)/.exec(stdout) ?? [];
  if (Number(major) === 1 && Number(minor) < 24) return `${stdout.trim()} is too old for Fabric: ${hint}`;
  return undefined;
}

/** A Go module and what to build of it. */
export interface GoBuild {
  readonly source: string;
  /** Names its folder in the cache. */
  readonly name: string;
  /** Package patterns; `tool` is all tools of the module. */
  readonly packages: readonly string[];
  readonly flags?: readonly string[];
}

/**
 * Builds into the user's cache, once for each version of the module, and returns the folder of the programs. Needs the
 * Go module proxy, or modules fetched before.
 *
 * @param progress Told now and then how far it is.
 */
export async function buildGo(build: GoBuild, progress: (line: string) => void): Promise<string> {
  const folder = await cachedBuild(build);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    const args = ['build', '-v', '-buildvcs=false', ...(build.flags ?? []), '-o', `${unfinished}/`, ...build.packages];
    await go(build, args, progress);
    // Whole or not at all: a build that was interrupted must not be taken for a finished one.
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another process finished the same build first
  }
  return folder;
}

/** Where the programs of this version are, or will be. */
export async function cachedBuild({ source, name }: GoBuild): Promise<string> {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'yuanliu');
  return join(cache, `${name}-${await sourceVersion(source)}`);
}

async function sourceVersion(source: string): Promise<string> {
  const files = (await readdir(source)).filter((name) => /\.go$|^go\.(mod|sum)$/.test(name)).sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(await readFile(join(source, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Every package that a build is of. Those that Go has compiled before are not compiled again. */
async function packagesOf({ source, packages }: GoBuild): Promise<number> {
  let listed = 0;
  await runGo(source, ['list', '-deps', ...packages], 'stdout', () => listed++);
  return listed;
}

/** Compiles, and tells how far it is: of packages that are not compiled again nothing is heard before the end. */
async function go(build: GoBuild, args: readonly string[], progress: (line: string) => void): Promise<void> {
  const all = await packagesOf(build);
  let compiled = 0;
  await runGo(build.source, args, 'stderr', (line) => {
    if (++compiled % 40 === 0 && compiled < all) progress(`${compiled} of at most ${all} packages, now ${line}`);
  });
  progress(`all ${all} packages are compiled`);
}

/** Runs Go to its end and hands on each line that it prints to one of its streams. */
function runGo(
  source: string,
  args: readonly string[],
  stream: 'stdout' | 'stderr',
  onLine: (line: string) => void,
): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn('go', args, { cwd: source, stdio: ['ignore', 'pipe', 'pipe'] });
    const last: string[] = [];
    createInterface(child[stream]).on('line', onLine);
    child[stream === 'stderr' ? 'stdout' : 'stderr'].resume();
    createInterface(child.stderr).on('line', (line) => {
      last.push(line);
      if (last.length > 20) last.shift();
    });
    child.on('error', fail).on('close', (code) => {
      if (code === 0) done();
      else fail(new Error(`go ${args[0] ?? ''} failed; its last words:\n${last.join('\n')}`));
    });
  });
}
