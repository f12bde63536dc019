// SPDX-License-Identifier: Apache-2.0
import { VerificationError } from '../wire/error.js';
import { sha256 } from '../wire/hash.js';
import type { DecodedTransaction } from '../block/transaction.js';

/** The ids of all transactions so far, valid or not: none may come again. */
export class TransactionIds {
  private readonly ids = new Set<string>();

  has(txId: string): boolean {
    return this.ids.has(compact(txId));
  }

  add(transactions: readonly DecodedTransaction[]): void {
    for (const transaction of transactions) this.ids.add(compact(transaction.txId || computed(transaction)));
  }

  /**
   * Within a block the first transaction of an id counts, if its own checks found nothing (Fabric
   * `markTXIdDuplicates`): returns the refusals with those of the repeated ones added.
   */
  static refuseRepeated(
    transactions: readonly DecodedTransaction[],
    refusals: readonly (VerificationError | undefined)[],
  ): (VerificationError | undefined)[] {
    const inBlock = new Set<string>();
    return transactions.map(({ txId }, index) => {
      if (refusals[index] || txId === '') return refusals[index];
      if (inBlock.has(txId)) {
        const message = `transaction ${txId} is already in this block`;
        return new VerificationError('DUPLICATE_TRANSACTION', message, { step: 'transaction-id' });
      }
      inBlock.add(txId);
      return undefined;
    });
  }
}

/** The id a transaction without one would have: Fabric files it under that. */
function computed(transaction: DecodedTransaction): string {
  try {
    return sha256(transaction.nonce, transaction.creatorBytes).toString('hex');
  } catch (error) {
    if (error instanceof VerificationError) return '';
    throw error;
  }
}

/** Half the memory: 32 characters for 64 hex digits. Anything else stays as it is, and cannot be mistaken for one. */
function compact(txId: string): string {
  return /^[0-9a-f]{64}$/.test(txId) ? Buffer.from(txId, 'hex').toString('latin1') : `?${txId}`;
}
