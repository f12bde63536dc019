// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';

/** The databases of a data folder that a backup holds, and where they are. The index is left out: it is rebuilt. */
export const DATABASES = {
  ledger: 'ledger',
  identities: join('identities', 'entries'),
  imports: 'imports',
} as const;

/** The file that holds the key of the identity store. A backup is sealed with that key, so it is not in it. */
export const STORE_KEY = join('identities', 'store.key');

/** The files of a data folder that a backup holds, where they are there; each sealed with the key of the store. */
export const FILES = ['issuer.pem'] as const;

/** What a backup of format 1 held as text: the key of the store too. */
export const UNSEALED_FILES = [...FILES, STORE_KEY] as const;

/** The part that a file is stored under, by its name. */
export const FILE = 'file';
