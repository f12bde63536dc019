// SPDX-License-Identifier: Apache-2.0
import { type Service, servicesOf } from 'yuanliu-network/nodes/services';
import { startServices } from 'yuanliu-network/nodes/start';
import { overviewOf } from 'yuanliu-network/overview';
import { Processes } from 'yuanliu-network/process/processes';
import { silent } from 'yuanliu-network/progress';
import { waitFor } from 'yuanliu-network/wait';
import type { RaisedNetwork } from './raise';

/** Starts what does not run. */
export async function up(raised: RaisedNetwork): Promise<void> {
  const { code, stderr } = await raised.run(['up']);
  if (code !== 0) throw new Error(stderr);
}

/** The orderer that leads, or one that does not; a busy machine takes a while to say. */
export async function orderer(raised: RaisedNetwork, role: 'leader' | 'follower'): Promise<string> {
  let found: string | undefined;
  const missing = async (): Promise<string | undefined> => {
    const { stdout } = await raised.run(['status']);
    const lines = stdout.split('\n').filter((line) => line.startsWith('orderer.'));
    found = lines.find((line) => line.includes('leads') === (role === 'leader'))?.split(' ')[0];
    return found === undefined ? stdout : undefined;
  };
  await waitFor({ what: `a ${role}`, missing, seconds: 60 }, silent);
  return found ?? '';
}

/**
 * Resolves once all orderers run, have the blocks that any had when this was asked, and agree who leads: one that was hung
 * is missing for longer than it hung, and of four the network bears the loss of one.
 */
export async function settled(raised: RaisedNetwork): Promise<void> {
  const orderers = async () =>
    (await overviewOf(raised.network, processes(raised))).filter(({ name }) => name.startsWith('orderer.'));
  const highest = Math.max(...(await orderers()).map(({ height = 0 }) => height));
  const missing = async (): Promise<string | undefined> => {
    const states = await orderers();
    const amiss = states.filter(({ state, height = 0 }) => state !== 'well' || height < highest);
    const leading = states.filter(({ remark }) => remark === 'leads');
    return amiss.length === 0 && leading.length === 1 ? undefined : JSON.stringify(states);
  };
  await waitFor({ what: 'all orderers to go on together', missing, seconds: 120 }, silent);
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

/** Ends every peer and starts it again, with settings by Fabric's own variables. */
export async function restartPeers(raised: RaisedNetwork, settings: Readonly<Record<string, string>>): Promise<void> {
  const peers = servicesOf(raised.network).filter(({ name }) => name.startsWith('peer.'));
  const changed = peers.map((service): Service => {
    const program: Service['program'] = async (toolchain) => {
      const usual = await service.program(toolchain);
      return { ...usual, env: { ...usual.env, ...settings } };
    };
    return { ...service, program };
  });
  for (const { name } of peers) await processes(raised).stop(name);
  await startServices(changed, raised.toolchain, processes(raised), silent);
}

/** The network's processes, whatever runs them. */
export function processes({ network }: RaisedNetwork): Processes {
  return new Processes(network.folder, silent);
}
