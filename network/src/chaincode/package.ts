// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { makeFolder, readText, writeJson, writePrivate } from '../folder.js';
import type { Network } from '../nodes/services.js';
import { HOST, sharedPorts } from '../topology.js';
import { chaincodeFolder, codeSchema, readCode } from './code.js';
import { tarGz } from './tar.js';

const schema = z.object({ code: codeSchema, label: z.string(), packageId: z.string(), version: z.string() });

/** A deployed chaincode: the code as it was taken, and the package that stands for it on the peers. */
export type Deployment = z.infer<typeof schema> & {
  /** Where the code lies and runs from. */
  readonly home: string;
  readonly packageFile: string;
};

/**
 * The network's chaincode package, made from the source tree the first time. The code is copied into the network's
 * folder, so that what runs stays what was approved while the tree goes on changing.
 */
export async function deployed({ folder, topology }: Network): Promise<Deployment> {
  const file = join(folder.chaincode, 'deployment.json');
  const text = await readText(file);
  if (text !== undefined) return located(folder.chaincode, schema.parse(JSON.parse(text)));
  const source = chaincodeFolder();
  const code = await readCode(source);
  const short = code.digest.slice(0, 12);
  const label = `${topology.chaincode}_${short}`;
  // The package holds no key and no machine's path: every peer can be given the same one, under one id.
  const connection = { address: `${HOST}:${sharedPorts(topology).chaincode}`, dial_timeout: '10s' };
  const archive = tarGz([
    { name: 'metadata.json', content: json({ type: 'ccaas', label }) },
    {
      name: 'code.tar.gz',
      content: tarGz([
        { name: 'connection.json', content: json(connection) },
        { name: 'code.json', content: json(code) },
      ]),
    },
  ]);
  const packageId = `${label}:${createHash('sha256').update(archive).digest('hex')}`;
  const made = located(folder.chaincode, { code, label, packageId, version: `${code.version}-${short}` });
  await copyCode(source, made.home);
  await writePrivate(made.packageFile, archive);
  await writeJson(file, { code, label, packageId, version: made.version });
  return made;
}

function located(folder: string, deployment: z.infer<typeof schema>): Deployment {
  const { label } = deployment;
  return { ...deployment, home: join(folder, label), packageFile: join(folder, `${label}.tar.gz`) };
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
