// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Progress, silent } from '../progress.js';
import type { Topology } from '../topology.js';
import { buildGo, cachedBuild, type GoBuild, missingGo } from './go.js';

const NAMES = [
  'peer',
  'orderer',
  'osnadmin',
  'configtxgen',
  'configtxlator',
  'fabric-ca-server',
  'fabric-ca-client',
] as const;

/** Fabric's programs, by name: where each is. */
export type Toolchain = Readonly<Record<(typeof NAMES)[number], string>> & {
  /** Fabric's version, such as `3.1.1`. */
  readonly version: string;
};

type Line = Topology['fabric'];

/** What is built when no release is at hand. The versions are those of the modules in `toolchain/`. */
const PINNED: Readonly<Record<Line, string>> = { '3.1': '3.1.1', '2.5': '2.5.9' };
const PINNED_CA = '1.5.21';

/**
 * The programs of an official release in the folder FABRIC_BIN, or those built from the pinned modules.
 *
 * @throws Error that says why neither is possible, and how to make it so.
 */
export async function toolchainFor(line: Line, progress: Progress): Promise<Toolchain> {
  const release = process.env['FABRIC_BIN'];
  if (release !== undefined && release !== '') return releasedToolchain(resolve(release), line);
  const folders: string[] = [];
  // One after the other: each keeps every core busy by itself.
  for (const { build, title } of builds(line)) folders.push(await built(build, title, progress));
  return located(folders, PINNED[line]);
}

/**
 * The programs as they are at hand, of a release or built before; undefined where they would have to be built.
 *
 * @throws Error as {@link toolchainFor} for a release that is none.
 */
export async function toolchainAtHand(line: Line): Promise<Toolchain | undefined> {
  if ((process.env['FABRIC_BIN'] ?? '') !== '') return toolchainFor(line, silent);
  const folders = await Promise.all(builds(line).map(({ build }) => cachedBuild(build)));
  return folders.every((folder) => existsSync(folder)) ? located(folders, PINNED[line]) : undefined;
}

/** @throws Error that names both ways to the programs if they are neither in the cache nor can be built. */
async function built(build: GoBuild, title: string, progress: Progress): Promise<string> {
  const cached = await cachedBuild(build);
  if (existsSync(cached)) return cached;
  const reason = missingToolchain();
  if (reason !== undefined) throw new Error(reason);
  return progress.step(`${title} is built, once for this machine, which takes some minutes`, () =>
    buildGo(build, (now) => {
      progress.note(now);
    }),
  );
}

/**
 * Whether a release's peers can refuse proposals whose time is far from their clock. The filter came to the 2.5 line with
 * 2.5.10, and a peer that is told to use one it does not know gives up.
 */
export function hasTimeWindowCheck({ version }: Toolchain): boolean {
  const [, patch] = /^2\.5\.(\d+)/.exec(version) ?? [];
  return patch === undefined || Number(patch) >= 10;
}

/** Why there can be no toolchain here, naming both ways to one; undefined if there can. */
export function missingToolchain(): string | undefined {
  if ((process.env['FABRIC_BIN'] ?? '') !== '') return undefined;
  const reason = missingGo();
  return reason === undefined
    ? undefined
    : `there are no Fabric programs: either set FABRIC_BIN to the bin folder of an official Fabric 3.1 or 2.5 release ` +
        `(with Fabric CA 1.5 in it), or have them built from source here: ${reason}`;
}

function builds(line: Line): { readonly title: string; readonly build: GoBuild }[] {
  const source = (name: string): string => resolve(__dirname, '../../toolchain', name);
  const version = (variable: string, value: string): string[] => ['-ldflags', `-X ${variable}=${value}`];
  const fabric: GoBuild = {
    source: source(line === '3.1' ? 'fabric' : 'fabric-lts'),
    name: `fabric-${PINNED[line]}`,
    packages: ['tool'],
    flags: version('github.com/hyperledger/fabric/common/metadata.Version', PINNED[line]),
  };
  const ca: GoBuild = {
    source: source('fabric-ca'),
    name: `fabric-ca-${PINNED_CA}`,
    packages: ['tool'],
    flags: version('github.com/hyperledger/fabric-ca/lib/metadata.Version', PINNED_CA),
  };
  return [
    { title: `Fabric ${PINNED[line]}`, build: fabric },
    { title: `Fabric CA ${PINNED_CA}`, build: ca },
  ];
}

function releasedToolchain(folder: string, line: Line): Toolchain {
  const missing = NAMES.filter((name) => !existsSync(join(folder, name)));
  if (missing.length > 0)
    throw new Error(
      `FABRIC_BIN=${folder} lacks ${missing.join(', ')}: unpack a whole Fabric ${line} release and Fabric CA 1.5 there, ` +
        'or unset FABRIC_BIN to have them built from source',
    );
  const version = versionOf(join(folder, 'peer'));
  if (!version.startsWith(`${line}.`))
    throw new Error(
      `FABRIC_BIN=${folder} holds Fabric ${version}, but the topology says ${line}.x: point it at a ${line} release, ` +
        'unset it to have one built from source, or change "fabric" in the topology before the network is made',
    );
  for (const name of ['orderer', 'configtxgen', 'configtxlator']) {
    const other = versionOf(join(folder, name));
    if (other !== version)
      throw new Error(`FABRIC_BIN=${folder} mixes releases: peer ${version}, ${name} ${other}: unpack one release`);
  }
  for (const name of ['fabric-ca-server', 'fabric-ca-client']) {
    const ca = versionOf(join(folder, name));
    if (!ca.startsWith('1.5.')) throw new Error(`FABRIC_BIN=${folder} holds Fabric CA ${ca}: put a 1.5 release there`);
  }
  answerOf(join(folder, 'osnadmin'), '--help', /(usage: osnadmin)/); // it has no version
  return located([folder], version);
}

function versionOf(program: string): string {
  return answerOf(program, program.endsWith('configtxgen') ? '-version' : 'version', /Version: v?(\S+)/);
}

/** What a program says of itself. @throws Error where it does not run here. */
function answerOf(program: string, argument: string, wanted: RegExp): string {
  const { error, stdout, stderr } = spawnSync(program, [argument], { encoding: 'utf8', timeout: 10_000 });
  const answer = error ? undefined : wanted.exec(stdout + stderr)?.[1];
  if (answer !== undefined) return answer;
  // A program of another architecture is tried as a shell script, which says nothing helpful.
  const reason = error ? error.message : stderr.trim().slice(0, 200);
  throw new Error(
    `${program} does not run on this machine (${process.platform}, ${process.arch}): ${reason}; ` +
      'take the release for this system and architecture',
  );
}

function located(folders: readonly string[], version: string): Toolchain {
  const paths = NAMES.map((name) => {
    const folder = folders.find((candidate) => existsSync(join(candidate, name)));
    if (folder === undefined) throw new Error(`${name} is missing from ${folders.join(' and ')}: delete that folder`);
    return [name, join(folder, name)];
  });
  return { ...(Object.fromEntries(paths) as Record<(typeof NAMES)[number], string>), version };
}
