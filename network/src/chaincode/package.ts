// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { cp, mkdir, rename, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeSchema, readCode } from 'yuanliu-chaincode/code';
import { DIAL_MS } from 'yuanliu-chaincode/deadlines';
import { FOUNDER_FILE } from 'yuanliu-chaincode/engine/founder';
import { z } from 'zod';
import { type Folder, makeFolder, readJson, writeJson, writePrivate } from '../folder.js';
import type { Network } from '../nodes/services.js';
import { chaincodePort, founderOf, HOST } from '../topology.js';
import { tarGz } from './tar.js';

const schema = z.object({
  code: codeSchema,
  label: z.string(),
  packageId: z.string(),
  version: z.string(),
  /** Of the definition that the channel has, or is to have, of it. */
  sequence: z.int().positive().default(1),
  /** The MSP that founds the ledger; absent in packages of before it could be chosen. */
  founder: z.string().optional(),
});

/** A deployed chaincode: the code as it was taken, and the package that stands for it on the peers. */
export type Deployment = z.infer<typeof schema> & {
  /** Where the code lies and runs from. */
  readonly home: string;
  readonly packageFile: string;
};

const IN_FORCE = 'deployment.json';
const NEXT = 'upgrade.json';

/**
 * The network's chaincode package, made from the source tree the first time. The code is copied into the network's
 * folder, so that what runs stays what was approved while the tree goes on changing.
 */
export async function deployed(network: Network): Promise<Deployment> {
  return packedIn(network.folder) ?? (await packed(network, chaincodeFolder(), 1, IN_FORCE));
}

/** The network's chaincode package; undefined where none was made yet. */
export function packedIn(folder: Folder): Deployment | undefined {
  return recorded(folder, IN_FORCE);
}

/** What an upgrade under way brings; undefined if none is. */
export function nextOf(folder: Folder): Deployment | undefined {
  return recorded(folder, NEXT);
}

/** Packs the chaincode in a folder as what follows. From here on an upgrade is under way; an interrupted one goes on with it. */
export async function prepareNext(network: Network, source: string): Promise<Deployment> {
  const { sequence } = await deployed(network);
  return nextOf(network.folder) ?? (await packed(network, source, sequence + 1, NEXT));
}

/** What was to follow is in force. */
export function adoptNext({ chaincode }: Folder): Promise<void> {
  return rename(join(chaincode, NEXT), join(chaincode, IN_FORCE));
}

/** Sequences of the definitions whose code has to run: the one in force, and during an upgrade the next. */
export function sequencesIn(folder: Folder): number[] {
  const next = nextOf(folder);
  return [packedIn(folder)?.sequence ?? 1, ...(next ? [next.sequence] : [])];
}

/** The chaincode of this source tree, as built. */
export function chaincodeFolder(): string {
  return dirname(require.resolve('yuanliu-chaincode/package.json'));
}

function recorded({ chaincode }: Folder, name: string): Deployment | undefined {
  const found = readJson(join(chaincode, name), schema, 'put that folder back from a backup');
  return found && located(chaincode, found);
}

async function packed(
  { folder, topology }: Network,
  source: string,
  sequence: number,
  name: string,
): Promise<Deployment> {
  const code = await readCode(source);
  const { mspId: founder } = founderOf(topology);
  const short = code.digest.slice(0, 12);
  const label = `${topology.chaincode}_${short}`;
  // The package holds no key and no machine's path: every peer can be given the same one, under one id.
  const connection = { address: `${HOST}:${chaincodePort(topology, sequence)}`, dial_timeout: `${DIAL_MS / 1000}s` };
  const archive = tarGz([
    { name: 'metadata.json', content: json({ type: 'ccaas', label }) },
    {
      name: 'code.tar.gz',
      content: tarGz([
        { name: 'connection.json', content: json(connection) },
        { name: 'code.json', content: json({ ...code, founder }) },
      ]),
    },
  ]);
  const packageId = `${label}:${createHash('sha256').update(archive).digest('hex')}`;
  const record = { code, label, packageId, version: `${code.version}-${short}`, sequence, founder };
  const made = located(folder.chaincode, record);
  await copyCode(source, made.home);
  await writeFounder(made);
  await writePrivate(made.packageFile, archive);
  await writeJson(join(folder.chaincode, name), record);
  return made;
}

function located(folder: string, deployment: z.infer<typeof schema>): Deployment {
  const { label } = deployment;
  return { ...deployment, home: join(folder, label), packageFile: join(folder, `${label}.tar.gz`) };
}

/** Tells the code who founds the ledger: what its package says. */
export async function writeFounder({ home, founder }: Deployment): Promise<void> {
  if (founder !== undefined) await writeJson(join(home, FOUNDER_FILE), { founder });
}

/** Copies what the digest covers; packages are used where npm installed them. */
async function copyCode(source: string, target: string): Promise<void> {
  await makeFolder(target, async (unfinished) => {
    await mkdir(join(unfinished, 'dist'));
    await cp(join(source, 'package.json'), join(unfinished, 'package.json'));
    await cp(join(source, 'dist'), join(unfinished, 'dist'), { recursive: true });
    const modules = dirname(dirname(require.resolve('fabric-shim/package.json')));
    await symlink(modules, join(unfinished, 'node_modules'));
  });
}

function json(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
