// SPDX-License-Identifier: Apache-2.0
import { setTimeout as sleep } from 'node:timers/promises';
import type { Call, Identity } from '../port.js';
import type { PeerAddress } from './connection-file.js';
import { PATIENCE_MS } from './deadlines.js';
import { isPassing, isUnreachable } from './errors.js';

/** A transaction that enough peers endorsed and its client signed. */
export interface Endorsed {
  readonly txId: string;
  /** What the contract returned. */
  readonly result: string;
  /** The signed transaction: a serialized `gateway.PreparedTransaction`. */
  readonly transaction: Uint8Array;
}

/** Gives who reads blocks, and asks peers about others; asked at each use, since its certificate is renewed. */
export type Reader = () => Promise<Identity>;

/** One peer, as a client library reaches it. Every answer is bounded in time. Throws as the library or a `NodeError`. */
export interface Peer {
  readonly address: PeerAddress;
  evaluate(call: Call): Promise<string>;
  endorse(call: Call): Promise<Endorsed>;
  /** Resolves once the ordering service took the transaction; not when a block holds it. */
  submit(transaction: Uint8Array): Promise<void>;
  /** Serialized blocks from `from` on, then each new one, until `signal` aborts. */
  deliver(from: number, signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** The number of blocks that this peer has. */
  height(): Promise<number>;
  close(): void;
}

/**
 * The peers of a connection, of which one is in use: the same for blocks, reads and writes, so that they agree. The first
 * is the nearest: once left, it is in use again when it answers and has the blocks that the one in use has.
 */
export class Peers {
  readonly #peers: readonly [Peer, ...Peer[]];
  readonly #returnMs: number;
  readonly #closing = new AbortController();
  #turn = 0;
  #pauseMs: number;
  #since = performance.now();
  #returning = false;

  /**
   * In the order in which they are asked.
   *
   * @param returnMs How long the nearest is let alone before it is asked whether it serves again, in milliseconds; twice
   *   as long after each return, so that one that fails again and again is not followed.
   */
  constructor(peers: readonly [Peer, ...Peer[]], returnMs = RETURN_MS) {
    this.#peers = peers;
    this.#pauseMs = this.#returnMs = returnMs;
  }

  get count(): number {
    return this.#peers.length;
  }

  get current(): Peer {
    return this.#peers[this.#turn % this.#peers.length] ?? this.#peers[0];
  }

  /** Goes over to the next peer, unless somebody did so already. */
  leave(peer: Peer): void {
    if (peer !== this.current) return;
    if (peer === this.#peers[0] && performance.now() - this.#since > LONGEST_MS) this.#pauseMs = this.#returnMs;
    this.#turn++;
    if (!this.#returning) void this.#return();
  }

  /**
   * Has a peer do something that orders nothing. One that cannot be reached, or says by name that it cannot serve yet,
   * is left for the next. Once all were asked, those that answered are asked again a moment later, until `patienceMs` is
   * over; where none answered, it ends. Throws what the last one threw.
   */
  async attempt<T>(work: (peer: Peer) => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
    const deadline = Date.now() + patienceMs;
    let hope = false;
    for (let asked = 1; ; asked++) {
      const peer = this.current;
      try {
        return await work(peer);
      } catch (error) {
        const answered = isPassing(error);
        if (!answered && !isUnreachable(error)) throw error;
        this.leave(peer);
        hope ||= answered;
        if (hope && Date.now() >= deadline) throw error;
        if (asked % this.count !== 0) continue;
        if (!hope) throw error;
        hope = false;
        await sleep(PAUSE_MS);
      }
    }
  }

  close(): void {
    this.#closing.abort();
    for (const peer of this.#peers) peer.close();
  }

  async #return(): Promise<void> {
    const [nearest] = this.#peers;
    const { signal } = this.#closing;
    this.#returning = true;
    const closed = (): boolean => signal.aborted;
    while (!closed() && this.current !== nearest) {
      await sleep(this.#pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (closed()) return; // nothing is asked of what is closed
      const [there, here] = await Promise.all([heightOf(nearest), heightOf(this.current)]);
      if (there < Math.max(here, 1) || this.current === nearest) continue;
      this.#turn = 0;
      this.#since = performance.now();
      this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_MS);
    }
    this.#returning = false;
  }
}

/** The number of blocks that a peer has; none where it does not say. */
function heightOf(peer: Peer): Promise<number> {
  return peer.height().catch(() => 0);
}

const PAUSE_MS = 250;

const RETURN_MS = 15_000;
/** The longest that the nearest is let alone; and having served so long it counts as one that does not fail, in milliseconds. */
const LONGEST_MS = 600_000;

/**
 * How a node is connected to. A proxy that the environment names (`https_proxy`, `http_proxy`, `grpc_proxy`) is for other
 * machines: one that is on this host is reached directly, whatever `no_proxy` says.
 */
export function channelOptions(
  endpoint: string,
): typeof CHANNEL_OPTIONS & { readonly 'grpc.enable_http_proxy': 0 | 1 } {
  return { ...CHANNEL_OPTIONS, 'grpc.enable_http_proxy': isOnThisHost(endpoint) ? 0 : 1 };
}

function isOnThisHost(endpoint: string): boolean {
  const host = endpoint
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** How nodes are connected to, wherever they are. */
const CHANNEL_OPTIONS = {
  // What fails is sent again by us, who know what is safe; nobody reads channelz. Both cost at every call.
  'grpc.enable_retries': 0,
  'grpc.enable_channelz': 0,
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 3000,
  // Peers answer a client that asks more often than once a minute by hanging up.
  'grpc.keepalive_time_ms': 120_000,
  'grpc.keepalive_timeout_ms': 10_000,
};
