// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeBlock, type DecodedBlock } from 'yuanliu-verifier';
import type { Identity, LedgerBlock } from '../port.js';
import { toPortError } from './errors.js';
import type { Inspector } from './inspector.js';
import type { Peer, Peers } from './peers.js';

/** A block that was checked, as bytes and read. */
export interface CheckedBlock extends LedgerBlock {
  readonly decoded: DecodedBlock;
}

/** Reads blocks from whichever peer gives them, as one member. */
export class BlockSource {
  readonly #channel: string;
  readonly #peers: Peers;
  readonly #reader: Identity;

  constructor(channel: string, peers: Peers, reader: Identity) {
    this.#channel = channel;
    this.#peers = peers;
    this.#reader = reader;
  }

  /** One block, not checked. */
  one(number: number): Promise<DecodedBlock> {
    return this.#peers.attempt(async (peer) => {
      for await (const bytes of this.#deliver(peer, number, AbortSignal.timeout(ANSWER_MS))) return decodeBlock(bytes);
      throw new Error(`${peer.address.name} did not give block ${number}`);
    });
  }

  /**
   * Every block from `from` on, then each new one, until `signal` aborts. The first follows `previousHash`, where that is
   * known. When a peer fails, or gives a block that does not hold, the next one is asked to go on from there.
   *
   * @throws LedgerError `UNAVAILABLE` once every peer failed in a row.
   */
  async *follow(
    inspector: Inspector,
    from: number,
    signal: AbortSignal,
    previousHash?: Buffer,
  ): AsyncGenerator<CheckedBlock, void> {
    let [number, previous, failures] = [from, previousHash, 0];
    const ended = (): boolean => signal.aborted;
    while (!ended()) {
      const peer = this.#peers.current;
      try {
        for await (const bytes of this.#deliver(peer, number, signal)) {
          const decoded = decodeBlock(bytes);
          inspector.check(decoded, number, previous);
          yield { number, bytes, decoded };
          previous = decoded.headerHash;
          failures = 0;
          number++;
        }
      } catch (error) {
        if (ended()) return;
        this.#peers.leave(peer);
        if (++failures >= this.#peers.count) throw toPortError(error);
        await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined); // aborted: the loop ends
      }
    }
  }

  async *#deliver(peer: Peer, from: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const network = peer.as(this.#reader).getNetwork(this.#channel);
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
}

const PAUSE_MS = 200;

/** How long a peer may take to give one block, in milliseconds. */
const ANSWER_MS = 10_000;
