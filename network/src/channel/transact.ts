// SPDX-License-Identifier: Apache-2.0
import type { Network } from '../nodes/services.js';
import type { Progress } from '../progress.js';
import { ToolError } from '../tool.js';
import type { Toolchain } from '../toolchain/toolchain.js';
import { founderOf } from '../topology.js';
import { waitFor } from '../wait.js';
import { peerCommand, toOrderer, toPeers } from './cli.js';

/** Submits one transaction of the chaincode and waits until it is committed and found valid. Returns its answer. */
export async function invoke(
  network: Network,
  toolchain: Toolchain,
  args: readonly string[],
  msp?: string,
): Promise<string> {
  const { channel, chaincode, endorsements } = network.topology;
  const call = ['-C', channel, '-n', chaincode, '-c', JSON.stringify({ Args: args })];
  const all = [
    'chaincode',
    'invoke',
    ...call,
    '--waitForEvent',
    ...toOrderer(network),
    ...toPeers(network, endorsements),
  ];
  return peerCommand(network, toolchain, founderOf(network.topology), all, msp);
}

/** Asks the founder's peer, without a transaction. */
export async function query(
  network: Network,
  toolchain: Toolchain,
  args: readonly string[],
  msp?: string,
): Promise<string> {
  const { channel, chaincode } = network.topology;
  const call = ['chaincode', 'query', '-C', channel, '-n', chaincode, '-c', JSON.stringify({ Args: args })];
  return peerCommand(network, toolchain, founderOf(network.topology), call, msp);
}

/**
 * Waits until a real transaction goes through: endorsed by as many peers as the policy asks for, ordered, committed.
 * Nodes that say they are healthy cannot always do that yet. It is one that changes nothing: it asks for the metadata.
 */
export async function waitForTransaction(network: Network, toolchain: Toolchain, progress: Progress): Promise<void> {
  const missing = async (): Promise<string | undefined> => {
    try {
      await invoke(network, toolchain, ['org.hyperledger.fabric:GetMetadata']);
      return undefined;
    } catch (error) {
      if (error instanceof ToolError) return error.output.trim().split('\n').at(-1)?.slice(0, 300) ?? 'it fails';
      throw error;
    }
  };
  await waitFor({ what: 'a transaction to be endorsed, ordered and committed', missing, seconds: 90 }, progress);
}
