// SPDX-License-Identifier: Apache-2.0
import { Processes } from 'yuanliu-network/process/processes';
import { silent } from 'yuanliu-network/progress';
import { waitFor } from 'yuanliu-network/wait';
import type { RaisedNetwork } from './raise';

/** Starts what does not run. */
export async function up(raised: RaisedNetwork): Promise<void> {
  const { code, stderr } = await raised.run(['up']);
  if (code !== 0) throw new Error(stderr);
}

/** The orderer that leads, or one that does not. */
export async function orderer(raised: RaisedNetwork, role: 'leader' | 'follower'): Promise<string> {
  const { stdout } = await raised.run(['status']);
  const lines = stdout.split('\n').filter((line) => line.startsWith('orderer.'));
  const found = lines.find((line) => line.includes('leads') === (role === 'leader'));
  if (found === undefined) throw new Error(`there is no ${role}:\n${stdout}`);
  return found.split(' ')[0] ?? '';
}

/** Resolves once it is gone. */
export async function kill(raised: RaisedNetwork, name: string): Promise<void> {
  const found = (await processes(raised).running()).get(name);
  if (!found) throw new Error(`${name} does not run`);
  process.kill(found.pid, 'SIGKILL');
  const missing = async (): Promise<string | undefined> =>
    (await processes(raised).running()).has(name) ? 'it still runs' : undefined;
  await waitFor({ what: `${name} to be gone`, missing, seconds: 30 }, silent);
}

/** The network's processes, whatever runs them. */
export function processes({ network }: RaisedNetwork): Processes {
  return new Processes(network.folder, silent);
}
