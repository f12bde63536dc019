// SPDX-License-Identifier: Apache-2.0

/** Why the ledger did not do it. A closed set; what the contract itself refuses is a `ContractError` instead. */
export type LedgerErrorCode =
  | 'MVCC_READ_CONFLICT' // another transaction changed what this one read: safe to endorse again
  | 'PHANTOM_READ_CONFLICT' // another transaction changed a range this one read: safe to endorse again
  | 'DUPLICATE_TXID' // a transaction with this id is on the ledger already
  | 'ENDORSEMENT_POLICY_FAILURE' // not enough peers endorsed, or not the same result
  | 'DISAGREEMENT' // endorsers kept coming to different results: some are behind, or run other code; nothing was ordered
  | 'DEADLINE' // the peers did not finish this in time: nothing was ordered
  | 'INVALIDATED' // committed as invalid for another reason: the message names Fabric's code
  | 'TIME_WINDOW' // the proposal's timestamp is too far from the peer's clock
  | 'ACCESS_DENIED' // the certificate is unknown, expired or may not do this, or a signature does not fit
  | 'CONTRACT_FAILURE' // the contract failed without a reason of its own: no such transaction, or a defect
  | 'COMMIT_UNKNOWN' // ordered, but what became of it is not known: look it up by transaction id
  | 'UNAVAILABLE' // the ledger cannot be reached or opened: nothing was ordered
  | 'NO_SPACE' // the disk is full, or nearly: nothing was ordered
  | 'OTHER_FORMAT' // the ledger's folder was made by another version of this program
  | 'DAMAGED' // the ledger's folder is not as it was written
  | 'CLOSED'; // this ledger was closed

/** Which transaction an error is about, where one was made. */
export interface LedgerErrorContext extends ErrorOptions {
  readonly txId?: string;
  /** The block that holds the transaction, flagged as invalid. */
  readonly blockNumber?: number;
}

export class LedgerError extends Error {
  readonly txId: string | undefined;
  readonly blockNumber: number | undefined;

  constructor(
    readonly code: LedgerErrorCode,
    message: string,
    context: LedgerErrorContext = {},
  ) {
    super(message, context);
    this.name = 'LedgerError';
    this.txId = context.txId;
    this.blockNumber = context.blockNumber;
  }
}
