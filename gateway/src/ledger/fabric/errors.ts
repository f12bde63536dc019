// SPDX-License-Identifier: Apache-2.0
import { status } from '@grpc/grpc-js';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { ContractError } from 'yuanliu-chaincode/error';
import type { ValidationCode } from 'yuanliu-verifier';
import { LedgerError, type LedgerErrorCode, type LedgerErrorContext } from '../error.js';

/** How Fabric says it, in the message of a node: it has no codes for these. The first that fits counts. */
const SAID: readonly (readonly [RegExp, LedgerErrorCode, string])[] = [
  [/chaincode response \d+, /, 'CONTRACT_FAILURE', 'the contract failed'],
  [/incorrect timestamp|timewindow/, 'TIME_WINDOW', "the proposal's time is too far from the peer's: set the clock"],
  [
    /access denied|identity expired|creator is malformed|creator's signature|FORBIDDEN|not authorized/i,
    'ACCESS_DENIED',
    'the peer does not accept this certificate or signature: enrol again, or ask its organisation',
  ],
  [/duplicate transaction found/, 'DUPLICATE_TXID', 'this transaction is on the ledger already'],
  [/payloads do not match/i, 'ENDORSEMENT_POLICY_FAILURE', 'endorsers came to different results'],
  [/endorsement policy|satisf/i, 'ENDORSEMENT_POLICY_FAILURE', 'too few endorsed'],
];

/** The same by gRPC status, where no node said more. */
const STATUS: ReadonlyMap<number, readonly [LedgerErrorCode, string]> = new Map([
  [status.PERMISSION_DENIED, ['ACCESS_DENIED', 'the peer does not let this identity do that']],
  [status.UNAUTHENTICATED, ['ACCESS_DENIED', 'the peer does not know this identity']],
  [status.UNIMPLEMENTED, ['UNAVAILABLE', 'this peer has no Gateway service: name another peer, or enable it']],
  [status.DEADLINE_EXCEEDED, ['UNAVAILABLE', 'no answer in time']],
  [status.UNAVAILABLE, ['UNAVAILABLE', 'no peer can be reached: `npm run network -- status` says what runs']],
]);

/** By the peers' verdict on a transaction that is in a block; any other is `INVALIDATED`. */
const VERDICT: Partial<Record<ValidationCode, LedgerErrorCode>> = {
  MVCC_READ_CONFLICT: 'MVCC_READ_CONFLICT',
  PHANTOM_READ_CONFLICT: 'PHANTOM_READ_CONFLICT',
  DUPLICATE_TXID: 'DUPLICATE_TXID',
  ENDORSEMENT_POLICY_FAILURE: 'ENDORSEMENT_POLICY_FAILURE',
};

/** What an error of the SDK is to callers of the port: the contract's refusal, or a {@link LedgerError}. */
export function toPortError(error: unknown, context: LedgerErrorContext = {}): Error {
  if (error instanceof LedgerError || error instanceof ContractError) return error;
  if (!(error instanceof GatewayError)) {
    return new LedgerError('UNAVAILABLE', `the network did not answer as it should: ${String(error)}`, {
      cause: error,
      ...context,
    });
  }
  const messages = [...error.details.map(({ message }) => message), error.message];
  const [refused] = messages.flatMap((message) => ContractError.parse(message) ?? []);
  if (refused) return refused;
  const said = messages.join('\n');
  const [code, meaning] = (SAID.find(([pattern]) => pattern.test(said))?.slice(1) as
    [LedgerErrorCode, string] | undefined) ??
    STATUS.get(error.code) ?? ['UNAVAILABLE', 'the peer could not do it'];
  return new LedgerError(code, `${meaning}: ${told(error)}`, { cause: error, ...context });
}

/** What a transaction that peers marked invalid is to who submitted it. */
export function invalidated(code: ValidationCode, txId: string, blockNumber: number): LedgerError {
  const message = `${txId} is in block ${blockNumber} as ${code}`;
  return new LedgerError(VERDICT[code] ?? 'INVALIDATED', message, { txId, blockNumber });
}

/** Whether the peer was not there to ask: another may be. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof GatewayError && error.details.length === 0 && UNREACHABLE.has(error.code);
}

const UNREACHABLE: ReadonlySet<number> = new Set([status.UNAVAILABLE, status.DEADLINE_EXCEEDED]);

/**
 * Whether peers came to another answer than the one asked first, of `mspId`: they do for a moment while some have
 * committed a block that others have not.
 */
export function isDisagreement(error: unknown, mspId: string): boolean {
  if (!(error instanceof GatewayError) || error.code !== ABORTED || error.details.length === 0) return false;
  return error.details.every((detail) => detail.mspId !== mspId);
}

const ABORTED: number = status.ABORTED;

/** The peers that came to another answer, by name. */
export function disagreement(error: unknown, first: string): LedgerError {
  const others = error instanceof GatewayError ? error.details : [];
  const named = others.map(({ mspId, address, message }) => `${mspId} (${address}): ${message}`).join('; ');
  const message = `${first} endorsed, others did not: ${named}. If it goes on, compare their ledgers and chaincode`;
  return new LedgerError('ENDORSEMENT_POLICY_FAILURE', message, { cause: error });
}

/** Whether a refusal to order leaves open what became of the transaction. */
export function leavesOpen(error: unknown): boolean {
  return !(error instanceof GatewayError) || OPEN.has(error.code);
}

const OPEN: ReadonlySet<number> = new Set([
  status.CANCELLED,
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.UNAVAILABLE,
  status.INTERNAL,
]);

function told({ details, message }: GatewayError): string {
  if (details.length === 0) return message;
  return details.map(({ mspId, address, message: said }) => `${mspId} (${address}): ${said}`).join('; ');
}
