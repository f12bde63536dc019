// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import { LedgerError } from '../error.js';
import type { BlockFeed, Committed } from './block-feed.js';
import { invalidated, isPassing, isUnreachable, leavesOpen, sentNothing, toPortError } from './errors.js';
import type { LedgerLogger } from './ledger.js';
import { isTooOld, type Outbox, type Sent } from './outbox.js';
import type { Endorsed, Peers } from './peers.js';

export interface OrderingOptions {
  readonly peers: Peers;
  readonly outbox: Outbox;
  readonly feed: BlockFeed;
  /** How long a transaction waits for its block, in milliseconds. */
  readonly commitMs: number;
  readonly logger?: LedgerLogger | undefined;
}

/** Has endorsed transactions ordered, and waits for their blocks. What was sent is in the outbox until a block holds it. */
export class Ordering {
  readonly #options: OrderingOptions;

  constructor(options: OrderingOptions) {
    this.#options = options;
  }

  /** Resolves once a block holds the transaction as valid; throws as {@link Ledger.submit} does. */
  async order({ txId, transaction }: Pick<Endorsed, 'txId' | 'transaction'>): Promise<Committed> {
    const { outbox, feed } = this.#options;
    this.#giveUp();
    await outbox.put({ txId, transaction, height: feed.height, time: Date.now() }).catch((cause: unknown) => {
      const full = cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_IO_ERROR';
      const message = 'the outbox cannot be written: nothing was sent';
      throw new LedgerError(full ? 'NO_SPACE' : 'UNAVAILABLE', message, { cause, txId });
    });
    return this.#commit(txId, transaction);
  }

  /**
   * What was sent, or about to be, when the process before ended: it may be on its way yet, so it is given a moment. Then
   * the same signed transaction is sent once more, unless its time is so long ago that no peer would have it endorsed.
   */
  async recover(signal: AbortSignal): Promise<void> {
    const { logger, outbox } = this.#options;
    const left = outbox.pending;
    if (left.length === 0) return;
    await sleep(RESEND_MS, undefined, { signal }).catch(() => undefined); // closing: the loop ends
    for (const { txId, transaction } of left) {
      if (signal.aborted) return;
      this.#giveUp();
      if (!outbox.pending.some((pending) => pending.txId === txId)) continue; // a block held it, or it was given up
      await this.#commit(txId, transaction).then(
        ({ blockNumber }) => logger?.info({ txId, blockNumber }, 'a transaction from before the restart is committed'),
        (err: unknown) => logger?.error({ err, txId }, 'a transaction from before the restart did not come through'),
      );
    }
  }

  /** Forgets, and says, what was sent so long ago that it is not sent again: a start reads no blocks to look for it. */
  #giveUp(): void {
    const { logger, outbox } = this.#options;
    for (const { txId, time } of outbox.pending.filter(isTooOld)) {
      const why = 'a transaction is in no block read here and too old to be sent: given up, look it up by its id';
      logger?.error({ txId, endorsed: new Date(time).toISOString() }, why);
      outbox.remove([txId]);
    }
  }

  async #commit(txId: string, transaction: Sent['transaction']): Promise<Committed> {
    const { outbox, feed, commitMs } = this.#options;
    const settled = new AbortController();
    const outcome = feed.outcome(txId, commitMs, settled.signal).finally(() => {
      settled.abort();
    });
    const refused = this.#send(transaction, Date.now() + commitMs, settled.signal);
    const refusal = await Promise.race([refused, outcome.then(() => undefined)]);
    if (refusal?.open === false) {
      settled.abort(); // who waits on has its peer taken for silent
      outbox.remove([txId]);
      throw toPortError(refusal.error, { txId });
    }
    const committed = await outcome;
    if (!committed) {
      const message = `${txId} was sent, and no block held it within ${commitMs} ms: look it up before doing it again`;
      throw new LedgerError('COMMIT_UNKNOWN', message, { txId, ...(refusal && { cause: refusal.error }) });
    }
    const { blockNumber, code } = committed;
    if (code !== 'VALID') throw invalidated(code, txId, blockNumber);
    return committed;
  }

  /**
   * Hands a transaction to the ordering service. Where a peer could not be reached, or could not serve yet, its block is
   * waited for a moment; then the same transaction goes through the next peer, until `deadline`. A Raft orderer takes
   * transactions for a leader that may be gone with them: what was taken, and is in no block after half of the time, is sent
   * once more. Resolves with the refusal that it ended with, if any; `open` says whether the transaction may be ordered even so.
   */
  async #send(
    transaction: Sent['transaction'],
    deadline: number,
    signal: AbortSignal,
  ): Promise<{ readonly error: unknown; readonly open: boolean } | undefined> {
    const settled = (): boolean => signal.aborted;
    const patience = Math.max((deadline - Date.now()) / 2, RESEND_MS);
    for (let [open, taken] = [false, false]; ;) {
      const peer = this.#options.peers.current;
      try {
        await peer.submit(transaction);
        if (taken) return undefined;
        open = taken = true;
        await sleep(patience, undefined, { signal }).catch(() => undefined); // a block held it
        if (settled() || Date.now() > deadline) return undefined;
      } catch (error) {
        open ||= leavesOpen(error) && !sentNothing(error);
        const again = isUnreachable(error) || isPassing(error);
        if (!again || settled() || Date.now() + 2 * RESEND_MS > deadline) return { error, open };
        this.#options.peers.leave(peer);
        await sleep(RESEND_MS, undefined, { signal }).catch(() => undefined); // a block held it
        if (settled()) return { error, open };
      }
    }
  }
}

/** How long a transaction may be on its way before it is sent once more, in milliseconds. */
const RESEND_MS = 3000;
