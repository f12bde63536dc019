// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readCode } from 'yuanliu-chaincode/code';
import { speakerOf } from '../host.js';
import { writePrivate } from '../folder.js';
import type { Network } from '../nodes/services.js';
import type { Program } from '../process/processes.js';
import { ADDRESS, chaincodePort, membersOf } from '../topology.js';
import { type Deployment, writeFounder } from './package.js';

/** The digest of the code in a folder; `none` where it is not whole. */
export async function digestOf(home: string): Promise<string> {
  try {
    return (await readCode(home)).digest;
  } catch {
    return 'none';
  }
}

/**
 * How the chaincode is started: as a service over TLS that lets in nobody but the peers' organisations.
 *
 * @throws Error when the code that would run is not the code of the package.
 */
export async function chaincodeService(network: Network, deployment: Deployment, name: string): Promise<Program> {
  const { folder, topology } = network;
  const { home, code, packageId } = deployment;
  const digest = await digestOf(home);
  if (digest !== code.digest)
    throw new Error(
      `the chaincode in ${home} has digest ${digest}, its package says ${code.digest}: ` +
        'its files or the packages in node_modules have changed; check out and install what it was made from (npm ci), ' +
        'or put that folder back from a backup',
    );
  await writeFounder(deployment);
  const owner = speakerOf(network);
  const tls = (file: string): string => folder.identity(owner, 'chaincode', 'tls', file);
  const clients = join(folder.chaincode, 'client-roots.pem');
  const roots = membersOf(topology).map((member) => readFile(folder.identity(member, 'peer', 'tls', 'ca.pem'), 'utf8'));
  await writePrivate(clients, (await Promise.all(roots)).join('\n'));
  return {
    name,
    program: process.execPath,
    args: [
      join(dirname(require.resolve('fabric-shim/package.json')), 'cli.js'),
      'server',
      ...['--chaincode-address', `${ADDRESS}:${chaincodePort(topology, deployment.sequence)}`],
      ...['--chaincode-id', packageId],
      ...['--chaincode-tls-cert-file', tls('cert.pem')],
      ...['--chaincode-tls-key-file', tls('key.pem')],
      ...['--chaincode-tls-client-cacert-file', clients],
    ],
    env: {
      CORE_CHAINCODE_LOGGING_LEVEL: topology.logLevel,
      CORE_CHAINCODE_LOGGING_SHIM: topology.logLevel,
      YUANLIU_CODE_DIGEST: digest,
    },
    cwd: home,
    about: { digest, packageId },
  };
}
