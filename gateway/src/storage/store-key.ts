// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { readIfThere, readOrMakePrivate, readSecret, writePrivate } from './private-files.js';
import { type Seal, sealOf } from './seal.js';

/** Environment variable that holds the store's key: 64 hexadecimal digits. */
export const KEY_VARIABLE = 'YUANLIU_STORE_KEY';

/** Environment variable that holds the key which {@link StoreKey.replace} goes over to, where the first one is set. */
export const NEW_KEY_VARIABLE = 'YUANLIU_STORE_KEY_NEW';

/**
 * The key of an identity store: from the environment where {@link KEY_VARIABLE} is set, else from a file with mode 0600,
 * made at first use. Belongs to whoever holds the store's lock.
 */
export class StoreKey {
  readonly #file: string;
  readonly #environment: NodeJS.ProcessEnv;

  constructor(file: string, environment: NodeJS.ProcessEnv = process.env) {
    this.#file = file;
    this.#environment = environment;
  }

  /**
   * The seal that `opens` the store. Where a replacement was broken off, that is either key: the other one is forgotten.
   *
   * @throws Error when no key at hand opens it.
   */
  async seal(opens: (seal: Seal) => boolean): Promise<Seal> {
    const given = this.#environment[KEY_VARIABLE];
    if (given !== undefined) {
      const seal = sealOf(keyFrom(given, KEY_VARIABLE));
      if (opens(seal)) return seal;
      throw new Error(
        `${KEY_VARIABLE} is not the key that this identity store is sealed with: set it to that key; ` +
          `if \`yuanliu identity rotate-key\` was broken off, it is the old or the new one`,
      );
    }
    const seal = sealOf(keyFrom(await readOrMakePrivate(this.#file, makeKey), this.#file));
    if (opens(seal)) {
      await rm(this.#next, { force: true });
      return seal;
    }
    const next = await readSecret(this.#next);
    const sealNext = next === undefined ? undefined : sealOf(keyFrom(next, this.#next));
    if (sealNext && opens(sealNext)) {
      await rename(this.#next, this.#file);
      return sealNext;
    }
    throw new Error(
      `the key in ${this.#file} is not the one that this identity store is sealed with: ` +
        `put that file back from a backup of the same time as the store, or set ${KEY_VARIABLE} to its key`,
    );
  }

  /**
   * Has `reseal` seal everything with a new key, all or nothing. Broken off at any moment, {@link StoreKey.seal} finds the
   * key that opens the store: the new one is on disk before anything is sealed with it, and the old one until all is.
   *
   * @throws Error when the key comes from the environment and the new one does not.
   */
  async replace(reseal: (seal: Seal) => Promise<void>): Promise<Seal> {
    if (this.#environment[KEY_VARIABLE] !== undefined) {
      const next = this.#environment[NEW_KEY_VARIABLE];
      if (next === undefined) {
        const how = `set ${NEW_KEY_VARIABLE} to a new one, such as \`openssl rand -hex 32\` makes`;
        throw new Error(`the store's key comes from ${KEY_VARIABLE}: ${how}`);
      }
      const seal = sealOf(keyFrom(next, NEW_KEY_VARIABLE));
      await reseal(seal);
      return seal;
    }
    const key = await makeKey();
    await writePrivate(this.#next, key);
    const seal = sealOf(keyFrom(key, this.#next));
    await reseal(seal);
    await rename(this.#next, this.#file);
    return seal;
  }

  get #next(): string {
    return `${this.#file}.new`;
  }
}

/** The key of a store that is not there any more, or not yet. */
export interface KeyElsewhere {
  /** 64 hexadecimal digits. */
  readonly key: string;
  /** Whether it is in the environment, where every later start finds it. */
  readonly inEnvironment: boolean;
}

/**
 * The key that the environment holds, or else a copy of a key file; undefined without either.
 *
 * @throws Error when there are both, or what is there is no key.
 */
export async function keyElsewhere(
  file: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<KeyElsewhere | undefined> {
  const given = environment[KEY_VARIABLE];
  if (given !== undefined && file !== undefined) {
    throw new Error(`${KEY_VARIABLE} is set and a key file is named: leave one of them out`);
  }
  if (given !== undefined) return { key: keyFrom(given, KEY_VARIABLE), inEnvironment: true };
  if (file === undefined) return undefined;
  const text = await readIfThere(file);
  if (text === undefined) throw new Error(`there is no ${file}: name a copy of the key file`);
  return { key: keyFrom(text, file), inEnvironment: false };
}

function keyFrom(text: string, source: string): string {
  const key = text.trim();
  if (/^[0-9a-f]{64}$/i.test(key)) return key;
  throw new Error(
    `${source} does not hold a key of 64 hexadecimal digits: put it back from a backup, or make one for a new store with \`openssl rand -hex 32\``,
  );
}

function makeKey(): Promise<string> {
  return Promise.resolve(`${randomBytes(32).toString('hex')}\n`);
}
