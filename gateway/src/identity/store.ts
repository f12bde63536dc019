// SPDX-License-Identifier: Apache-2.0
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { openSeal, type Seal } from './seal.js';
import type { Credentials } from './signing-identity.js';

/**
 * Identities on disk: LevelDB, one sealed entry a label, each in the wallet format of fabric-network. One process at a
 * time. Labels are free text, by convention `MSP/user`.
 */
export class IdentityStore {
  readonly #db: Level<string, Buffer>;
  readonly #seal: Seal;

  private constructor(db: Level<string, Buffer>, seal: Seal) {
    this.#db = db;
    this.#seal = seal;
  }

  /**
   * Opens the store in `directory`, with `store.key` beside its database unless the environment holds the key.
   *
   * @throws Error when another process has it open.
   */
  static async open(directory: string): Promise<IdentityStore> {
    const seal = await openSeal(join(directory, 'store.key'));
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const db = new Level<string, Buffer>(join(directory, 'entries'), { valueEncoding: 'buffer' });
    await db.open();
    return new IdentityStore(db, seal);
  }

  async get(label: string): Promise<Credentials | undefined> {
    const text = await this.getText(label);
    return text === undefined ? undefined : fromWalletFormat(text);
  }

  /** Stores all of them or none, durably; replaces what the labels held. */
  async put(entries: ReadonlyMap<string, Credentials>): Promise<void> {
    await this.putText(new Map(Array.from(entries, ([label, entry]) => [label, toWalletFormat(entry)])));
  }

  /** An entry as fabric-network's wallet writes it. */
  async getText(label: string): Promise<string | undefined> {
    const [sealed] = await this.#db.getMany([label]);
    return sealed === undefined ? undefined : this.#seal.open(label, sealed);
  }

  async putText(entries: ReadonlyMap<string, string>): Promise<void> {
    const operations = Array.from(entries, ([key, text]) => ({
      type: 'put' as const,
      key,
      value: this.#seal.close(key, text),
    }));
    await this.#db.batch(operations, { sync: true });
  }

  async remove(label: string): Promise<void> {
    await this.#db.del(label, { sync: true });
  }

  async labels(): Promise<string[]> {
    return this.#db.keys().all();
  }

  async close(): Promise<void> {
    await this.#db.close();
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
