// SPDX-License-Identifier: Apache-2.0
import { Client, credentials } from '@grpc/grpc-js';
import { connect, type Gateway, hash } from '@hyperledger/fabric-gateway';
import type { Identity } from '../port.js';
import type { PeerAddress } from './connection-file.js';
import { isUnreachable } from './errors.js';

/** A connection to one peer's Gateway service. */
export class Peer {
  readonly #client: Client;
  readonly #gateways = new WeakMap<Identity, Gateway>();

  constructor(readonly address: PeerAddress) {
    this.#client = new Client(address.endpoint, credentials.createSsl(Buffer.from(address.tlsRoot)), CHANNEL_OPTIONS);
  }

  /** The service, spoken to as `identity`. The SDK hashes nothing: our identities are given what they sign. */
  as(identity: Identity): Gateway {
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

  close(): void {
    this.#client.close();
  }
}

const CHANNEL_OPTIONS = {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 3000,
  // Peers answer a client that asks more often than once a minute by hanging up.
  'grpc.keepalive_time_ms': 120_000,
  'grpc.keepalive_timeout_ms': 10_000,
};

/** The peers of a connection, of which one is in use: the same for blocks, reads and writes, so that they agree. */
export class Peers {
  readonly #peers: readonly [Peer, ...Peer[]];
  #turn = 0;

  constructor([nearest, ...further]: readonly [PeerAddress, ...PeerAddress[]]) {
    this.#peers = [new Peer(nearest), ...further.map((address) => new Peer(address))];
  }

  get count(): number {
    return this.#peers.length;
  }

  get current(): Peer {
    return this.#peers[this.#turn % this.#peers.length] ?? this.#peers[0];
  }

  /** Goes over to the next peer, unless somebody did so already. */
  leave(peer: Peer): void {
    if (peer === this.current) this.#turn++;
  }

  /** Has a peer do something; if it cannot be reached, the next, each once. Throws what the last one threw. */
  async attempt<T>(work: (peer: Peer) => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried++) {
      const peer = this.current;
      try {
        return await work(peer);
      } catch (error) {
        if (!isUnreachable(error)) throw error;
        this.leave(peer);
        if (tried >= this.count) throw error;
      }
    }
  }

  close(): void {
    for (const peer of this.#peers) peer.close();
  }
}
