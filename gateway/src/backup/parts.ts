// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';

/** The databases of a data folder that a backup holds, and where they are. The index is left out: it is rebuilt. */
export const DATABASES = {
  ledger: 'ledger',
  identities: join('identities', 'entries'),
  imports: 'imports',
} as const;

/** The files of a data folder that a backup holds, where they are there. */
export const FILES = [join('identities', 'store.key'), 'issuer.pem'] as const;

/** The part that a file is stored under, by its name. */
export const FILE = 'file';
