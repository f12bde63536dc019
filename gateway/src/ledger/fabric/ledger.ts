// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerError } from '../error.js';
import type { Call, Ledger, LedgerBlock, Receipt } from '../port.js';
import { ledgerTimeOf } from '../time.js';
import { BlockFeed } from './block-feed.js';
import { BlockSource } from './block-source.js';
import { type Connection, type PeerAddress, trustOf } from './connection-file.js';
import { AGREEMENT_MS, ALIVE_MS, CATCH_UP_MS, COMMIT_MS } from './deadlines.js';
import { disagreement, isDeadline, isDisagreement, tooSlow, toPortError } from './errors.js';
import { GatewayPeer } from './gateway-peer.js';
import { Inspector } from './inspector.js';
import { Ordering } from './ordering.js';
import { isTooOld, Outbox } from './outbox.js';
import { type Endorsed, type Peer, Peers, type Reader } from './peers.js';

export interface FabricLedgerOptions {
  readonly connection: Connection;
  /** Holds the outbox; one process at a time. */
  readonly directory: string;
  /** Gives the gateway's own identity, which reads the blocks. */
  readonly reader: Reader;
  /** Signatures are checked in one block of so many; default 1: in all. */
  readonly checkEvery?: number;
  /** How long a write waits for its block before it is `COMMIT_UNKNOWN`, in milliseconds; default 30 s. */
  readonly commitMs?: number;
  /** How long the nearest peer, once left, is let alone at first, in milliseconds; default 15 s. */
  readonly returnMs?: number;
  /** Whether to settle what an earlier process left in the outbox: not for who only reads; default true. */
  readonly settle?: boolean;
  readonly logger?: LedgerLogger;
}

/** What the ledger has to say to operators: a pino logger fits. */
export interface LedgerLogger {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** How one client library reaches a peer. */
export type PeerOpener = (address: PeerAddress) => Peer;

/**
 * Connects to a Fabric network through the Gateway service of its peers.
 *
 * @throws LedgerError `UNAVAILABLE` when no peer can be reached, another process holds the directory, or the directory is
 *   of another network; VerificationError when the channel is not of the members in the connection file.
 */
export function openFabricLedger(options: FabricLedgerOptions): Promise<Ledger> {
  const { connection, reader } = options;
  return openLedgerThrough((address) => new GatewayPeer(address, connection, reader), options);
}

/** The same, through whatever reaches the peers. */
export async function openLedgerThrough(reach: PeerOpener, options: FabricLedgerOptions): Promise<Ledger> {
  const { connection, directory, checkEvery, returnMs } = options;
  const outbox = await Outbox.open(join(directory, 'outbox'));
  const [nearest, ...further] = connection.peers;
  const peers = new Peers([reach(nearest), ...further.map(reach)], returnMs);
  try {
    const source = new BlockSource(peers, options.logger);
    const genesis = await source.one(0);
    const inspector = new Inspector(genesis, trustOf(connection), checkEvery, {
      chaincode: connection.chaincode,
      remark: (remark) => options.logger?.info({ remark }, 'an odd transaction that the peers found valid'),
    });
    await outbox.bindTo(genesis.headerHash);
    if (connection.genesis === undefined)
      options.logger?.error({ genesis: genesis.headerHash.toString('hex') }, UNPINNED);
    const height = await peers.attempt((peer) => peer.height());
    await inspector.catchUp(height, (number) => source.one(number));
    const ledger = new FabricLedger(options, peers, outbox, source, inspector, height);
    await ledger.start(height, options.settle);
    return ledger;
  } catch (error) {
    await outbox.close();
    peers.close();
    throw toPortError(error);
  }
}

class FabricLedger implements Ledger {
  readonly channel: string;
  readonly chaincode: string;
  readonly #peers: Peers;
  readonly #outbox: Outbox;
  readonly #feed: BlockFeed;
  readonly #ordering: Ordering;
  readonly #inFlight = new Set<Promise<unknown>>();
  readonly #logger: LedgerLogger | undefined;
  readonly #inspector: Inspector;
  readonly #stop = new AbortController();
  #recovering: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(
    { connection, logger, commitMs = COMMIT_MS }: FabricLedgerOptions,
    peers: Peers,
    outbox: Outbox,
    source: BlockSource,
    inspector: Inspector,
    height: number,
  ) {
    this.channel = connection.channel;
    this.chaincode = connection.chaincode;
    this.#logger = logger;
    this.#inspector = inspector;
    this.#peers = peers;
    this.#outbox = outbox;
    const lookedFor = outbox.pending.filter((sent) => !isTooOld(sent));
    this.#feed = new BlockFeed({
      source,
      inspector,
      from: Math.max(0, Math.min(height, ...lookedFor.map((sent) => sent.height)) - 1),
      arrived: ({ transactions }) => {
        outbox.remove(transactions.map(({ txId }) => txId));
      },
      failed: (err) => logger?.error({ err }, 'no peer gives blocks: trying again'),
      silent: () => {
        logger?.error({ peer: peers.current.address.name }, 'this peer gives no blocks: asking another');
        peers.leave(peers.current);
      },
    });
    this.#ordering = new Ordering({ peers, outbox, feed: this.#feed, commitMs, logger });
  }

  submit(call: Call): Promise<{ readonly result: string; readonly receipt: Receipt }> {
    return this.#track(async () => {
      const endorsed = await this.#endorse(call);
      const { txId, result } = endorsed;
      call.endorsed?.(result);
      call.sent?.(txId);
      const { blockNumber, timestamp } = await this.#ordering.order(endorsed);
      const ledgerTime = ledgerTimeOf(timestamp);
      const { channel, chaincode } = this;
      return { result, receipt: { txId, blockNumber, ledgerTime, channel, chaincode, validationCode: 'VALID' } };
    });
  }

  members(): readonly string[] {
    return this.#inspector.members;
  }

  isPending(txId: string): boolean {
    return this.#outbox.has(txId);
  }

  evaluate(call: Call): Promise<string> {
    return this.#track(async () => {
      try {
        return await this.#attempt((peer) => peer.evaluate(call));
      } catch (error) {
        throw toPortError(error);
      }
    });
  }

  async *blocks(from: number, signal?: AbortSignal): AsyncIterable<LedgerBlock> {
    yield* this.#feed.blocks(from, signal);
  }

  height(): Promise<number> {
    return Promise.resolve(this.#feed.height);
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#shut());
  }

  /** Catches up, and then settles what an earlier process left in the outbox, if asked to. */
  async start(height: number, settle = true): Promise<void> {
    try {
      await this.#feed.reach(height, CATCH_UP_MS);
    } catch (error) {
      await this.#feed.close();
      throw error;
    }
    if (settle) this.#recovering = this.#ordering.recover(this.#stop.signal);
  }

  /**
   * Endorsers commit a block one after the other: for a moment those asked later may know less than the first. Then they
   * are asked again for a while; nothing was ordered yet.
   */
  async #endorse(call: Call): Promise<Endorsed> {
    const deadline = Date.now() + AGREEMENT_MS;
    for (let attempt = 1; ; attempt++) {
      let asked = this.#peers.current;
      try {
        return await this.#attempt((peer) => (asked = peer).endorse(call));
      } catch (error) {
        const { mspId } = asked.address;
        if (!isDisagreement(error, mspId)) throw toPortError(error);
        if (Date.now() >= deadline) {
          this.#logger?.error({ err: error, peer: asked.address.name }, 'endorsers came to different results');
          throw disagreement(error, mspId);
        }
        await sleep(Math.min(AGREEMENT_PAUSE_MS * attempt, LONGEST_PAUSE_MS));
      }
    }
  }

  /**
   * Has a peer do it, or the next. A peer that did not finish in time and is alive was slow: the next would be as slow,
   * and two would be busy with it.
   */
  #attempt<T>(work: (peer: Peer) => Promise<T>): Promise<T> {
    return this.#peers.attempt(async (peer) => {
      try {
        return await work(peer);
      } catch (error) {
        if (isDeadline(error, peer.address.mspId) && (await answers(peer))) throw tooSlow(error);
        throw error;
      }
    });
  }

  #track<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing) return Promise.reject(new LedgerError('CLOSED', 'this ledger was closed: open it again'));
    const done = work();
    this.#inFlight.add(done);
    const forget = (): void => void this.#inFlight.delete(done);
    done.then(forget, forget);
    return done;
  }

  async #shut(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled([...this.#inFlight, this.#recovering]);
    await this.#feed.close();
    await this.#outbox.close();
    this.#peers.close();
  }
}

/** Whether a peer answers at all. */
function answers(peer: Peer): Promise<boolean> {
  const height = peer.height().then(
    () => true,
    () => false,
  );
  return Promise.race([height, sleep(ALIVE_MS, false, { ref: false })]);
}

/** Said at a start. */
const UNPINNED =
  'no genesis block is pinned: this gateway follows the channel that it met first, which proves nothing; ' +
  'compare its genesis block with the network’s and set YUANLIU_GENESIS, or run `npm run network -- up` for a network.json with it';

const AGREEMENT_PAUSE_MS = 40;
const LONGEST_PAUSE_MS = 500;
