// SPDX-License-Identifier: Apache-2.0

/** Ledger time as the contract sees it, in whole milliseconds: of a channel header's time, which may have nanoseconds. */
export function ledgerTimeOf(timestamp: string): string {
  return new Date(Date.parse(timestamp)).toISOString();
}
