// SPDX-License-Identifier: Apache-2.0
import { dirname } from 'node:path';
import { LedgerError } from '../error.js';

/** The ledger is not as it was written. It is left as it is: what is missing, nobody can make up. */
export function damaged(directory: string, what: string, cause?: unknown): LedgerError {
  const data = dirname(directory);
  const message =
    `the ledger in ${directory} is damaged: ${what}. Nothing in it was mended: keep ${data} for whoever looks into it, ` +
    'and restore a backup into another folder with `yuanliu restore`';
  return new LedgerError('DAMAGED', message, { cause });
}

/** The ledger was made by another version of this program. It is left as it is. */
export function otherFormat(directory: string, found: number, own: number): LedgerError {
  const which = found > own ? 'a newer' : 'an older';
  const message = `the ledger in ${directory} has format ${found}, this program reads ${own}: run it with ${which} version`;
  return new LedgerError('OTHER_FORMAT', message);
}
