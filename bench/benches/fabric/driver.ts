// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey } from 'node:crypto';
import { Client, credentials as channelCredentials } from '@grpc/grpc-js';
import { connect, hash, signers } from '@hyperledger/fabric-gateway';
import { type Credentials, SigningIdentity } from 'yuanliu-gateway/identity/signing-identity';
import type { Connection } from 'yuanliu-gateway/ledger/fabric/connection-file';
import { openFabricLedger } from 'yuanliu-gateway/ledger/fabric/ledger';

/** A client of the network. */
export interface Driver {
  /** Resolves once the transaction is committed as valid. */
  submit(transaction: string, args: readonly string[]): Promise<unknown>;
  close(): Promise<void>;
}

export interface DriverOptions {
  readonly connection: Connection;
  readonly credentials: Credentials;
  /** For what the client keeps. */
  readonly directory: string;
  readonly checkEvery: number;
}

/** Both ask the same peer first. Each is as it comes; only `gateway` keeps its transactions over a crash and checks blocks. */
export const drivers = {
  /** The gateway's Fabric ledger, without HTTP: an outbox on disk, every block checked, commits from the block stream. */
  async gateway({ connection, credentials, directory, checkEvery }: DriverOptions): Promise<Driver> {
    const identity = new SigningIdentity(credentials);
    const ledger = await openFabricLedger({
      connection,
      directory,
      reader: () => Promise.resolve(identity),
      checkEvery,
    });
    return {
      submit: (transaction, args) => ledger.submit({ identity, transaction, args }),
      close: () => ledger.close(),
    };
  },

  /** The SDK as its documentation shows it: its own signer, `submitTransaction`, which asks for each commit. */
  sdk({ connection, credentials }: DriverOptions): Promise<Driver> {
    const { endpoint, tlsRoot } = connection.peers[0];
    const client = new Client(endpoint, channelCredentials.createSsl(Buffer.from(tlsRoot)));
    const gateway = connect({
      client,
      identity: { mspId: credentials.mspId, credentials: Buffer.from(credentials.certificate) },
      signer: signers.newPrivateKeySigner(createPrivateKey(credentials.privateKey)),
      hash: hash.sha256,
    });
    const contract = gateway.getNetwork(connection.channel).getContract(connection.chaincode);
    return Promise.resolve({
      submit: (transaction, args) => contract.submitTransaction(transaction, ...args),
      close: () => {
        gateway.close();
        client.close();
        return Promise.resolve();
      },
    });
  },
} as const;

export type DriverName = keyof typeof drivers;
