// SPDX-License-Identifier: Apache-2.0
import type { Network } from '../nodes/services.js';
import { speakerOf } from '../host.js';
import type { Progress } from '../progress.js';
import { ToolError } from '../tool.js';
import type { Toolchain } from '../toolchain/toolchain.js';
import { membersOf, type Organization } from '../topology.js';
import { waitFor } from '../wait.js';
import { peerCommand, toOrderer, toPeers } from './cli.js';

/** Whose peer is asked, and as whom; one that is on this machine unless said. */
export interface Caller {
  readonly from?: Organization;
  /** Folder of an enrolled identity. */
  readonly msp?: string;
  /** Whose orderer it is sent through; that of an organisation on this machine unless given. */
  readonly through?: Organization;
  /** Its MSP, where that is not the one of the peer that is asked. */
  readonly mspId?: string;
}

/** Submits one transaction of the chaincode and waits until it is committed and found valid. */
export async function invoke(
  network: Network,
  toolchain: Toolchain,
  args: readonly string[],
  { from = speakerOf(network), through, ...speaker }: Caller = {},
): Promise<void> {
  const { channel, chaincode, endorsements } = network.topology;
  const call = ['chaincode', 'invoke', '-C', channel, '-n', chaincode, '-c', JSON.stringify({ Args: args })];
  const wait = ['--waitForEvent', '--waitForEventTimeout', COMMITTED_IN];
  const route = [...wait, ...toOrderer(network, through), ...toPeers(network, endorsements)];
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

/** How long a transaction may take; a change of views among SmartBFT orderers takes half of it. */
const COMMITTED_IN = '15s';

/**
 * Waits until a real transaction goes through: endorsed by as many peers as the policy asks for, ordered, committed.
 * Nodes that say they are healthy cannot always do that yet. It is one that changes nothing: it asks for the metadata.
 * Each attempt goes through the next orderer, so that one that hangs does not hide that the others work.
 *
 * @param by Whose orderer has to have it ordered. Between attempts the others have one ordered: by the next block, one
 *   that fell behind alone learns that it did.
 */
export async function waitForTransaction(
  network: Network,
  toolchain: Toolchain,
  progress: Progress,
  by?: Organization,
): Promise<void> {
  const first = by ?? speakerOf(network);
  const others = membersOf(network.topology).filter((member) => member !== first);
  const turns = by ? others.flatMap((other) => [by, other]) : [first, ...others];
  let turn = 0;
  const missing = async (): Promise<string | undefined> => {
    const through = turns[turn++ % turns.length] ?? first;
    try {
      await invoke(network, toolchain, ['org.hyperledger.fabric:GetMetadata'], { through });
      return by && through !== by ? `orderer.${by.name} has ordered none yet` : undefined;
    } catch (error) {
      if (error instanceof ToolError) return error.output.trim().split('\n').at(-1)?.slice(0, 300) ?? 'it fails';
      throw error;
    }
  };
  const what = `a transaction${by ? ` through orderer.${by.name}` : ''} to be endorsed, ordered and committed`;
  await waitFor({ what, missing, seconds: by ? 180 : 90 }, progress);
}
