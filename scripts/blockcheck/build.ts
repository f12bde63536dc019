// SPDX-License-Identifier: Apache-2.0
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** The Go program and Fabric's configtxlator, built. */
export interface Binaries {
  readonly blockcheck: string;
  readonly configtxlator: string;
}

/** Why Go cannot be used here and what to do about it; undefined if it can. */
export function missingGo(): string | undefined {
  const { status, stdout } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
  const hint = 'install Go 1.24 or later from https://go.dev/dl and have `go` on the PATH';
  if (status !== 0) return `no Go on this machine: ${hint}`;
  const [, major = '0', minor = '0'] = /^go(\d+)\.(\d+)/.exec(stdout) ?? [];
  if (Number(major) === 1 && Number(minor) < 24) return `${stdout.trim()} is too old for Fabric 3.1: ${hint}`;
  return undefined;
}

/**
 * Builds both programs into the user's cache, once for each version of their sources. Needs the Go module proxy, or
 * modules fetched before. Takes about a minute the first time.
 *
 * @param progress Told now and then how far it is.
 */
export async function build(progress: (line: string) => void): Promise<Binaries> {
  const source = resolve(__dirname, '../../../network/blockcheck');
  const folder = join(cacheFolder(), `blockcheck-${await sourceVersion(source)}`);
  const binaries = { blockcheck: join(folder, 'blockcheck'), configtxlator: join(folder, 'configtxlator') };
  if (existsSync(binaries.blockcheck) && existsSync(binaries.configtxlator)) return binaries;
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  const packages = ['.', 'github.com/hyperledger/fabric/cmd/configtxlator'];
  await go(source, ['build', '-v', '-buildvcs=false', '-o', `${unfinished}/`, ...packages], progress);
  // Whole or not at all: a build that was interrupted must not be taken for a finished one.
  await rename(unfinished, folder);
  return binaries;
}

function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'yuanliu');
}

async function sourceVersion(source: string): Promise<string> {
  const files = (await readdir(source)).filter((name) => /\.go$|^go\.(mod|sum)$/.test(name)).sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(await readFile(join(source, file)));
  return hash.digest('hex').slice(0, 16);
}

function go(cwd: string, args: readonly string[], progress: (line: string) => void): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn('go', args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
    const last: string[] = [];
    let lines = 0;
    createInterface(child.stderr).on('line', (line) => {
      if (++lines % 40 === 0) progress(`${lines} of about 560 packages, now ${line}`);
      last.push(line);
      if (last.length > 20) last.shift();
    });
    child.on('error', fail).on('close', (code) => {
      if (code === 0) done();
      else fail(new Error(`go ${args[0] ?? ''} failed; its last words:\n${last.join('\n')}`));
    });
  });
}
