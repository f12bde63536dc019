// SPDX-License-Identifier: Apache-2.0
import { ENDORSEMENT_MS } from 'yuanliu-chaincode/deadlines';
import { createPrivateKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, EndorseError, signers } from '@hyperledger/fabric-gateway';
import { hostOf, membersHere } from '../host.js';
import type { Network } from '../nodes/services.js';
import type { Progress } from '../progress.js';
import { type Organization, portsOf } from '../topology.js';
import { waitFor } from '../wait.js';

/**
 * Waits until every peer's Gateway service finds enough endorsers: a peer learns of the others by gossip, seconds after
 * it is healthy and endorses by itself.
 */
export async function waitForGateways(network: Network, progress: Progress): Promise<void> {
  for (const organization of membersHere(network)) {
    const what = `the Gateway service of peer.${organization.name} to find endorsers`;
    await waitFor({ what, missing: () => missingAt(network, organization), seconds: 90 }, progress);
  }
}

/** Why an endorsement by way of this organisation's peer fails. It is of a transaction that reads the metadata. */
async function missingAt({ folder, topology }: Network, organization: Organization): Promise<string | undefined> {
  const admin = (file: string): Promise<string> =>
    readFile(folder.identity(organization, 'admin', 'msp', file), 'utf8');
  const root = await readFile(folder.identity(organization, 'peer', 'tls', 'ca.pem'));
  const client = new Client(
    `${hostOf(organization)}:${portsOf(topology, organization).peer}`,
    credentials.createSsl(root),
    { 'grpc.enable_http_proxy': 0 }, // it is of this host
  );
  const gateway = connect({
    client,
    identity: { mspId: organization.mspId, credentials: Buffer.from(await admin('signcerts/cert.pem')) },
    signer: signers.newPrivateKeySigner(createPrivateKey(await admin('keystore/key.pem'))),
    endorseOptions: () => ({ deadline: Date.now() + ANSWER_MS }),
  });
  try {
    const contract = gateway.getNetwork(topology.channel).getContract(topology.chaincode);
    await contract.newProposal('org.hyperledger.fabric:GetMetadata').endorse();
    return undefined;
  } catch (error) {
    if (error instanceof EndorseError) return error.message;
    throw error;
  } finally {
    gateway.close();
    client.close();
  }
}

const ANSWER_MS = ENDORSEMENT_MS;
