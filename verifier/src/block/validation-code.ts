// SPDX-License-Identifier: Apache-2.0

/** Fabric's verdicts on a transaction (`peer.TxValidationCode`), by the byte in a block's transaction filter. */
const names = {
  0: 'VALID',
  1: 'NIL_ENVELOPE',
  2: 'BAD_PAYLOAD',
  3: 'BAD_COMMON_HEADER',
  4: 'BAD_CREATOR_SIGNATURE',
  5: 'INVALID_ENDORSER_TRANSACTION',
  6: 'INVALID_CONFIG_TRANSACTION',
  7: 'UNSUPPORTED_TX_PAYLOAD',
  8: 'BAD_PROPOSAL_TXID',
  9: 'DUPLICATE_TXID',
  10: 'ENDORSEMENT_POLICY_FAILURE',
  11: 'MVCC_READ_CONFLICT',
  12: 'PHANTOM_READ_CONFLICT',
  13: 'UNKNOWN_TX_TYPE',
  14: 'TARGET_CHAIN_NOT_FOUND',
  15: 'MARSHAL_TX_ERROR',
  16: 'NIL_TXACTION',
  17: 'EXPIRED_CHAINCODE',
  18: 'CHAINCODE_VERSION_CONFLICT',
  19: 'BAD_HEADER_EXTENSION',
  20: 'BAD_CHANNEL_HEADER',
  21: 'BAD_RESPONSE_PAYLOAD',
  22: 'BAD_RWSET',
  23: 'ILLEGAL_WRITESET',
  24: 'INVALID_WRITESET',
  25: 'INVALID_CHAINCODE',
  254: 'NOT_VALIDATED',
  255: 'INVALID_OTHER_REASON',
} as const;

export type ValidationCode = (typeof names)[keyof typeof names];

const byByte = new Map<number, ValidationCode>(Object.entries(names).map(([byte, name]) => [Number(byte), name]));

/** The name of a filter byte; a byte Fabric does not know, or none at all, is `NOT_VALIDATED`. */
export function validationCode(byte: number | undefined): ValidationCode {
  return (byte === undefined ? undefined : byByte.get(byte)) ?? 'NOT_VALIDATED';
}
