// SPDX-License-Identifier: Apache-2.0
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Seals what is stored, so that a copy of the store alone tells nothing. */
export interface Seal {
  /** AES-256-GCM of `text`, bound to `label`: an entry moved under another label does not open. */
  close(label: string, text: string): Buffer;
  /** @throws Error when the key is another, or the bytes or the label were changed. */
  open(label: string, sealed: Uint8Array): string;
}

/** Environment variable that holds the key: 64 hexadecimal digits. */
export const KEY_VARIABLE = 'YUANLIU_STORE_KEY';

/**
 * The seal of a store: its key comes from the environment variable {@link KEY_VARIABLE} where set, else from `keyFile`,
 * which is made with mode 0600 at first use.
 */
export async function openSeal(keyFile: string, environment: NodeJS.ProcessEnv = process.env): Promise<Seal> {
  const text = environment[KEY_VARIABLE] ?? (await readOrCreate(keyFile));
  if (!/^[0-9a-f]{64}$/i.test(text.trim())) {
    const source = environment[KEY_VARIABLE] === undefined ? keyFile : KEY_VARIABLE;
    throw new Error(`${source} does not hold a key of 64 hexadecimal digits: make one with \`openssl rand -hex 32\``);
  }
  return seal(Buffer.from(text.trim(), 'hex'));
}

const NONCE = 12;
const TAG = 16;

function seal(key: Buffer): Seal {
  return {
    close(label, text) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(label));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(label, sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAAD(Buffer.from(label)).setAuthTag(sealed.subarray(NONCE, NONCE + TAG));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new Error(
          `identity ${label} does not open: ${KEY_VARIABLE} or the key file is not the one it was sealed with`,
          {
            cause,
          },
        );
      }
    },
  };
}

async function readOrCreate(file: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  try {
    const handle = await open(file, 'wx', 0o600);
    try {
      const key = randomBytes(32).toString('hex');
      await handle.writeFile(`${key}\n`);
      await handle.sync();
      return key;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readFile(file, 'utf8');
  }
}
