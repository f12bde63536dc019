// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkIn } from 'yuanliu-network/commands/options';
import { readSecrets } from 'yuanliu-network/identity/authority';
import { enrolClient } from 'yuanliu-network/identity/enrol';
import type { Network } from 'yuanliu-network/nodes/services';
import { silent } from 'yuanliu-network/progress';
import { type Toolchain, toolchainFor } from 'yuanliu-network/toolchain/toolchain';
import { readTopology, TOPOLOGY_FILE, type Topology } from 'yuanliu-network/topology';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Fabric network of its own for one suite. */
export interface RaisedNetwork {
  /** Deleted at the end: the network lies in `data`, and a suite may put its own things beside it. */
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

export const MINUTES = 60_000;

/** How long a network may take to come up; its programs are built the first time. */
export const RAISING = 15 * MINUTES;

/** Brings up a network as its user would: `topology.json` with `changes`, in a new folder, on free ports. */
export async function raiseNetwork(changes: Partial<Topology> = {}): Promise<RaisedNetwork> {
  const home = await mkdtemp(join(tmpdir(), 'yuanliu-network-'));
  const data = join(home, 'network');
  const topology = join(home, 'topology.json');
  await writeFile(topology, JSON.stringify({ ...readTopology(TOPOLOGY_FILE), ...changes }));
  const portBase = await freePortBase();
  const run = (args: readonly string[], folder = data): Promise<Ended> => runNetwork([...args, '--data', folder]);
  const destroy = async (): Promise<void> => {
    await run(['destroy', '--yes']);
    await rm(home, { recursive: true, force: true });
  };
  const up = await run(['up', '--topology', topology, '--port-base', String(portBase)]);
  if (up.code !== 0) {
    await destroy();
    throw new Error(`the network did not come up:\n${up.stderr}`);
  }
  const network = networkIn(data);
  const toolchain = await toolchainFor(network.topology.fabric, silent);
  return { home, data, connection: network.folder.connection, portBase, network, toolchain, run, destroy };
}

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
export const NETWORK = join(__dirname, '..', '..', 'network', 'dist', 'network.js');

/** Runs `yuanliu ARGS`. */
export function yuanliu(args: readonly string[]): Promise<Ended> {
  return command(join(__dirname, '..', '..', 'scripts', 'dist', 'yuanliu.js'), args);
}

function runNetwork(args: readonly string[]): Promise<Ended> {
  return command(NETWORK, args);
}

function command(script: string, args: readonly string[]): Promise<Ended> {
  return new Promise((done) => {
    execFile(process.execPath, [script, ...args], { timeout: RAISING }, (error, stdout, stderr) => {
      done({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
}

/** The first of a stretch of ports that nothing listens on. */
async function freePortBase(): Promise<number> {
  // Suites of several checkouts may look at once: each begins elsewhere.
  const first = 20_000 + (process.pid % 90) * 100;
  for (let base = first; base < 30_000; base += 100) {
    const free = await Promise.all([0, 10, 15, 40, 47].map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error(`no free ports from ${first} to 30000`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => {
      done(false);
    });
    server.listen(port, '127.0.0.1', () =>
      server.close(() => {
        done(true);
      }),
    );
  });
}
