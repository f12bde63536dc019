// SPDX-License-Identifier: Apache-2.0
import { status } from '@grpc/grpc-js';
import { GatewayError } from '@hyperledger/fabric-gateway';
import { common } from '@hyperledger/fabric-protos';
import { ContractError } from 'yuanliu-chaincode/vocabulary/error';
import type { ValidationCode } from 'yuanliu-verifier';
import { ANSWER_MS } from './deadlines.js';
import { LedgerError, type LedgerErrorCode, type LedgerErrorContext } from '../error.js';
import { meaningOf } from './said.js';

/** What one endorser or orderer said. */
export interface Said {
  readonly mspId: string;
  readonly address: string;
  readonly message: string;
}

/** A node's refusal as a gRPC status, with what the nodes behind it said: as the Gateway service's errors are. */
export class NodeError extends Error {
  constructor(
    /** As in gRPC. */
    readonly code: number,
    message: string,
    readonly details: readonly Said[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'NodeError';
  }
}

/** A peer's refusal to give blocks, or more of them, by the `common.Status` that its stream ended with: it says no more. */
export function endedBlocks(code: number): NodeError {
  const name = Object.entries(common.Status).find(([, value]) => value === code)?.[0];
  return new NodeError(status.ABORTED, `the stream of blocks ended: status=${name ?? code}`);
}

/** By gRPC status, where no node said more. */
const STATUS: ReadonlyMap<number, readonly [LedgerErrorCode, string]> = new Map([
  [status.PERMISSION_DENIED, ['ACCESS_DENIED', 'the peer does not let this identity do that']],
  [status.UNAUTHENTICATED, ['ACCESS_DENIED', 'the peer does not know this identity']],
  [
    status.UNIMPLEMENTED,
    [
      'UNAVAILABLE',
      'the peer has no Gateway service: set YUANLIU_LEDGER=fabric-sdk, which does without, or enable it there (peer.gateway.enabled)',
    ],
  ],
  [status.DEADLINE_EXCEEDED, ['UNAVAILABLE', 'no answer in time: `npm run network -- status` says what runs']],
  [status.UNAVAILABLE, ['UNAVAILABLE', 'no peer can be reached: `npm run network -- status` says what runs']],
]);

/** By the peers' verdict on a transaction that is in a block; any other is `INVALIDATED`. */
const VERDICT: Partial<Record<ValidationCode, LedgerErrorCode>> = {
  MVCC_READ_CONFLICT: 'MVCC_READ_CONFLICT',
  PHANTOM_READ_CONFLICT: 'PHANTOM_READ_CONFLICT',
  DUPLICATE_TXID: 'DUPLICATE_TXID',
  ENDORSEMENT_POLICY_FAILURE: 'ENDORSEMENT_POLICY_FAILURE',
};

/** What a node's error is to callers of the port: the contract's refusal, or a {@link LedgerError}. */
export function toPortError(error: unknown, context: LedgerErrorContext = {}): Error {
  if (error instanceof LedgerError || error instanceof ContractError) return error;
  if (!isNodeError(error)) {
    const { code, remedy } = meaningOf([String(error)]) ?? UNEXPECTED;
    return new LedgerError(code, `${remedy}: ${String(error)}`, { cause: error, ...context });
  }
  const messages = messagesOf(error);
  const [refused] = messages.flatMap((message) => ContractError.parse(message) ?? []);
  if (refused) return refused;
  const meaning = meaningOf(messages);
  const [code, remedy] = meaning
    ? [meaning.code, meaning.remedy]
    : (STATUS.get(error.code) ?? (['UNAVAILABLE', 'the peer could not do it'] as const));
  return new LedgerError(code, `${remedy}: ${told(error)}`, { cause: error, ...context });
}

const UNEXPECTED = { code: 'UNAVAILABLE', remedy: 'the network did not answer as it should' } as const;

/** What a transaction that peers marked invalid is to who submitted it. */
export function invalidated(code: ValidationCode, txId: string, blockNumber: number): LedgerError {
  const message = `${txId} is in block ${blockNumber} as ${code}`;
  return new LedgerError(VERDICT[code] ?? 'INVALIDATED', message, { txId, blockNumber });
}

/** Whether the peer was not there to ask: another may be. */
export function isUnreachable(error: unknown): boolean {
  return isNodeError(error) && error.details.length === 0 && UNREACHABLE.has(error.code) && !isPassing(error);
}

const UNREACHABLE: ReadonlySet<number> = new Set([status.UNAVAILABLE, status.DEADLINE_EXCEEDED]);

/**
 * Whether a peer, of `mspId`, did not finish in time: it gave no answer, so that it hangs or is slow; or its Gateway
 * service gave up waiting for the peer itself.
 */
export function isDeadline(error: unknown, mspId: string): boolean {
  if (!isNodeError(error)) return false;
  if (error.details.length === 0) return isUnreachable(error) && error.code === DEADLINE_EXCEEDED;
  return error.details.every((detail) => detail.mspId === mspId && detail.message.includes('code = DeadlineExceeded'));
}

const DEADLINE_EXCEEDED: number = status.DEADLINE_EXCEEDED;

/** What a peer that is alive did not finish in time. */
export function tooSlow(cause: unknown): LedgerError {
  const message = `the peer is alive and did not finish this in ${ANSWER_MS} ms, and nothing was ordered`;
  return new LedgerError('DEADLINE', message, { cause });
}

/** Whether a peer said, by name, that it cannot serve for now: another may, or the same in a few seconds. */
export function isPassing(error: unknown): boolean {
  return isNodeError(error) && !isRefusal(error) && meaningOf(messagesOf(error))?.passing === true;
}

/** Whether a peer had no orderer to send a transaction to, so that nothing was sent. */
export function sentNothing(error: unknown): boolean {
  return isNodeError(error) && error.message.includes('no orderer nodes available');
}

/**
 * Whether peers came to another answer than the one asked first, of `mspId`: they do for a moment while some have
 * committed a block that others have not.
 */
export function isDisagreement(error: unknown, mspId: string): boolean {
  if (!isNodeError(error) || error.code !== ABORTED || error.details.length === 0) return false;
  return !isPassing(error) && error.details.every((detail) => detail.mspId !== mspId);
}

const ABORTED: number = status.ABORTED;

/** The peers that came to another answer, by name. */
export function disagreement(error: unknown, first: string): LedgerError {
  const named = isNodeError(error) ? told(error) : String(error);
  const next = 'If it goes on, `npm run network -- doctor` compares their chaincode; compare their heights too';
  const message = `${first} endorsed, others did not: ${named}. ${next}`;
  return new LedgerError('DISAGREEMENT', message, { cause: error });
}

/** Whether a refusal to order leaves open what became of the transaction. */
export function leavesOpen(error: unknown): boolean {
  return !isNodeError(error) || (OPEN.has(error.code) && !isForbidden(error));
}

/**
 * Whether each orderer that a BFT network's peer tells of says that the client may not write. So many have to say so that
 * the others cannot order it without them.
 */
function isForbidden({ details }: GatewayError | NodeError): boolean {
  return details.length > 0 && details.every(({ message }) => message.includes('status=FORBIDDEN'));
}

const OPEN: ReadonlySet<number> = new Set([
  status.CANCELLED,
  status.UNKNOWN,
  status.DEADLINE_EXCEEDED,
  status.UNAVAILABLE,
  status.INTERNAL,
]);

function isNodeError(error: unknown): error is GatewayError | NodeError {
  return error instanceof GatewayError || error instanceof NodeError;
}

/** Whether the contract refused: what it says is for its caller, whatever words of Fabric's it holds. */
function isRefusal(error: GatewayError | NodeError): boolean {
  return messagesOf(error).some((message) => ContractError.parse(message) !== undefined);
}

function messagesOf({ details, message }: GatewayError | NodeError): string[] {
  return [...details.map((detail) => detail.message), message];
}

function told({ details, message }: GatewayError | NodeError): string {
  if (details.length === 0) return message;
  return details.map(({ mspId, address, message: said }) => `${mspId} (${address}): ${said}`).join('; ');
}
