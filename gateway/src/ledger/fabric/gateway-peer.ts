// SPDX-License-Identifier: Apache-2.0
import { Client, credentials } from '@grpc/grpc-js';
import { connect, type Gateway, hash, type Proposal } from '@hyperledger/fabric-gateway';
import { common } from '@hyperledger/fabric-protos';
import type { Call, Identity } from '../port.js';
import type { Connection, PeerAddress } from './connection-file.js';
import type { Endorsed, Peer } from './peers.js';

/** A peer with the Gateway service: it finds endorsers and orderers itself. Throws the SDK's `GatewayError`. */
export class GatewayPeer implements Peer {
  readonly #connection: Pick<Connection, 'channel' | 'chaincode'>;
  readonly #reader: Identity;
  readonly #client: Client;
  readonly #gateways = new WeakMap<Identity, Gateway>();

  constructor(
    readonly address: PeerAddress,
    connection: Pick<Connection, 'channel' | 'chaincode'>,
    /** Who reads blocks, and hands transactions on. */
    reader: Identity,
  ) {
    this.#connection = connection;
    this.#reader = reader;
    this.#client = new Client(address.endpoint, credentials.createSsl(Buffer.from(address.tlsRoot)), CHANNEL_OPTIONS);
  }

  async evaluate(call: Call): Promise<string> {
    return Buffer.from(await this.#propose(call).evaluate(within(ANSWER_MS))).toString();
  }

  async endorse(call: Call): Promise<Endorsed> {
    const endorsed = await this.#propose(call).endorse(within(ANSWER_MS));
    const signature = call.identity.sign(endorsed.getDigest());
    const signed = this.#as(call.identity).newSignedTransaction(endorsed.getBytes(), signature);
    const result = Buffer.from(signed.getResult()).toString();
    return { txId: signed.getTransactionId(), result, transaction: signed.getBytes() };
  }

  async submit(transaction: Uint8Array): Promise<void> {
    await this.#as(this.#reader).newTransaction(transaction).submit(within(ANSWER_MS));
  }

  async *deliver(from: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const network = this.#as(this.#reader).getNetwork(this.#connection.channel);
    const events = await network.getBlockEvents({ startBlock: BigInt(from) });
    const stop = (): void => {
      events.close();
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    try {
      for await (const block of events) yield block.serializeBinary();
    } finally {
      signal.removeEventListener('abort', stop);
      stop();
    }
  }

  async height(): Promise<number> {
    const { channel } = this.#connection;
    const system = this.#as(this.#reader).getNetwork(channel).getContract('qscc');
    const info = await system.newProposal('GetChainInfo', { arguments: [channel] }).evaluate(within(ANSWER_MS));
    return common.BlockchainInfo.deserializeBinary(info).getHeight();
  }

  close(): void {
    this.#client.close();
  }

  #propose({ identity, transaction, args }: Call): Proposal {
    const { channel, chaincode } = this.#connection;
    const contract = this.#as(identity).getNetwork(channel).getContract(chaincode);
    return contract.newProposal(transaction, { arguments: [...args] });
  }

  /** The service, spoken to as `identity`. The SDK hashes nothing: our identities are given what they sign. */
  #as(identity: Identity): Gateway {
    const known = this.#gateways.get(identity);
    if (known) return known;
    const gateway = connect({
      client: this.#client,
      identity: { mspId: identity.mspId, credentials: Buffer.from(identity.certificate) },
      hash: hash.none,
      // eslint-disable-next-line @typescript-eslint/require-await -- it throws into a promise, as the SDK expects
      signer: async (message) => identity.sign(message),
    });
    this.#gateways.set(identity, gateway);
    return gateway;
  }
}

function within(milliseconds: number): { readonly deadline: number } {
  return { deadline: Date.now() + milliseconds };
}

/** How long a peer may take to answer, in milliseconds: longer than it waits for one endorser that is silent. */
const ANSWER_MS = 8000;

const CHANNEL_OPTIONS = {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 3000,
  // Peers answer a client that asks more often than once a minute by hanging up.
  'grpc.keepalive_time_ms': 120_000,
  'grpc.keepalive_timeout_ms': 10_000,
};
