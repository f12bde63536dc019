// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { readSecrets } from 'yuanliu-network/identity/authority';
import { enrolClient } from 'yuanliu-network/identity/enrol';
import { type Ended, type RaisedNetwork, runScript } from 'yuanliu-network/raise';

export { type RaisedNetwork, RAISING, raiseNetwork } from 'yuanliu-network/raise';

export const MINUTES = 60_000;

/** Enrols a clerk who speaks for the organisation with this credit code; returns the folder of the identity. */
export async function enrolClerk(
  { network, toolchain, home }: RaisedNetwork,
  mspId: string,
  code: string,
): Promise<string> {
  const organization = network.topology.organizations.find((one) => one.mspId === mspId);
  if (!organization) throw new Error(`there is no ${mspId}`);
  const target = join(home, `clerk-${code}`);
  const secrets = await readSecrets(network.folder);
  const attributes = { 'yuanliu.org': code };
  await enrolClient({ ...network, toolchain }, secrets, { organization, user: 'clerk', attributes, target });
  return target;
}

/** The command `network`. */
const NETWORK = join(__dirname, '..', '..', 'network', 'dist', 'network.js');

/** Runs `yuanliu ARGS`. */
export function yuanliu(args: readonly string[]): Promise<Ended> {
  return runScript(join(__dirname, '..', '..', 'cli', 'dist', 'yuanliu.js'), args);
}

/** Runs a command of the network and kills it when it says that a step is done. */
export function killedAfter(step: string, args: readonly string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [NETWORK, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(`✓ ${step}`)) child.kill('SIGKILL');
    });
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') done();
      else fail(new Error(`it ended with ${code} before it was killed:\n${said}`));
    });
  });
}
