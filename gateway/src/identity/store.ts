// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { openFailureOf, type Pages, pagesOf } from '../level.js';
import { makePrivateFolder } from '../private-files.js';
import type { Seal } from './seal.js';
import { StoreKey } from './store-key.js';
import type { Credentials } from './signing-identity.js';

/**
 * Identities on disk: LevelDB, one sealed entry a label, each in the wallet format of fabric-network. One process at a
 * time. Labels are free text, by convention `MSP/user`.
 */
export class IdentityStore {
  readonly #db: Database;
  readonly #key: StoreKey;
  #seal: Seal;

  private constructor(db: Database, key: StoreKey, seal: Seal) {
    this.#db = db;
    this.#key = key;
    this.#seal = seal;
  }

  /**
   * Opens the store in `directory`, with `store.key` beside its database unless the environment holds the key.
   *
   * @throws Error when another process has it open, or the key is not the one it was sealed with.
   */
  static async open(directory: string, environment: NodeJS.ProcessEnv = process.env): Promise<IdentityStore> {
    await makePrivateFolder(directory);
    const db: Database = new ClassicLevel(join(directory, 'entries'), { valueEncoding: 'buffer' });
    try {
      await db.open();
    } catch (cause) {
      const { kind, reason } = openFailureOf(cause);
      const why = kind === 'locked' ? 'one process holds them at a time, stop the other' : `${reason}; ${RESTORE}`;
      throw new Error(`cannot open the identities in ${directory}: ${why}`, { cause });
    }
    try {
      const key = new StoreKey(join(directory, 'store.key'), environment);
      const [sample] = await db.iterator({ limit: 1 }).all();
      const seal = await key.seal((candidate) => sample === undefined || opens(candidate, ...sample));
      return new IdentityStore(db, key, seal);
    } catch (error) {
      await db.close();
      throw error;
    }
  }

  async get(label: string): Promise<Credentials | undefined> {
    const text = await this.getText(label);
    return text === undefined ? undefined : fromWalletFormat(text);
  }

  /** Stores all of them or none, durably; replaces what the labels held. */
  async put(entries: ReadonlyMap<string, Credentials>): Promise<void> {
    await this.change({ credentials: [...entries] });
  }

  /** An entry as fabric-network's wallet writes it. */
  async getText(label: string): Promise<string | undefined> {
    const [sealed] = await this.#db.getMany([label]);
    if (sealed === undefined) return undefined;
    try {
      return this.#seal.open(label, sealed);
    } catch (cause) {
      throw new Error(`${cause instanceof Error ? cause.message : String(cause)}; ${RESTORE}`, { cause });
    }
  }

  async putText(entries: ReadonlyMap<string, string>): Promise<void> {
    await this.change({ texts: [...entries] });
  }

  /** Makes all of these changes or none, durably. */
  async change({ credentials = [], texts = [], remove = [] }: StoreChange): Promise<void> {
    const written = [...credentials.map(([label, entry]) => [label, toWalletFormat(entry)] as const), ...texts];
    const put = written.map(([key, text]) => ({ type: 'put' as const, key, value: this.#seal.close(key, text) }));
    const del = remove.map((key) => ({ type: 'del' as const, key }));
    await this.#db.batch([...put, ...del], { sync: true });
  }

  async remove(label: string): Promise<void> {
    await this.#db.del(label, { sync: true });
  }

  async labels(): Promise<string[]> {
    return this.#db.keys().all();
  }

  /** Every entry as it is now, sealed. */
  copy(): Pages {
    return pagesOf(this.#db.iterator());
  }

  /**
   * Seals every entry with a new key, and leaves nothing on disk that the old one opens. Killed at any moment, the store
   * opens again. Nothing else may use the store meanwhile.
   *
   * @throws Error as {@link StoreKey.replace}.
   */
  async rotateKey(): Promise<void> {
    this.#seal = await this.#key.replace(async (next) => {
      const entries = await this.#db.iterator().all();
      const operations = entries.map(([key, sealed]) => ({
        type: 'put' as const,
        key,
        value: next.close(key, this.#seal.open(key, sealed)),
      }));
      await this.#db.batch(operations, { sync: true });
    });
    const labels = await this.labels();
    await this.#db.compactRange(labels.at(0) ?? '', labels.at(-1) ?? '');
  }

  async close(): Promise<void> {
    await this.#db.close();
  }
}

const RESTORE = 'put the folder of the data back from a backup, with `yuanliu restore`';

/** What becomes of entries, by label. */
export interface StoreChange {
  readonly credentials?: readonly (readonly [label: string, credentials: Credentials])[];
  readonly texts?: readonly (readonly [label: string, text: string])[];
  readonly remove?: readonly string[];
}

type Database = ClassicLevel<string, Buffer>;

function opens(seal: Seal, label: string, sealed: Buffer): boolean {
  try {
    seal.open(label, sealed);
    return true;
  } catch {
    return false;
  }
}

/** What fabric-network's X.509 provider writes. */
interface WalletEntry {
  readonly credentials: { readonly certificate: string; readonly privateKey: string };
  readonly mspId: string;
  readonly type: 'X.509';
  readonly version: 1;
}

function toWalletFormat({ mspId, certificate, privateKey }: Credentials): string {
  const entry: WalletEntry = { credentials: { certificate, privateKey }, mspId, type: 'X.509', version: 1 };
  return JSON.stringify(entry);
}

function fromWalletFormat(text: string): Credentials {
  const { credentials, mspId } = JSON.parse(text) as WalletEntry;
  return { mspId, ...credentials };
}
