// SPDX-License-Identifier: Apache-2.0
import { VerificationError, type VerificationCode } from '../wire/error.js';
import type { ValidationCode } from '../block/validation-code.js';

/**
 * Compares what a block says of a transaction with what the checks found.
 *
 * @param refusal Why the transaction is invalid; undefined if it is valid.
 * @returns What is wrong: the refusal itself for a transaction wrongly marked valid, else `VALIDATION_CODE`. A
 *   transaction that is invalid for another reason than the one marked stays out of the state either way: `isRemark`.
 */
export function compareCode(
  code: ValidationCode,
  refusal: VerificationError | undefined,
): { readonly error: VerificationError; readonly isRemark: boolean } | undefined {
  if (refusal && code === 'VALID') return { error: refusal, isRemark: false };
  if (expectedCodes(refusal).includes(code)) return undefined;
  const reason = refusal ? `the checks refuse it for another reason: ${refusal.message}` : 'nothing is wrong with it';
  const error = new VerificationError('VALIDATION_CODE', `marked ${code}, but ${reason}`, { step: 'replay' });
  return { error, isRemark: refusal !== undefined && code !== 'NOT_VALIDATED' };
}

function expectedCodes(refusal: VerificationError | undefined): readonly ValidationCode[] {
  return refusal === undefined ? ['VALID'] : (codes[refusal.code] ?? []);
}

/** Fabric's words for garbage, by where its parser stumbled over it. */
const garbage: readonly ValidationCode[] = [
  'NIL_ENVELOPE',
  'BAD_PAYLOAD',
  'BAD_COMMON_HEADER',
  'INVALID_ENDORSER_TRANSACTION',
  'UNSUPPORTED_TX_PAYLOAD',
  'UNKNOWN_TX_TYPE',
  'MARSHAL_TX_ERROR',
  'NIL_TXACTION',
  'BAD_HEADER_EXTENSION',
  'BAD_CHANNEL_HEADER',
  'BAD_RESPONSE_PAYLOAD',
  'BAD_RWSET',
  'INVALID_OTHER_REASON',
];

const codes: Readonly<Partial<Record<VerificationCode, readonly ValidationCode[]>>> = {
  MALFORMED: garbage,
  CHANNEL: ['BAD_CREATOR_SIGNATURE', 'TARGET_CHAIN_NOT_FOUND'],
  CREATOR: ['BAD_CREATOR_SIGNATURE'],
  CREATOR_SIGNATURE: ['BAD_CREATOR_SIGNATURE'],
  TRANSACTION_ID: ['BAD_PROPOSAL_TXID'],
  PROPOSAL: ['INVALID_ENDORSER_TRANSACTION'],
  DUPLICATE_TRANSACTION: ['DUPLICATE_TXID'],
  READ_WRITE_SET: ['INVALID_CHAINCODE', 'ILLEGAL_WRITESET', 'BAD_RWSET', 'INVALID_OTHER_REASON'],
  ENDORSEMENT_POLICY: ['ENDORSEMENT_POLICY_FAILURE'],
  MVCC: ['MVCC_READ_CONFLICT'],
  PHANTOM: ['PHANTOM_READ_CONFLICT'],
};
