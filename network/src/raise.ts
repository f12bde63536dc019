// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkIn } from './commands/options.js';
import type { Network } from './nodes/services.js';
import { isFree } from './process/port-owner.js';
import { silent } from './progress.js';
import { type Toolchain, toolchainFor } from './toolchain/toolchain.js';
import { readTopology, TOPOLOGY_FILE, type Topology } from './topology.js';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Fabric network of its own for one suite of tests, or one benchmark. */
export interface RaisedNetwork {
  /** Deleted at the end: the network lies in `data`, and whoever raised it may put things beside it. */
  readonly home: string;
  readonly data: string;
  /** `network.json`: what gateways connect by. */
  readonly connection: string;
  readonly portBase: number;
  readonly network: Network;
  readonly toolchain: Toolchain;
  /** Runs `network ARGS` on it, or on another folder. */
  run(args: readonly string[], data?: string): Promise<Ended>;
  /** Ends its processes and deletes it. */
  destroy(): Promise<void>;
}

/** How long a network may take to come up, in milliseconds; its programs are built the first time. */
export const RAISING = 15 * 60_000;

/**
 * Brings up a network as its user would: `topology.json` with `changes`, in a new folder, on free ports.
 *
 * @param before Told the arguments of the command that will bring it up; by then it may be begun.
 */
export async function raiseNetwork(
  changes: Partial<Topology> = {},
  before: (up: readonly string[]) => Promise<void> = () => Promise.resolve(),
): Promise<RaisedNetwork> {
  const home = await mkdtemp(join(tmpdir(), 'yuanliu-network-'));
  const data = join(home, 'network');
  const topology = join(home, 'topology.json');
  await writeFile(topology, JSON.stringify({ ...readTopology(TOPOLOGY_FILE), ...changes }));
  const portBase = await freePortBase();
  const run = (args: readonly string[], folder = data): Promise<Ended> =>
    runScript(join(__dirname, 'network.js'), [...args, '--data', folder]);
  const destroy = async (): Promise<void> => {
    await run(['destroy', '--yes']);
    await rm(home, { recursive: true, force: true });
  };
  const command = ['up', '--topology', topology, '--port-base', String(portBase)];
  await before([...command, '--data', data]);
  const up = await run(command);
  if (up.code !== 0) {
    await destroy();
    throw new Error(`the network did not come up:\n${up.stderr}`);
  }
  const network = networkIn(data);
  const toolchain = await toolchainFor(network.topology.fabric, silent);
  return { home, data, connection: network.folder.connection, portBase, network, toolchain, run, destroy };
}

/** Runs a script in a process of its own to its end. */
export function runScript(script: string, args: readonly string[]): Promise<Ended> {
  return new Promise((done) => {
    execFile(process.execPath, [script, ...args], { timeout: RAISING }, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

/** The first of a stretch of ports that nothing listens on. */
async function freePortBase(): Promise<number> {
  // Several may look at once: each begins elsewhere.
  const first = 20_000 + (process.pid % 90) * 100;
  for (let base = first; base < 30_000; base += 100) {
    const free = await Promise.all([0, 10, 15, 40, 47].map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error(`no free ports from ${first} to 30000`);
}
