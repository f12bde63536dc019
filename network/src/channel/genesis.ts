// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeBlock } from 'yuanliu-verifier';
import { z } from 'zod';
import { type Folder, readJson } from '../folder.js';
import type { Finding } from '../finding.js';
import { membersHere } from '../host.js';
import type { Network } from '../nodes/services.js';
import type { Processes } from '../process/processes.js';
import { ToolError } from '../tool.js';
import type { Toolchain } from '../toolchain/toolchain.js';
import type { Organization } from '../topology.js';
import { peerCommand } from './cli.js';

/** The header hash of the genesis block that `network.json` pins; undefined before it pins one. */
export function pinnedGenesis(folder: Folder): string | undefined {
  const remedy = 'put it back from a backup, or delete it and run `npm run network -- up`';
  return readJson(folder.connection, z.looseObject({ genesis: z.string().optional() }), remedy)?.genesis;
}

/**
 * The header hash of the channel's first block, for `network.json`.
 *
 * @throws Error when the block is missing or not whole, or `network.json` pins another: what gateways follow is never
 *   replaced in silence.
 */
export function genesisToPin(folder: Folder): string {
  const pinned = pinnedGenesis(folder);
  const found = existsSync(folder.genesis) ? hashOf(folder) : undefined;
  if (found !== undefined && (pinned === undefined || pinned === found)) return found;
  const is = found === undefined ? 'is missing' : `is the genesis block ${found}`;
  throw new Error(
    `${folder.genesis} ${is}, and ${folder.connection} pins ${pinned ?? 'none'}: put both back from one backup; ` +
      'if no node has joined the channel yet, delete both',
  );
}

/** Whether the channel that peers have begins as `network.json` says. */
export async function genesisFindings(
  network: Network,
  toolchain: Toolchain | undefined,
  processes: Processes,
): Promise<Finding[]> {
  const { folder } = network;
  const pinned = pinnedGenesis(folder);
  if (pinned === undefined) return [UNPINNED];
  if (!toolchain)
    return [{ verdict: 'notice', what: `the genesis block ${pinned} is pinned; the peers were not asked for theirs` }];
  const running = await processes.running();
  const findings: Finding[] = [];
  for (const member of membersHere(network)) {
    const name = `peer.${member.name}`;
    if (!running.has(name)) continue;
    const found = await firstBlockAt(network, toolchain, member);
    if (found === undefined || found === pinned) continue;
    findings.push({
      verdict: 'wrong',
      what: `${name} is in the channel that begins with ${found}, and ${folder.connection} pins ${pinned}`,
      remedy: 'find out which is the channel meant: one of them was replaced; gateways take no block of the other',
    });
  }
  const right = { verdict: 'right', what: `the channel begins with the pinned genesis block ${pinned}` } as const;
  return findings.length === 0 ? [right] : findings;
}

const UNPINNED: Finding = {
  verdict: 'wrong',
  what: 'network.json pins no genesis block: gateways follow whichever channel they meet first, which proves nothing',
  remedy: 'npm run network -- up writes it',
};

/** The header hash of a peer's block 0; undefined where the peer does not give it, which others say. */
async function firstBlockAt(network: Network, toolchain: Toolchain, member: Organization): Promise<string | undefined> {
  const scratch = await mkdtemp(join(tmpdir(), 'yuanliu-genesis-'));
  try {
    const file = join(scratch, '0.block');
    await peerCommand(network, toolchain, member, ['channel', 'fetch', '0', file, '-c', network.topology.channel]);
    return decodeBlock(await readFile(file)).headerHash.toString('hex');
  } catch (error) {
    if (error instanceof ToolError) return undefined;
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function hashOf(folder: Folder): string {
  try {
    return decodeBlock(readFileSync(folder.genesis)).headerHash.toString('hex');
  } catch (cause) {
    throw new Error(
      `${folder.genesis} is not a whole block (${String(cause)}): put it back from a backup or another host, ` +
        'or delete it where no orderer and no peer has joined the channel yet',
      { cause },
    );
  }
}
