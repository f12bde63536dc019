// SPDX-License-Identifier: Apache-2.0
import { type Database, openDatabase } from '../../storage/open-database.js';
import { SharedWrites } from '../../storage/shared-writes.js';
import { LedgerError } from '../error.js';

/** A transaction that was, or was about to be, sent to be ordered. */
export interface Sent {
  readonly txId: string;
  /** The signed transaction, as the Gateway service takes it. */
  readonly transaction: Uint8Array;
  /** The number of blocks when it was endorsed: none before can hold it. */
  readonly height: number;
  /** When it was endorsed, in milliseconds. */
  readonly time: number;
}

/** Whether it was endorsed so long ago that it is not sent again. */
export function isTooOld({ time }: Sent): boolean {
  return Date.now() - time > TIME_WINDOW_MS;
}

/** As peers refuse proposals that are older. */
const TIME_WINDOW_MS = 5 * 60 * 1000;

/**
 * What became of these transactions is not known yet. An entry is on disk before its transaction leaves this process, and
 * goes once a block holds it: so after a crash it is looked for by its id, and never endorsed again blindly.
 */
export class Outbox {
  readonly #db: Database;
  readonly #pending: Map<string, Sent>;
  readonly #writes: SharedWrites<Change>;

  private constructor(db: Database, pending: Map<string, Sent>) {
    this.#db = db;
    this.#pending = pending;
    this.#writes = new SharedWrites((changes) => db.batch(changes, { sync: true }));
  }

  /** @throws LedgerError `UNAVAILABLE` when it does not open, as when another process has it open; `DAMAGED`. */
  static async open(directory: string): Promise<Outbox> {
    const db = await openDatabase(directory, ({ kind, reason }, cause) => {
      const why = kind === 'locked' ? 'one process holds it at a time' : reason;
      return new LedgerError('UNAVAILABLE', `cannot open the outbox in ${directory}: ${why}`, { cause });
    });
    try {
      const pending = new Map<string, Sent>();
      for await (const [key, value] of db.iterator({ gt: ENTRY, lt: `${ENTRY}~` })) {
        const sent = decode(key.slice(ENTRY.length), value);
        pending.set(sent.txId, sent);
      }
      return new Outbox(db, pending);
    } catch (cause) {
      await db.close();
      const message = `the outbox in ${directory} cannot be read: move it away, what it held is not sent again`;
      throw new LedgerError('DAMAGED', message, { cause });
    }
  }

  get pending(): readonly Sent[] {
    return [...this.#pending.values()];
  }

  has(txId: string): boolean {
    return this.#pending.has(txId);
  }

  /** Resolves once the entry is on disk. Entries that come while others are being written share the next write. */
  async put(sent: Sent): Promise<void> {
    this.#writes.add({ type: 'put', key: ENTRY + sent.txId, value: encode(sent) });
    await this.#writes.written();
    this.#pending.set(sent.txId, sent);
  }

  /** Forgets those of the transactions that are here; on disk, with the next write. What a crash brings back is looked for. */
  remove(txIds: readonly string[]): void {
    for (const txId of txIds) {
      if (this.#pending.delete(txId)) this.#writes.add({ type: 'del', key: ENTRY + txId });
    }
  }

  /**
   * Binds this folder to one channel, by its genesis block's hash.
   *
   * @throws LedgerError `UNAVAILABLE` when the folder is of another.
   */
  async bindTo(genesis: Buffer): Promise<void> {
    const [bound] = await this.#db.getMany([GENESIS]);
    if (bound?.equals(genesis)) return;
    if (bound) {
      const message = 'this folder is of another network: choose another folder, or delete this one';
      throw new LedgerError('UNAVAILABLE', message);
    }
    await this.#db.put(GENESIS, genesis, { sync: true });
  }

  async close(): Promise<void> {
    await this.#writes.written().finally(() => this.#db.close());
  }
}

type Change =
  | { readonly type: 'put'; readonly key: string; readonly value: Buffer }
  | { readonly type: 'del'; readonly key: string };

const ENTRY = 't/';
const GENESIS = 'genesis';

/** Height and time in 6 bytes each, then the transaction. */
function encode({ height, time, transaction }: Sent): Buffer {
  const out = Buffer.alloc(HEAD + transaction.length);
  out.writeUIntBE(height, 0, 6);
  out.writeUIntBE(time, 6, 6);
  out.set(transaction, HEAD);
  return out;
}

const HEAD = 12;

function decode(txId: string, bytes: Buffer): Sent {
  const [height, time] = [bytes.readUIntBE(0, 6), bytes.readUIntBE(6, 6)];
  return { txId, height, time, transaction: bytes.subarray(HEAD) };
}
