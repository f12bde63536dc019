// SPDX-License-Identifier: Apache-2.0
import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { connect, type Gateway, hash, type Proposal, type Transaction } from '@hyperledger/fabric-gateway';
import { common } from '@hyperledger/fabric-protos';
import { Message } from 'yuanliu-verifier/wire/message';
import type { Call, Identity } from '../port.js';
import { answersTo } from './answers.js';
import type { Connection, PeerAddress } from './connection-file.js';
import { ANSWER_MS } from './deadlines.js';
import { endedBlocks, NodeError } from './errors.js';
import { channelOptions, type Endorsed, type Peer, type Reader } from './peers.js';

/** A peer with the Gateway service: it finds endorsers and orderers itself. Throws the SDK's `GatewayError`. */
export class GatewayPeer implements Peer {
  readonly #connection: Pick<Connection, 'channel' | 'chaincode'>;
  readonly #reader: Reader;
  readonly #client: Client;
  readonly #gateways = new WeakMap<Identity, Gateway>();
  /** What was endorsed here, as read: most of it is submitted here too, and need not be read again. */
  readonly #endorsed = new WeakMap<Uint8Array, Transaction>();

  constructor(
    readonly address: PeerAddress,
    connection: Pick<Connection, 'channel' | 'chaincode'>,
    /** Hands transactions of others on, too. */
    reader: Reader,
  ) {
    this.#connection = connection;
    this.#reader = reader;
    this.#client = new Client(
      address.endpoint,
      credentials.createSsl(Buffer.from(address.tlsRoot)),
      channelOptions(address.endpoint),
    );
  }

  async evaluate(call: Call): Promise<string> {
    return Buffer.from(await this.#propose(call).evaluate(within(ANSWER_MS))).toString();
  }

  async endorse(call: Call): Promise<Endorsed> {
    const endorsed = await this.#propose(call).endorse(within(ANSWER_MS));
    const signature = call.identity.sign(endorsed.getDigest());
    const signed = this.#as(call.identity).newSignedTransaction(endorsed.getBytes(), signature);
    const result = Buffer.from(signed.getResult()).toString();
    const transaction = signed.getBytes();
    this.#endorsed.set(transaction, signed);
    return { txId: signed.getTransactionId(), result, transaction };
  }

  async submit(transaction: Uint8Array): Promise<void> {
    const signed = this.#endorsed.get(transaction) ?? this.#as(await this.#reader()).newTransaction(transaction);
    await signed.submit(within(ANSWER_MS));
  }

  /** The bytes are the peer's own: the SDK would read each block into objects, to be written and read again. */
  async *deliver(from: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const reader = await this.#reader();
    const gateway = this.#as(reader);
    const asked = gateway.getNetwork(this.#connection.channel).newBlockEventsRequest({ startBlock: BigInt(from) });
    const signed = gateway.newSignedBlockEventsRequest(asked.getBytes(), reader.sign(asked.getDigest()));
    const stream = this.#client.makeBidiStreamRequest(DELIVER, asItIs, asItIs);
    try {
      for await (const answer of answersTo(Buffer.from(signed.getBytes()), stream, signal)) yield blockOf(answer);
    } catch (error) {
      throw isServiceError(error) ? new NodeError(error.code, error.details, [], { cause: error }) : error;
    }
  }

  async height(): Promise<number> {
    const { channel } = this.#connection;
    const system = this.#as(await this.#reader())
      .getNetwork(channel)
      .getContract('qscc');
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

const DELIVER = '/protos.Deliver/Deliver';

function asItIs(bytes: Buffer): Buffer {
  return bytes;
}

/** The serialized block of a `protos.DeliverResponse`. */
function blockOf(response: Buffer): Buffer {
  const [status, block] = [1, 2];
  const message = new Message(response);
  const bytes = message.optional(block);
  if (bytes) return bytes;
  throw endedBlocks(message.uint(status));
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && typeof error.details === 'string';
}

function within(milliseconds: number): { readonly deadline: number } {
  return { deadline: Date.now() + milliseconds };
}
