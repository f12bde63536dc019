// SPDX-License-Identifier: Apache-2.0
import type { Ledger } from '../../port.js';
import { type FabricLedgerOptions, type LedgerLogger, openLedgerThrough } from '../ledger.js';
import { SdkPeer } from './peer.js';

/**
 * Connects to a Fabric network through peers that need not have the Gateway service, and says in the log what a write
 * costs. Throws as `openFabricLedger` does. Loads the archived SDK.
 */
export async function openSdkLedger(options: FabricLedgerOptions): Promise<Ledger> {
  const { connection, reader, logger } = options;
  const peers: SdkPeer[] = [];
  const reach = (address: SdkPeer['address']): SdkPeer => {
    const peer = new SdkPeer(address, connection, reader);
    peers.push(peer);
    return peer;
  };
  const ledger = await openLedgerThrough(reach, options);
  if (logger) await sayCost(peers, logger);
  return ledger;
}

/** By what the first peer says that can be asked; if none can, there is nothing to say yet. */
async function sayCost(peers: readonly SdkPeer[], logger: LedgerLogger): Promise<void> {
  for (const peer of peers) {
    const found = await peer.surroundings().catch(() => undefined);
    if (!found) continue;
    const { consenters, orderers } = found;
    const toAll =
      'SmartBFT: each write is sent from here to all orderers; to send it to one, as this SDK would, takes 2 s more';
    logger.info(
      { consenters, orderers: orderers.length },
      consenters > 0 ? toAll : 'each write is sent to one orderer',
    );
    return;
  }
}
