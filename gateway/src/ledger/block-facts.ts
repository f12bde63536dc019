// SPDX-License-Identifier: Apache-2.0
import { isUtf8 } from 'node:buffer';
import {
  decodeBlock,
  decodeIdentity,
  type DecodedTransaction,
  type ValidationCode,
  VerificationError,
} from 'yuanliu-verifier';
import { BATCH_EVENT, BATCH_PERFORM, parseBatch } from 'yuanliu-chaincode/engine/batch';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import type { LedgerBlock } from './port.js';
import { ledgerTimeOf } from './time.js';

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
  /** What a batch asked for, act by act, instead of `call`. */
  readonly batch?: readonly { readonly act: string; readonly id: string; readonly input?: unknown }[];
  /** The event of a batch: JSON. */
  readonly batchEvent?: string;
  /** What a valid transaction left in the contract's namespace, in order. */
  readonly writes: readonly { readonly key: string; readonly value: string }[];
  /** Why what a valid transaction wrote cannot be read; then it is set aside. */
  readonly unreadable?: string;
  /** What is odd about a valid transaction that Fabric's peers took all the same. */
  readonly remark?: string;
}

/**
 * Reads a block. What an invalid transaction carries is anybody's garbage, so of it only the header is read. A valid one
 * is what the channel's peers took: whatever it holds, it does not stop a follower.
 *
 * @throws VerificationError `MALFORMED` when it is no block.
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
  return readable(() => ledgerTimeOf(transaction.timestamp));
}

type Content = Pick<TransactionFacts, 'call' | 'batch' | 'batchEvent' | 'writes' | 'unreadable' | 'remark'>;

/** Another chaincode may have called the contract: what that wrote is the contract's, the arguments are not. */
function contentOf(transaction: DecodedTransaction, chaincode: string): Content {
  const { type, validationCode } = transaction;
  if (type !== 'ENDORSER_TRANSACTION' || validationCode !== 'VALID') return { writes: [] };
  try {
    const writes = transaction
      .writesIn(chaincode)
      .flatMap(({ key, value }) => (value ? [{ key, value: text(value) }] : []));
    if (transaction.chaincode.name !== chaincode) return { writes };
    const [name, id, input] = transaction.args.map((argument) => argument.toString('utf8'));
    const remark = callerDiffers(transaction) ? { remark: 'the contract saw another caller than the creator' } : {};
    if (name === BATCH_PERFORM) return { writes, ...batchOf(transaction, id), ...remark };
    return { writes, call: { transaction: name ?? '', id: id ?? '', input: input ?? '' }, ...remark };
  } catch (error) {
    if (!(error instanceof VerificationError)) throw error;
    return { writes: [], unreadable: error.message };
  }
}

/** The contract took it: whatever cannot be read as a batch did nothing. */
function batchOf({ event }: DecodedTransaction, json = ''): Pick<Content, 'batch' | 'batchEvent'> {
  const acts = actsIn(json);
  const told = event?.name === BATCH_EVENT ? { batchEvent: text(event.payload) } : {};
  return { batch: acts, ...told };
}

function actsIn(json: string): NonNullable<Content['batch']> {
  try {
    return parseBatch(json).acts;
  } catch (error) {
    if (error instanceof ContractError) return [];
    throw error;
  }
}

function text(value: Buffer): string {
  if (!isUtf8(value)) throw new VerificationError('MALFORMED', 'a value that is not text', { step: 'structure' });
  return value.toString('utf8');
}

/** One identity may be written in several ways; it is its organisation and its certificate. */
function callerDiffers({ creatorBytes, callerBytes }: DecodedTransaction): boolean {
  if (creatorBytes.equals(callerBytes)) return false;
  const [creator, caller] = [creatorBytes, callerBytes].map((bytes) => readable(() => decodeIdentity(bytes)));
  return !creator || creator.mspId !== caller?.mspId || creator.certificate !== caller.certificate;
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof VerificationError) return undefined;
    throw error;
  }
}
