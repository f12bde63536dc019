// SPDX-License-Identifier: Apache-2.0
import { LedgerError } from './error.js';
import type { Call, Ledger, Receipt } from './port.js';

const ATTEMPTS = 5;

/**
 * Submits, and endorses again at once when another transaction was faster on the same keys; at most five times in all, or `attempts`.
 * Nothing else is repeated: a refusal by the contract is an answer, and an unknown outcome may have happened.
 *
 * @throws what {@link Ledger.submit} throws, the last conflict included.
 */
export async function submitWithRetry(
  ledger: Pick<Ledger, 'submit'>,
  call: Call,
  attempts = ATTEMPTS,
): Promise<{ readonly result: string; readonly receipt: Receipt }> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ledger.submit(call);
    } catch (error) {
      if (attempt >= attempts || !isConflict(error)) throw error;
    }
  }
}

/** Whether another transaction was faster on the same keys. */
export function isConflict(error: unknown): boolean {
  return (
    error instanceof LedgerError && (error.code === 'MVCC_READ_CONFLICT' || error.code === 'PHANTOM_READ_CONFLICT')
  );
}
