// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { status } from '@grpc/grpc-js';
import { decodeBlock, type DecodedBlock } from 'yuanliu-verifier';
import type { LedgerBlock } from '../port.js';
import { BLOCK_MS } from './deadlines.js';
import { isUnreachable, NodeError, toPortError } from './errors.js';
import type { Inspector } from './inspector.js';
import type { LedgerLogger } from './ledger.js';
import type { Peers } from './peers.js';

/** A block that was checked, as bytes and read. */
export interface CheckedBlock extends LedgerBlock {
  readonly decoded: DecodedBlock;
}

/** Reads blocks from whichever peer gives them. */
export class BlockSource {
  readonly #peers: Peers;
  readonly #logger: LedgerLogger | undefined;

  constructor(peers: Peers, logger?: LedgerLogger) {
    this.#peers = peers;
    this.#logger = logger;
  }

  /** One block, not checked. */
  one(number: number): Promise<DecodedBlock> {
    return this.#peers.attempt(async (peer) => {
      for await (const bytes of peer.deliver(number, AbortSignal.timeout(BLOCK_MS))) return decodeBlock(bytes);
      throw new NodeError(status.DEADLINE_EXCEEDED, `${peer.address.name} did not give block ${number}`);
    });
  }

  /**
   * Every block from `from` on, then each new one, until `signal` aborts. The first follows `previousHash`, where that is
   * known. When a peer fails, or gives a block that does not hold, the next one is asked to go on from there.
   *
   * @throws LedgerError `UNAVAILABLE` once every peer failed in a row: with what a block was refused for, if one was.
   */
  async *follow(
    inspector: Inspector,
    from: number,
    signal: AbortSignal,
    previousHash?: Buffer,
  ): AsyncGenerator<CheckedBlock, void> {
    let [number, previous, failures] = [from, previousHash, 0];
    let worst: unknown;
    const ended = (): boolean => signal.aborted;
    while (!ended()) {
      const peer = this.#peers.current;
      try {
        for await (const bytes of peer.deliver(number, signal)) {
          if (peer !== this.#peers.current) break; // others went over to the next: this block is asked of that one
          const decoded = decodeBlock(bytes);
          inspector.check(decoded, number, previous);
          yield { number, bytes, decoded };
          previous = decoded.headerHash;
          [failures, worst] = [0, undefined];
          number++;
        }
        if (!ended() && peer === this.#peers.current)
          throw new Error(`${peer.address.name} ended the stream of blocks`);
      } catch (error) {
        if (ended()) return;
        this.#logger?.error({ err: error, peer: peer.address.name, block: number }, 'no block from this peer: next');
        this.#peers.leave(peer);
        if (worst === undefined || isUnreachable(worst)) worst = error;
        if (++failures >= this.#peers.count) throw toPortError(worst);
        await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined); // aborted: the loop ends
      }
    }
  }
}

const PAUSE_MS = 200;
