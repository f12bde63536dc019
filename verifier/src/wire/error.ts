// SPDX-License-Identifier: Apache-2.0

/** Why something is refused. Closed: callers may switch over it. */
export type VerificationCode =
  | 'MALFORMED' // bytes that are not what they should be
  | 'UNTRUSTED_ROOTS' // the channel's root certificates are not the ones given
  | 'UNTRUSTED_GENESIS' // not the genesis block that was asked for, or one whose policies are too weak
  | 'KNOWN_BLOCK' // another block, or none, where the caller knows one
  | 'MISSING_BLOCK' // a gap, or a chain that does not begin with its genesis block
  | 'PREVIOUS_HASH'
  | 'DATA_HASH'
  | 'BLOCK_SIGNATURE'
  | 'CONFIG_UPDATE'
  | 'CHANNEL'
  | 'CREATOR'
  | 'CREATOR_SIGNATURE'
  | 'TRANSACTION_ID'
  | 'PROPOSAL'
  | 'DUPLICATE_TRANSACTION'
  | 'READ_WRITE_SET'
  | 'ENDORSEMENT_POLICY'
  | 'MVCC'
  | 'PHANTOM'
  | 'VALIDATION_CODE' // the block says invalid, the checks say otherwise (or for another reason)
  | 'COMMIT_HASH'
  | 'UNSUPPORTED'; // nothing is known to be wrong, but this verifier cannot tell

/** The steps of a verdict, in the order they are taken. */
export const steps = [
  'structure',
  'trust',
  'header-chain',
  'data-hash',
  'block-signature',
  'configuration',
  'creator',
  'transaction-id',
  'proposal',
  'endorsement',
  'replay',
  'commit-hash',
] as const;

export type Step = (typeof steps)[number];

/** Where in the chain something was found. `transaction` is the place in the block, from 0. */
export interface Place {
  readonly step: Step;
  readonly block?: number;
  readonly transaction?: number;
}

/** Everything this package throws, and everything a verdict lists. */
export class VerificationError extends Error implements Place {
  override readonly name = 'VerificationError';
  readonly step: Step;
  readonly block?: number;
  readonly transaction?: number;

  constructor(
    readonly code: VerificationCode,
    message: string,
    place: Place,
  ) {
    super(message);
    this.step = place.step;
    if (place.block !== undefined) this.block = place.block;
    if (place.transaction !== undefined) this.transaction = place.transaction;
  }

  /** The same finding, with the place filled in where it was not yet known. */
  at(place: Partial<Place>): VerificationError {
    const here = { step: this.step, ...(this.block === undefined ? {} : { block: this.block }) };
    return new VerificationError(this.code, this.message, { ...here, ...place });
  }

  toJSON(): object {
    const { code, step, block, transaction, message } = this;
    return { code, step, block, transaction, message };
  }
}

/** What a check refuses; undefined if nothing. Any other error goes through. */
export function refused(check: () => void): VerificationError | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof VerificationError) return error;
    throw error;
  }
}

export function malformed(message: string): VerificationError {
  return new VerificationError('MALFORMED', message, { step: 'structure' });
}
