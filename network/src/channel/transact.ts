// SPDX-License-Identifier: Apache-2.0
import type { Network } from '../nodes/services.js';
import { speakerOf } from '../host.js';
import type { Progress } from '../progress.js';
import { ToolError } from '../tool.js';
import type { Toolchain } from '../toolchain/toolchain.js';
import type { Organization } from '../topology.js';
import { waitFor } from '../wait.js';
import { peerCommand, toOrderer, toPeers } from './cli.js';

/** Whose peer is asked, and as whom; one that is on this machine unless said. */
export interface Caller {
  readonly from?: Organization;
  /** Folder of an enrolled identity. */
  readonly msp?: string;
  /** Its MSP, where that is not the one of the peer that is asked. */
  readonly mspId?: string;
}

/** Submits one transaction of the chaincode and waits until it is committed and found valid. */
export async function invoke(
  network: Network,
  toolchain: Toolchain,
  args: readonly string[],
  { from = speakerOf(network), ...speaker }: Caller = {},
): Promise<void> {
  const { channel, chaincode, endorsements } = network.topology;
  const call = ['chaincode', 'invoke', '-C', channel, '-n', chaincode, '-c', JSON.stringify({ Args: args })];
  const route = ['--waitForEvent', ...toOrderer(network), ...toPeers(network, endorsements)];
  await peerCommand(network, toolchain, from, [...call, ...route], speaker);
}

/** Asks one peer, without a transaction, and returns its answer. */
export async function query(
  network: Network,
  toolchain: Toolchain,
  args: readonly string[],
  { from = speakerOf(network), ...speaker }: Caller = {},
): Promise<string> {
  const { channel, chaincode } = network.topology;
  const call = ['chaincode', 'query', '-C', channel, '-n', chaincode, '-c', JSON.stringify({ Args: args })];
  return peerCommand(network, toolchain, from, call, speaker);
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
