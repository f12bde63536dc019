// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Transaction } from '@hyperledger/fabric-gateway';
import { common } from '@hyperledger/fabric-protos';
import { LedgerError } from '../error.js';
import type { Call, Identity, Ledger, LedgerBlock } from '../port.js';
import { BlockFeed } from './block-feed.js';
import { BlockSource } from './block-source.js';
import type { Connection } from './connection-file.js';
import { disagreement, invalidated, isDisagreement, leavesOpen, toPortError } from './errors.js';
import { Inspector } from './inspector.js';
import { Outbox, type Sent } from './outbox.js';
import { Peers } from './peers.js';
import { ledgerTimeOf } from '../time.js';

export interface FabricLedgerOptions {
  readonly connection: Connection;
  /** Holds the outbox; one process at a time. */
  readonly directory: string;
  /** The gateway's own identity, which reads the blocks. */
  readonly reader: Identity;
  /** Signatures are checked in one block of so many; default 1: in all. */
  readonly checkEvery?: number;
  /** How long a write waits for its block before it is `COMMIT_UNKNOWN`, in milliseconds; default 30 s. */
  readonly commitMs?: number;
  readonly logger?: LedgerLogger;
}

/** What the ledger has to say to operators: a pino logger fits. */
export interface LedgerLogger {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

type Submitted = Awaited<ReturnType<Ledger['submit']>>;

/**
 * Connects to a Fabric network through the Gateway service of its peers.
 *
 * @throws LedgerError `UNAVAILABLE` when no peer can be reached, another process holds the directory, or the directory is
 *   of another network; VerificationError when the channel is not of the members in the connection file.
 */
export async function openFabricLedger(options: FabricLedgerOptions): Promise<Ledger> {
  const { connection, directory, reader, checkEvery } = options;
  const peers = new Peers(connection.peers);
  const outbox = await Outbox.open(join(directory, 'outbox'));
  try {
    const source = new BlockSource(connection.channel, peers, reader);
    const genesis = await source.one(0);
    const roots = Object.fromEntries(connection.members.map(({ mspId, root }) => [mspId, [root]]));
    const inspector = new Inspector(genesis, { roots, endorsers: connection.endorsements }, checkEvery);
    await outbox.bindTo(genesis.headerHash);
    const height = await heightAt(peers, reader, connection.channel);
    await inspector.catchUp(height, (number) => source.one(number));
    const ledger = new FabricLedger(options, peers, outbox, source, inspector, height);
    await ledger.recover(height);
    return ledger;
  } catch (error) {
    await outbox.close();
    peers.close();
    throw toPortError(error);
  }
}

async function heightAt(peers: Peers, reader: Identity, channel: string): Promise<number> {
  const info = await peers.attempt((peer) =>
    peer
      .as(reader)
      .getNetwork(channel)
      .getContract('qscc')
      .newProposal('GetChainInfo', { arguments: [channel] })
      .evaluate(within(ANSWER_MS)),
  );
  return common.BlockchainInfo.deserializeBinary(info).getHeight();
}

class FabricLedger implements Ledger {
  readonly channel: string;
  readonly chaincode: string;
  readonly #options: FabricLedgerOptions;
  readonly #peers: Peers;
  readonly #outbox: Outbox;
  readonly #feed: BlockFeed;
  readonly #inFlight = new Set<Promise<unknown>>();
  readonly #stop = new AbortController();
  #recovering: Promise<void> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(
    options: FabricLedgerOptions,
    peers: Peers,
    outbox: Outbox,
    source: BlockSource,
    inspector: Inspector,
    height: number,
  ) {
    this.channel = options.connection.channel;
    this.chaincode = options.connection.chaincode;
    this.#options = options;
    this.#peers = peers;
    this.#outbox = outbox;
    this.#feed = new BlockFeed({
      source,
      inspector,
      from: Math.max(0, Math.min(height, ...outbox.pending.map((sent) => sent.height)) - 1),
      arrived: ({ transactions }) => {
        void outbox.remove(transactions.map(({ txId }) => txId));
      },
      failed: (err) => options.logger?.error({ err }, 'no peer gives blocks: trying again'),
      silent: () => {
        options.logger?.error({ peer: peers.current.address.name }, 'this peer gives no blocks: asking another');
        peers.leave(peers.current);
      },
    });
  }

  submit(call: Call): Promise<Submitted> {
    return this.#track(async () => {
      const endorsed = await this.#endorse(call);
      const txId = endorsed.getTransactionId();
      const signed = this.#peers.current
        .as(call.identity)
        .newSignedTransaction(endorsed.getBytes(), call.identity.sign(endorsed.getDigest()));
      const sent = { txId, transaction: signed.getBytes(), height: this.#feed.height, time: Date.now() };
      await this.#outbox.put(sent);
      return { result: Buffer.from(signed.getResult()).toString(), receipt: await this.#order(signed) };
    });
  }

  evaluate(call: Call): Promise<string> {
    return this.#track(async () => {
      try {
        const result = await this.#peers.attempt((peer) =>
          peer
            .as(call.identity)
            .getNetwork(this.channel)
            .getContract(this.chaincode)
            .newProposal(call.transaction, { arguments: [...call.args] })
            .evaluate(within(ANSWER_MS)),
        );
        return Buffer.from(result).toString();
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

  /** Catches up, and then settles what an earlier process left in the outbox. */
  async recover(height: number): Promise<void> {
    try {
      await this.#feed.reach(height, CATCH_UP_MS);
    } catch (error) {
      await this.#feed.close();
      throw error;
    }
    if (this.#outbox.pending.length > 0) this.#recovering = this.#settle(this.#outbox.pending);
  }

  /**
   * Endorsers commit a block one after the other: for a moment those asked later may know less than the first. Then they
   * are asked again, a few times; nothing was ordered yet.
   */
  async #endorse({ identity, transaction, args }: Call): Promise<Transaction> {
    for (let attempt = 1; ; attempt++) {
      let asked = this.#peers.current;
      try {
        return await this.#peers.attempt((peer) => {
          asked = peer;
          const contract = peer.as(identity).getNetwork(this.channel).getContract(this.chaincode);
          return contract.newProposal(transaction, { arguments: [...args] }).endorse(within(ANSWER_MS));
        });
      } catch (error) {
        const { mspId } = asked.address;
        if (!isDisagreement(error, mspId)) throw toPortError(error);
        if (attempt === AGREEMENT_ATTEMPTS) throw disagreement(error, mspId);
        await sleep(AGREEMENT_PAUSE_MS * attempt);
      }
    }
  }

  /** Sends a transaction that is in the outbox, and waits for its block. */
  async #order(signed: Transaction): Promise<Submitted['receipt']> {
    const txId = signed.getTransactionId();
    const { commitMs = COMMIT_MS } = this.#options;
    const outcome = this.#feed.outcome(txId, commitMs);
    const refused = signed.submit(within(ANSWER_MS)).then(
      () => undefined,
      (error: unknown) => error,
    );
    const refusal = await Promise.race([refused, outcome.then(() => undefined)]);
    if (refusal !== undefined && !leavesOpen(refusal)) {
      await this.#outbox.remove([txId]);
      throw toPortError(refusal, { txId });
    }
    const committed = await outcome;
    if (!committed) {
      const message = `${txId} was sent, and no block held it within ${commitMs} ms: look it up before doing it again`;
      throw new LedgerError('COMMIT_UNKNOWN', message, { txId, ...(refusal === undefined ? {} : { cause: refusal }) });
    }
    const { blockNumber, code } = committed;
    const ledgerTime = ledgerTimeOf(committed.timestamp);
    if (code !== 'VALID') throw invalidated(code, txId, blockNumber);
    return { txId, blockNumber, ledgerTime, channel: this.channel, chaincode: this.chaincode, validationCode: code };
  }

  /**
   * What was sent, or about to be, when the process before ended: it may be on its way yet, so it is given a moment. Then
   * the same signed transaction is sent once more, unless its time is so long ago that no peer would have it endorsed.
   */
  async #settle(left: readonly Sent[]): Promise<void> {
    const { logger } = this.#options;
    await sleep(GRACE_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    for (const { txId, transaction, time } of left) {
      if (this.#stop.signal.aborted) return;
      if (!this.#outbox.pending.some((pending) => pending.txId === txId)) continue; // a block held it
      if (Date.now() - time > TIME_WINDOW_MS) {
        const why = 'a transaction from before the restart is on no block and too old to be sent: given up';
        logger?.error({ txId, endorsed: new Date(time).toISOString() }, why);
        await this.#outbox.remove([txId]);
        continue;
      }
      const signed = this.#peers.current.as(this.#options.reader).newTransaction(transaction);
      await this.#order(signed).then(
        ({ blockNumber }) => logger?.info({ txId, blockNumber }, 'a transaction from before the restart is committed'),
        (err: unknown) => logger?.error({ err, txId }, 'a transaction from before the restart did not come through'),
      );
    }
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

function within(milliseconds: number): { readonly deadline: number } {
  return { deadline: Date.now() + milliseconds };
}

/** How long a peer may take to answer, in milliseconds. */
const ANSWER_MS = 15_000;
const COMMIT_MS = 30_000;
/** How long a start may take to read the blocks since the outbox's oldest entry, in milliseconds. */
const CATCH_UP_MS = 120_000;
const AGREEMENT_ATTEMPTS = 6;
const AGREEMENT_PAUSE_MS = 40;
/** How long after a start a transaction may still be on its way from before, in milliseconds. */
const GRACE_MS = 3000;
/** As peers refuse proposals that are older. */
const TIME_WINDOW_MS = 5 * 60 * 1000;
