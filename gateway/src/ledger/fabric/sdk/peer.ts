// SPDX-License-Identifier: Apache-2.0
import '../../../runtime/quiet-sdk.js';
import { credentials } from '@grpc/grpc-js';
import { common, gateway, peer } from '@hyperledger/fabric-protos';
import { type Channel, Client, type Discoverer, type Endorsement, type Endorser } from 'fabric-common';
import type { Call, Identity } from '../../port.js';
import { answersTo } from '../answers.js';
import type { Connection, PeerAddress } from '../connection-file.js';
import { ANSWER_MS } from '../deadlines.js';
import { endedBlocks, isPassing } from '../errors.js';
import { channelOptions, type Endorsed, type Peer, type Reader } from '../peers.js';
import { Discovery, type Surroundings } from './discovery.js';
import { Endorsers } from './endorsers.js';
import { contextOf } from './identity.js';
import { propose, toNodeError } from './node.js';
import { broadcast, type Envelope } from './orderers.js';
import { SilentNodes } from './silent-nodes.js';

/**
 * A peer that need not have the Gateway service, by the SDK of Fabric 2.2: this process itself collects endorsements and
 * hands transactions to orderers, as the peer's discovery service names them. Throws `NodeError`.
 */
export class SdkPeer implements Peer {
  readonly #chaincode: string;
  readonly #reader: Reader;
  readonly #client: Client;
  readonly #channel: Channel;
  readonly #endorser: Endorser;
  readonly #discoverer: Discoverer;
  readonly #blocks: peer.DeliverClient;
  readonly #discovery: Discovery;
  readonly #silent = new SilentNodes();

  constructor(
    readonly address: PeerAddress,
    { channel, chaincode }: Pick<Connection, 'channel' | 'chaincode'>,
    reader: Reader,
  ) {
    const { name, mspId, endpoint, tlsRoot } = address;
    const options = { ...channelOptions(endpoint), ...WAITING };
    this.#client = Client.newClient('yuanliu').setCentralizedConnectionOptions(options);
    const at = this.#client.newEndpoint({ url: `grpcs://${endpoint}`, pem: tlsRoot });
    this.#chaincode = chaincode;
    this.#reader = reader;
    this.#channel = this.#client.getChannel(channel);
    this.#endorser = this.#client.getEndorser(name, mspId);
    this.#endorser.setEndpoint(at);
    this.#discoverer = this.#client.newDiscoverer(name, mspId);
    this.#discoverer.setEndpoint(at);
    this.#blocks = new peer.DeliverClient(endpoint, credentials.createSsl(Buffer.from(tlsRoot)), options);
    this.#discovery = new Discovery({
      client: this.#client,
      channel: this.#channel,
      chaincode,
      discoverer: this.#discoverer,
      reader,
      configBlock: () => this.#query('cscc', 'GetConfigBlock'),
    });
  }

  /** Who endorses and who orders, as this peer tells it. */
  surroundings(): Promise<Surroundings> {
    return this.#discovery.surroundings();
  }

  async evaluate({ identity, transaction, args }: Call): Promise<string> {
    const proposal = this.#proposal(identity, this.#chaincode, transaction, args);
    return (await this.#run(proposal)).toString();
  }

  async endorse({ identity, transaction, args }: Call): Promise<Endorsed> {
    const { plan, endorsers } = await this.surroundings();
    const proposal = this.#proposal(identity, this.#chaincode, transaction, args);
    const handler = new Endorsers({ first: this.address, plan, endorsers, silent: this.#silent });
    const { responses } = await this.#serving(() => proposal.send({ handler }));
    const commit = proposal.newCommit();
    const context = contextOf(identity, this.#client);
    commit.build(context);
    commit.sign(context);
    const txId = proposal.getTransactionId();
    const envelope = toEnvelope(commit.getSignedEnvelope() as Envelope);
    const prepared = new gateway.PreparedTransaction();
    prepared.setTransactionId(txId);
    prepared.setEnvelope(envelope);
    return {
      txId,
      result: resultOf(responses[0]?.payload ?? Buffer.alloc(0)),
      transaction: prepared.serializeBinary(),
    };
  }

  async submit(transaction: Uint8Array): Promise<void> {
    const envelope = gateway.PreparedTransaction.deserializeBinary(transaction).getEnvelope() ?? new common.Envelope();
    const payload = Buffer.from(envelope.getPayload_asU8());
    const signature = Buffer.from(envelope.getSignature_asU8());
    const service = await this.surroundings();
    await this.#serving(() => broadcast({ payload, signature }, service, this.#silent));
  }

  /** The SDK's own event service decodes blocks and drops their bytes. */
  async *deliver(from: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const context = contextOf(await this.#reader(), this.#client);
    const seek = this.#channel.newEventService(this.address.name);
    seek.build(context, { startBlock: from, blockType: 'full' });
    seek.sign(context);
    const request = toEnvelope(seek.getSignedEnvelope() as Envelope);
    try {
      for await (const answer of answersTo(request, this.#blocks.deliver(), signal)) yield blockIn(answer);
    } catch (error) {
      throw toNodeError(error, this.address.name);
    }
  }

  async height(): Promise<number> {
    return common.BlockchainInfo.deserializeBinary(await this.#query('qscc', 'GetChainInfo')).getHeight();
  }

  close(): void {
    this.#client.close();
    // Who is being discovered is connected to, until the end of it.
    void this.#discovery.settled().then(() => {
      this.#client.close();
    });
    this.#discoverer.disconnect();
    this.#blocks.close();
  }

  /** What a system chaincode of this peer says of the channel. */
  async #query(chaincode: string, name: string): Promise<Buffer> {
    return this.#run(this.#proposal(await this.#reader(), chaincode, name, [this.#channel.name]));
  }

  async #run(proposal: Endorsement): Promise<Buffer> {
    const { response } = await propose(this.#endorser, proposal.getSignedProposal() as Buffer, ANSWER_MS);
    return response.payload;
  }

  #proposal(identity: Identity, chaincode: string, fcn: string, args: readonly string[]): Endorsement {
    const context = contextOf(identity, this.#client);
    const proposal = this.#channel.newEndorsement(chaincode);
    proposal.build(context, { fcn, args: [...args] });
    proposal.sign(context);
    return proposal;
  }

  /** Does what others are needed for; if too few serve, they are looked for again before the next time. */
  async #serving<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (isPassing(error)) this.#discovery.forget();
      throw error;
    }
  }
}

function toEnvelope({ payload, signature }: Envelope): common.Envelope {
  const envelope = new common.Envelope();
  envelope.setPayload(payload);
  envelope.setSignature(signature);
  return envelope;
}

function blockIn(answer: peer.DeliverResponse): Uint8Array {
  const block = answer.getBlock();
  if (block) return block.serializeBinary();
  throw endedBlocks(answer.getStatus());
}

/** What the contract returned, by what its endorsers signed. */
function resultOf(payload: Buffer): string {
  const extension = peer.ProposalResponsePayload.deserializeBinary(payload).getExtension_asU8();
  const result = peer.ChaincodeAction.deserializeBinary(extension).getResponse()?.getPayload_asU8();
  return Buffer.from(result ?? []).toString();
}

/** How the SDK connects: it waits no longer than this for a node that it has no connection to. */
const WAITING = { 'grpc-wait-for-ready-timeout': 2000 };
