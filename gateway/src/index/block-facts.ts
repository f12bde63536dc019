// SPDX-License-Identifier: Apache-2.0
import { decodeBlock, type DecodedTransaction, type ValidationCode } from 'yuanliu-verifier';
import type { LedgerBlock } from '../ledger/port.js';
import { ledgerTimeOf } from '../ledger/time.js';

/** What the index takes from a block. */
export interface BlockFacts {
  readonly number: number;
  readonly previousHash: string;
  /** Hexadecimal, as all hashes here. */
  readonly headerHash: string;
  readonly transactions: readonly TransactionFacts[];
}

export interface TransactionFacts {
  readonly txId: string;
  readonly type: 'CONFIG' | 'ENDORSER_TRANSACTION' | 'UNKNOWN';
  readonly validationCode: ValidationCode;
  /** RFC 3339 in UTC with milliseconds; absent where it is not readable. */
  readonly time: string | undefined;
  /** The act called: its arguments. Absent unless valid. */
  readonly call?: { readonly transaction: string; readonly id: string; readonly input: string };
  /** What a valid transaction wrote in the contract's namespace, in order. */
  readonly writes: readonly { readonly key: string; readonly value: string }[];
}

/**
 * Reads a block. What an invalid transaction carries is anybody's garbage, so of it only the header is read.
 *
 * @throws VerificationError `MALFORMED` when it is no block, or a valid transaction in it is not well-formed.
 */
export function factsOf({ bytes }: LedgerBlock, chaincode: string): BlockFacts {
  const block = decodeBlock(bytes);
  return {
    number: block.number,
    previousHash: block.previousHash.toString('hex'),
    headerHash: block.headerHash.toString('hex'),
    transactions: block.transactions.map((transaction) => ({
      txId: transaction.txId,
      type: transaction.type,
      validationCode: transaction.validationCode,
      time: timeOf(transaction),
      ...contentOf(transaction, chaincode),
    })),
  };
}

function timeOf(transaction: DecodedTransaction): string | undefined {
  if (transaction.type === 'UNKNOWN') return undefined;
  try {
    return ledgerTimeOf(transaction.timestamp);
  } catch (error) {
    if (transaction.validationCode === 'VALID') throw error;
    return undefined;
  }
}

function contentOf(transaction: DecodedTransaction, chaincode: string): Pick<TransactionFacts, 'call' | 'writes'> {
  const { type, validationCode } = transaction;
  if (type !== 'ENDORSER_TRANSACTION' || validationCode !== 'VALID' || transaction.chaincode.name !== chaincode) {
    return { writes: [] };
  }
  const [name, id, input] = transaction.args.map((argument) => argument.toString('utf8'));
  const writes = transaction
    .writesIn(chaincode)
    .flatMap(({ key, value }) => (value === undefined ? [] : [{ key, value: value.toString('utf8') }]));
  return { writes, call: { transaction: name ?? '', id: id ?? '', input: input ?? '' } };
}
